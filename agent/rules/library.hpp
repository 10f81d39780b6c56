// The rule library: config/rules/<family>.json holds the failures of one fridge family as rules. A
// config switches one on, and changes any of its rules by a rule of the same id.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/rules/board.hpp"
#include "common/json.hpp"
#include "common/settings.hpp"

namespace coldwatch {

struct Library {
  std::string title;
  /// Short names for channels that differ from fridge to fridge: {"mc": ["MC RuO2 T(K)", "MC*T(K)"]}.
  std::map<std::string, ChannelNames> names;
  std::vector<nlohmann::json> rules;
};

/// Reads `<folder>/<name>.json`. An unknown name is a mistake at `path` that lists those there are; a
/// mistake in the file itself names the file.
Library read_library(const std::string& folder, const std::string& name, const std::string& path,
                     Mistakes& mistakes);

/// Names of the libraries in a folder, sorted.
std::vector<std::string> library_names(const std::string& folder);

/// A rule on its way to read_rule.
struct RuleSource {
  nlohmann::json value;
  std::string path;   // where a person finds it
  bool from_library;  // and unchanged
};

/// The rules of the library, each with the config's rule of the same id laid over it key by key (null
/// takes a key away), then the other rules of the config. A rule with "enabled": false is left out.
std::vector<RuleSource> merge_rules(const Library& library, const nlohmann::json& rules,
                                    const std::string& path, Mistakes& mistakes);

}  // namespace coldwatch
