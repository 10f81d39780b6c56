// Reads a config file (JSON with // and /* */ comments) and collects every mistake with its place,
// so that `check` can name all of them at once. A key that no code asked for is a mistake as well.
#pragma once

#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "common/time.hpp"

namespace coldwatch {

/// One mistake in a config: `path` is where ("rules[2].low.at"), `text` what was found and what was
/// expected.
struct Mistake {
  std::string path;
  std::string text;
  bool operator==(const Mistake&) const = default;
};
using Mistakes = std::vector<Mistake>;

/// "rules[2].low.at: found ..., expected ..." for each mistake, one a line, with the file in front.
std::string describe(const Mistakes& mistakes, std::string_view file);

/// A config that cannot be used. Ends in main as its text and exit code 2.
class SettingsError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Parses `text` as JSON with comments. Broken syntax (with line and column) and a key that stands
/// twice in one object are mistakes; the result is then an empty object.
nlohmann::json parse_settings(std::string_view text, Mistakes& mistakes);

/// Reads and parses the file; an unreadable one is a mistake with an empty path.
nlohmann::json load_settings(const std::string& file, Mistakes& mistakes);

/// One object of a config. Every getter returns the value of `key`, or `fallback` where the key is
/// absent or wrong; wrong ones are added to the mistakes. When a reader goes out of scope, keys
/// that nobody asked for become mistakes, with the nearest known key as a hint.
class SettingsReader {
 public:
  /// `value` and `mistakes` outlive the reader. A value that is not an object is a mistake.
  SettingsReader(const nlohmann::json& value, std::string path, Mistakes& mistakes);
  SettingsReader(SettingsReader&& other) noexcept;
  SettingsReader& operator=(SettingsReader&&) = delete;
  ~SettingsReader();

  bool has(std::string_view key) const;
  std::string text(std::string_view key, std::string fallback = {});
  std::string required_text(std::string_view key);
  double number(std::string_view key, double fallback, double least, double most);
  std::optional<double> optional_number(std::string_view key);
  long long integer(std::string_view key, long long fallback, long long least, long long most);
  bool flag(std::string_view key, bool fallback);
  /// A duration string such as "90s".
  Milliseconds duration(std::string_view key, Milliseconds fallback,
                        Milliseconds least = Milliseconds{0},
                        Milliseconds most = std::chrono::hours{24 * 3653});
  std::vector<std::string> texts(std::string_view key, std::vector<std::string> fallback = {});
  std::map<std::string, std::string> text_map(std::string_view key);
  /// One of `words`; the index of the word found, or of `fallback`.
  std::size_t choice(std::string_view key, std::span<const std::string_view> words,
                     std::size_t fallback);

  /// The object under `key`; an empty one where it is absent.
  SettingsReader section(std::string_view key);
  /// The objects of the array under `key`; none where it is absent.
  std::vector<SettingsReader> sections(std::string_view key);
  /// The objects of the object under `key`, with their names; none where it is absent.
  std::vector<std::pair<std::string, SettingsReader>> named_sections(std::string_view key);
  /// The raw value under `key`, unchecked and now counted as asked for; nullptr where it is absent.
  const nlohmann::json* raw(std::string_view key);

  void mistake(std::string_view key, std::string text);
  /// Where this object stands: "" at the top, "rules[2]" below.
  const std::string& path() const { return path_; }
  std::string path_of(std::string_view key) const;

 private:
  const nlohmann::json* find(std::string_view key);
  void wrong(std::string_view key, const nlohmann::json& found, std::string_view expected);

  const nlohmann::json* value_;
  std::string path_;
  Mistakes* mistakes_;  // null after a move
  std::set<std::string, std::less<>> asked_;
};

/// A secret from `<key>_file` (first line of the file) or `<key>_env` (an environment variable), at
/// most one of them; empty where neither stands. One that everybody may read or write is a mistake.
/// Secrets are never config values themselves. With `secrets_must_exist` off (a check on another
/// machine) the source is only validated.
std::string read_secret(SettingsReader& reader, std::string_view key,
                        bool secrets_must_exist = true);

}  // namespace coldwatch
