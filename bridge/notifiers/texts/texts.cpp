#include "bridge/notifiers/texts/texts.hpp"

#include <kainjow/mustache.hpp>

namespace coldwatch {
namespace {

kainjow::mustache::mustache compile(std::string_view text) {
  kainjow::mustache::mustache compiled{std::string{text}};
  compiled.set_custom_escape([](const std::string& word) { return word; });
  return compiled;
}

std::span<const TextRow> rows_of(std::string_view language) {
  return language == "zh" ? chinese_texts() : english_texts();
}

}  // namespace

std::string fill_template(std::string_view text, const Words& words) {
  kainjow::mustache::data data;
  for (const auto& [name, word] : words) {
    if (!word.empty()) data.set(name, word);
  }
  return compile(text).render(data);
}

std::string template_error(std::string_view text) {
  if (text.size() > kLongestTemplateBytes) {
    return "found " + std::to_string(text.size()) + " bytes, expected at most " +
           std::to_string(kLongestTemplateBytes);
  }
  return compile(text).error_message();
}

Texts::Texts(std::string_view language) {
  for (const TextRow& row : rows_of(language)) templates_.emplace(row.name, row.text);
}

bool Texts::knows(std::string_view language) { return language == "en" || language == "zh"; }

std::vector<std::string> Texts::names() const {
  std::vector<std::string> names;
  for (const auto& [name, text] : templates_) names.push_back(name);
  return names;
}

void Texts::replace(const std::string& name, std::string text) {
  templates_.at(name) = std::move(text);
}

std::string Texts::operator()(std::string_view name, const Words& words) const {
  return fill_template(templates_.find(name)->second, words);
}

}  // namespace coldwatch
