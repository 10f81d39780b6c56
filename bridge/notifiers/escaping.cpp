#include "bridge/notifiers/escaping.hpp"

#include <span>
#include <utility>

namespace coldwatch {
namespace {

using Replacement = std::pair<char, std::string_view>;

std::string replaced(std::string_view text, std::span<const Replacement> replacements) {
  std::string escaped;
  escaped.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    std::string_view put{&c, 1};
    for (const auto& [from, to] : replacements) {
      if (c == from) put = to;
    }
    escaped += put;
  }
  return escaped;
}

}  // namespace

std::string escape_entities(std::string_view text) {
  static constexpr Replacement kEntities[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}};
  return replaced(text, kEntities);
}

std::string escape_lark(std::string_view text) {
  static constexpr Replacement kEntities[] = {
      {'&', "&amp;"},  {'<', "&#60;"}, {'>', "&#62;"}, {'*', "&#42;"}, {'_', "&#95;"},
      {'~', "&#126;"}, {'`', "&#96;"}, {'[', "&#91;"}, {']', "&#93;"}, {'#', "&#35;"}};
  return replaced(text, kEntities);
}

std::string escape_html(std::string_view text) {
  static constexpr Replacement kEntities[] = {
      {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
  return replaced(text, kEntities);
}

std::string escape_markdown(std::string_view text) {
  // After "@" stands U+200B, which has no width: "@everyone" is no mention any more.
  static constexpr Replacement kMarkup[] = {
      {'\\', "\\\\"}, {'*', "\\*"}, {'_', "\\_"}, {'~', "\\~"}, {'`', "\\`"}, {'|', "\\|"},
      {'>', "\\>"},   {'[', "\\["}, {']', "\\]"}, {'#', "\\#"}, {'<', "\\<"}, {'@', "@\u200B"}};
  return replaced(text, kMarkup);
}

std::string escape_lookalike(std::string_view text) {
  static constexpr Replacement kLookalikes[] = {{'<', "＜"}, {'>', "＞"}, {'*', "＊"}, {'`', "｀"},
                                                {'[', "［"}, {']', "］"}, {'#', "＃"}, {'@', "＠"},
                                                {'~', "～"}, {'!', "！"}};
  return replaced(text, kLookalikes);
}

}  // namespace coldwatch
