#include "bridge/notifiers/escaping.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "common/text.hpp"

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

/// How many bytes of `text`, which is UTF-8, are one character that shows nothing; else 0. The joiners
/// U+200C and U+200D stay: scripts and signs are written with them.
std::size_t invisible_length(std::string_view text) {
  struct Range {
    std::string_view lead;
    unsigned char first;
    unsigned char last;
  };
  static constexpr Range kInvisible[] = {
      {"\xC2", 0x80, 0x9F},      // C1 controls
      {"\xD8", 0x9C, 0x9C},      // Arabic letter mark
      {"\xE2\x80", 0x8B, 0x8B},  // space of no width
      {"\xE2\x80", 0x8E, 0x8F},  // marks of direction
      {"\xE2\x80", 0xA8, 0xAE},  // line and paragraph, embedding and override
      {"\xE2\x81", 0xA0, 0xAF},  // word joiner, isolates
      {"\xEF\xBB", 0xBF, 0xBF},  // byte order mark
      {"\xEF\xBF", 0xB9, 0xBB},  // annotations
      {"\xF3\xA0\x80", 0x80, 0xBF}, {"\xF3\xA0\x81", 0x80, 0xBF},  // tags
  };
  for (const auto& [lead, first, last] : kInvisible) {
    if (!text.starts_with(lead) || text.size() == lead.size()) continue;
    const auto next = static_cast<unsigned char>(text[lead.size()]);
    if (next >= first && next <= last) return lead.size() + 1;
  }
  return 0;
}

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

}  // namespace

std::string visible(std::string_view text) {
  const std::string repaired = repair_utf8(text);
  const std::string line = one_line(repaired, repaired.size());
  std::string shown;
  for (std::string_view rest = line; !rest.empty();) {
    const std::size_t length = invisible_length(rest);
    if (length == 0) shown += rest.front();
    rest.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return shown;
}

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
  // Within a word, as in the names of channels, an underscore is no markup.
  std::string escaped;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool within = i > 0 && i + 1 < text.size() && is_letter_or_digit(text[i - 1]) &&
                        is_letter_or_digit(text[i + 1]);
    if (text[i] == '_' && !within) {
      escaped += "＿";
    } else {
      escaped += text[i];
    }
  }
  return replaced(escaped, kLookalikes);
}

}  // namespace coldwatch
