#include "common/settings.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "common/files.hpp"
#include "common/json.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

constexpr std::size_t kLargestConfigBytes = 4 * 1024 * 1024;
constexpr std::size_t kLongestSecretBytes = 16 * 1024;

const json& empty_object() {
  static const json empty = json::object();
  return empty;
}

std::string show(const json& found) {
  const std::string text = found.dump(-1, ' ', false, json::error_handler_t::replace);
  constexpr std::size_t kShown = 60;
  return text.size() <= kShown ? text : std::string{utf8_prefix(text, kShown)} + "...";
}

std::string range_text(double least, double most) {
  return "a number from " + number_words(least, 12) + " to " + number_words(most, 12);
}

/// nlohmann keeps the last of two equal keys without a word; a person who wrote two limits must
/// know.
class RepeatedKeys {
 public:
  explicit RepeatedKeys(Mistakes& mistakes) : mistakes_(mistakes) {}

  bool operator()(json::parse_event_t event, const json& parsed) {
    if (event == json::parse_event_t::object_start) {
      keys_.emplace_back();
    } else if (event == json::parse_event_t::object_end) {
      keys_.pop_back();
    } else if (event == json::parse_event_t::key) {
      const auto key = parsed.get<std::string>();
      if (!keys_.back().insert(key).second) {
        mistakes_.push_back({key, "stands twice in the same object, expected once"});
      }
    }
    return true;
  }

 private:
  Mistakes& mistakes_;
  std::vector<std::set<std::string>> keys_;
};

std::string place_of(std::string_view text, std::size_t byte) {
  const auto before = text.substr(0, std::min(byte == 0 ? 0 : byte - 1, text.size()));
  const auto line = std::ranges::count(before, '\n') + 1;
  const auto line_start = before.rfind('\n') == before.npos ? 0 : before.rfind('\n') + 1;
  return "line " + std::to_string(line) + ", column " +
         std::to_string(before.size() - line_start + 1);
}

}  // namespace

std::string describe(const Mistakes& mistakes, std::string_view file) {
  std::string text;
  for (const Mistake& mistake : mistakes) {
    text += std::string{file} + ": " + (mistake.path.empty() ? "" : mistake.path + ": ") +
            mistake.text + "\n";
  }
  return text;
}

json parse_settings(std::string_view text, Mistakes& mistakes) {
  try {
    RepeatedKeys repeated{mistakes};
    const auto callback = [&repeated](int /*depth*/, json::parse_event_t event, json& parsed) {
      return repeated(event, parsed);
    };
    json parsed = json::parse(text, callback, true, true);
    if (parsed.is_object()) return parsed;
    mistakes.push_back({"", "found " + show(parsed) + ", expected an object { ... }"});
  } catch (const json::parse_error& error) {
    const std::string_view what = error.what();
    const auto detail = what.rfind("syntax error");
    mistakes.push_back({"", place_of(text, error.byte) + ": " +
                                std::string{detail == what.npos ? what : what.substr(detail)}});
  } catch (const json::exception& error) {
    mistakes.push_back({"", error.what()});
  }
  return json::object();
}

json load_settings(const std::string& file, Mistakes& mistakes) {
  std::string error;
  const auto text = read_file(file, kLargestConfigBytes, error);
  if (text) return parse_settings(*text, mistakes);
  mistakes.push_back({"", error});
  return json::object();
}

SettingsReader::SettingsReader(const json& value, std::string path, Mistakes& mistakes)
    : value_(&value), path_(std::move(path)), mistakes_(&mistakes) {
  if (value.is_object()) return;
  mistakes.push_back({path_, "found " + show(value) + ", expected an object { ... }"});
  value_ = &empty_object();
}

SettingsReader::SettingsReader(SettingsReader&& other) noexcept
    : value_(other.value_),
      path_(std::move(other.path_)),
      mistakes_(std::exchange(other.mistakes_, nullptr)),
      asked_(std::move(other.asked_)) {}

SettingsReader::~SettingsReader() {
  if (mistakes_ == nullptr) return;
  const std::vector<std::string> known{asked_.begin(), asked_.end()};
  for (const auto& [key, value] : value_->items()) {
    if (asked_.contains(key)) continue;
    const std::string hint = nearest(key, known);
    mistakes_->push_back({path_of(key), hint.empty()
                                            ? "unknown key"
                                            : "unknown key, did you mean \"" + hint + "\"?"});
  }
}

std::string SettingsReader::path_of(std::string_view key) const {
  return path_.empty() ? std::string{key} : path_ + "." + std::string{key};
}

void SettingsReader::mistake(std::string_view key, std::string text) {
  mistakes_->push_back({key.empty() ? path_ : path_of(key), std::move(text)});
}

void SettingsReader::wrong(std::string_view key, const json& found, std::string_view expected) {
  mistake(key, "found " + show(found) + ", expected " + std::string{expected});
}

const json* SettingsReader::find(std::string_view key) {
  asked_.emplace(key);
  const auto found = value_->find(std::string{key});
  return found == value_->end() ? nullptr : &*found;
}

const json* SettingsReader::raw(std::string_view key) { return find(key); }

bool SettingsReader::has(std::string_view key) const { return value_->contains(std::string{key}); }

std::string SettingsReader::text(std::string_view key, std::string fallback) {
  const json* found = find(key);
  if (found == nullptr) return fallback;
  if (found->is_string()) return found->get<std::string>();
  wrong(key, *found, "a text in quotes");
  return fallback;
}

std::string SettingsReader::required_text(std::string_view key) {
  const bool present = find(key) != nullptr;
  std::string value = text(key);
  if (!present || (value.empty() && value_->at(std::string{key}).is_string())) {
    mistake(key,
            present ? "found an empty text, expected a value" : "is missing and has no default");
  }
  return value;
}

double SettingsReader::number(std::string_view key, double fallback, double least, double most) {
  const json* found = find(key);
  if (found == nullptr) return fallback;
  if (found->is_number()) {
    const double value = found->get<double>();
    if (value >= least && value <= most) return value;
  }
  wrong(key, *found, range_text(least, most));
  return fallback;
}

std::optional<double> SettingsReader::optional_number(std::string_view key) {
  const json* found = find(key);
  if (found == nullptr) return std::nullopt;
  if (found->is_number()) return found->get<double>();
  wrong(key, *found, "a number");
  return std::nullopt;
}

long long SettingsReader::integer(std::string_view key, long long fallback, long long least,
                                  long long most) {
  const json* found = find(key);
  if (found == nullptr) return fallback;
  if (found->is_number_integer()) {
    const auto value = found->get<long long>();
    if (value >= least && value <= most) return value;
  }
  wrong(key, *found,
        "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return fallback;
}

bool SettingsReader::flag(std::string_view key, bool fallback) {
  const json* found = find(key);
  if (found == nullptr) return fallback;
  if (found->is_boolean()) return found->get<bool>();
  wrong(key, *found, "true or false");
  return fallback;
}

Milliseconds SettingsReader::duration(std::string_view key, Milliseconds fallback,
                                      Milliseconds least, Milliseconds most) {
  const json* found = find(key);
  if (found == nullptr) return fallback;
  const auto value =
      found->is_string() ? parse_duration(found->get_ref<const std::string&>()) : std::nullopt;
  if (value && *value >= least && *value <= most) return *value;
  wrong(key, *found,
        "a duration from \"" + duration_text(least) + "\" to \"" + duration_text(most) +
            "\", such as \"90s\", \"5m\", \"2h\" or \"7d\"");
  return fallback;
}

std::vector<std::string> SettingsReader::texts(std::string_view key,
                                               std::vector<std::string> fallback) {
  const json* found = find(key);
  if (found == nullptr) return fallback;
  if (found->is_array() &&
      std::ranges::all_of(*found, [](const json& one) { return one.is_string(); })) {
    return found->get<std::vector<std::string>>();
  }
  wrong(key, *found, "a list of texts [\"...\", \"...\"]");
  return fallback;
}

std::map<std::string, std::string> SettingsReader::text_map(std::string_view key) {
  const json* found = find(key);
  if (found == nullptr) return {};
  if (found->is_object() &&
      std::ranges::all_of(*found, [](const json& one) { return one.is_string(); })) {
    return found->get<std::map<std::string, std::string>>();
  }
  wrong(key, *found, "an object of texts {\"name\": \"text\"}");
  return {};
}

std::size_t SettingsReader::choice(std::string_view key, std::span<const std::string_view> words,
                                   std::size_t fallback) {
  const json* found = find(key);
  if (found == nullptr) return fallback;
  std::string expected;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (found->is_string() && found->get_ref<const std::string&>() == words[i]) return i;
    expected += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ");
    expected += "\"" + std::string{words[i]} + "\"";
  }
  wrong(key, *found, expected);
  return fallback;
}

SettingsReader SettingsReader::section(std::string_view key) {
  const json* found = find(key);
  return {found == nullptr ? empty_object() : *found, path_of(key), *mistakes_};
}

std::vector<SettingsReader> SettingsReader::sections(std::string_view key) {
  std::vector<SettingsReader> readers;
  const json* found = find(key);
  if (found == nullptr) return readers;
  if (!found->is_array()) {
    wrong(key, *found, "a list of objects [{ ... }, { ... }]");
    return readers;
  }
  readers.reserve(found->size());
  for (std::size_t i = 0; i < found->size(); ++i) {
    readers.emplace_back((*found)[i], path_of(key) + "[" + std::to_string(i) + "]", *mistakes_);
  }
  return readers;
}

std::vector<std::pair<std::string, SettingsReader>> SettingsReader::named_sections(
    std::string_view key) {
  std::vector<std::pair<std::string, SettingsReader>> readers;
  const json* found = find(key);
  if (found == nullptr) return readers;
  if (!found->is_object()) {
    wrong(key, *found, "an object of objects {\"name\": { ... }}");
    return readers;
  }
  readers.reserve(found->size());
  for (const auto& [name, value] : found->items()) {
    readers.emplace_back(name, SettingsReader{value, path_of(key) + "." + name, *mistakes_});
  }
  return readers;
}

std::string read_secret(SettingsReader& reader, std::string_view key, bool secrets_must_exist) {
  const std::string file_key = std::string{key} + "_file";
  const std::string env_key = std::string{key} + "_env";
  if (reader.raw(key) != nullptr) {
    reader.mistake(
        key, "a secret does not stand in a config; put it into a file and name that in \"" +
                 file_key + "\", or into an environment variable named in \"" + env_key + "\"");
  }
  const std::string file = reader.text(file_key);
  const std::string variable = reader.text(env_key);
  if (!file.empty() && !variable.empty()) {
    reader.mistake(env_key, "stands beside \"" + file_key + "\", expected only one of them");
  }
  if (!secrets_must_exist) return {};
  if (!file.empty()) {
    std::string error;
    const auto text = read_file(file, kLongestSecretBytes, error);
    if (!text) {
      reader.mistake(file_key, error);
      return {};
    }
    if (const std::string fault = fault_as_secret(file); !fault.empty()) {
      reader.mistake(file_key, fault);
      return {};
    }
    std::string secret{trim(std::string_view{*text}.substr(0, text->find('\n')))};
    if (secret.empty()) reader.mistake(file_key, file + ": found an empty first line");
    return secret;
  }
  if (variable.empty()) return {};
  const char* value = std::getenv(variable.c_str());
  if (value == nullptr || *value == '\0') {
    reader.mistake(env_key, "the environment variable " + variable + " is not set");
    return {};
  }
  return value;
}

}  // namespace coldwatch
