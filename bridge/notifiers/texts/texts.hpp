// The words of messages: one file for each language, mustache templates by name. A user's own
// templates replace single ones.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coldwatch {

struct TextRow {
  std::string_view name;
  std::string_view text;
};
std::span<const TextRow> english_texts();
std::span<const TextRow> chinese_texts();

/// The words for {{name}} in a template; a name without a word is left out by
/// {{#name}}...{{/name}}.
using Words = std::vector<std::pair<std::string, std::string>>;

/// `text` as a mustache template, nothing escaped: what is written for a service is escaped there.
std::string fill_template(std::string_view text, const Words& words);

/// A sentence about what is wrong with a template; "" where nothing is.
std::string template_error(std::string_view text);

inline constexpr std::size_t kLongestTemplateBytes = 4096;

class Texts {
 public:
  Texts() : Texts("en") {}
  /// `language` is "en" or "zh"; anything else gives English.
  explicit Texts(std::string_view language);

  static bool knows(std::string_view language);
  /// The names of all texts.
  std::vector<std::string> names() const;
  bool has(std::string_view name) const { return templates_.contains(name); }
  /// Puts the user's `text` in the place of `name`, which must be one of names().
  void replace(const std::string& name, std::string text);

  /// The text `name`, which must be one of names(), with its words filled in.
  std::string operator()(std::string_view name, const Words& words = {}) const;

 private:
  std::map<std::string, std::string, std::less<>> templates_;
};

}  // namespace coldwatch
