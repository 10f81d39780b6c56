#include "agent/rules/library.hpp"

#include <algorithm>
#include <filesystem>

#include "agent/rules/rule_settings.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

std::filesystem::path path_of(const std::string& utf8) {
  return std::filesystem::path{std::u8string{utf8.begin(), utf8.end()}};
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

/// A name in the library stands for one channel or for a list of alternatives.
std::map<std::string, ChannelNames> read_names(SettingsReader& file) {
  std::map<std::string, ChannelNames> names;
  const json* found = file.raw("names");
  if (found == nullptr) return names;
  SettingsReader reader = file.section("names");
  for (const auto& [name, value] : found->items()) names[name] = reader.texts(name);
  return names;
}

std::string id_of(const json& rule) {
  return rule.is_object() && rule.contains("id") && rule["id"].is_string()
             ? rule["id"].get<std::string>()
             : std::string{};
}

bool enabled(const json& rule) {
  return !rule.is_object() || !rule.contains("enabled") || rule["enabled"] != false;
}

}  // namespace

std::vector<std::string> library_names(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator{path_of(folder), error}) {
    if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  return names;
}

Library read_library(const std::string& folder, const std::string& name, const std::string& path,
                     Mistakes& mistakes) {
  Library library;
  const auto known = library_names(folder);
  if (std::ranges::find(known, name) == known.end()) {
    mistakes.push_back({path, "found \"" + name + "\", expected one of the libraries in " + folder +
                                  (known.empty() ? ", which holds none" : ": " + listed(known))});
    return library;
  }
  const std::string file = folder + "/" + name + ".json";
  Mistakes own;
  const json value = load_settings(file, own);
  {
    SettingsReader reader{value, "", own};
    library.title = reader.required_text("title");
    library.names = read_names(reader);
    const json* rules = reader.raw("rules");
    if (rules != nullptr && rules->is_array()) {
      library.rules = rules->get<std::vector<json>>();
    } else {
      reader.mistake("rules", "is missing, expected a list of rules");
    }
  }
  for (const Mistake& mistake : own) mistakes.push_back({file + ": " + mistake.path, mistake.text});
  return library;
}

std::vector<RuleSource> merge_rules(const Library& library, const json& rules,
                                    const std::string& path, Mistakes& mistakes) {
  std::vector<RuleSource> merged;
  for (const json& rule : library.rules) {
    merged.push_back({rule, "rule_library: " + id_of(rule), true});
  }
  const auto of_library = merged.size();
  std::map<std::string, std::string> path_of_id;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const std::string own_path = path + "[" + std::to_string(i) + "]";
    const std::string id = id_of(rules[i]);
    const auto [known, is_new] = path_of_id.emplace(id, own_path);
    if (!is_new && !id.empty()) {
      mistakes.push_back(
          {own_path + ".id", "found \"" + id + "\", which " + known->second + " has already"});
      // It is looked at all the same, so that its other mistakes are named as well.
      merged.push_back({rules[i], own_path, false});
      continue;
    }
    const auto end = merged.begin() + static_cast<std::ptrdiff_t>(of_library);
    const auto same = std::find_if(merged.begin(), end, [&id](const RuleSource& source) {
      return !id.empty() && id_of(source.value) == id;
    });
    if (same == end) {
      merged.push_back({rules[i], own_path, false});
    } else {
      same->value.merge_patch(rules[i]);
      same->path = own_path;
      same->from_library = false;
    }
  }
  std::erase_if(merged, [](const RuleSource& source) { return !enabled(source.value); });
  return merged;
}

}  // namespace coldwatch
