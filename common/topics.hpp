// The topic tree of the wire contract (schemas/asyncapi.yaml): builds topics and takes them apart.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coldwatch {

inline constexpr std::string_view kBridgeLevel = "_bridge";

/// True for a text that may stand as one topic level: [A-Za-z0-9_-]+, at most 64 characters.
bool is_topic_level(std::string_view text);

/// Builds the topics of one site: "<root>/<site>/<fridge>/<kind>[/<name>]".
class Topics {
 public:
  Topics(std::string root, std::string site) : prefix_(root + "/" + site + "/") {}

  std::string of(std::string_view fridge, std::string_view kind) const;
  std::string of(std::string_view fridge, std::string_view kind, std::string_view name) const;
  /// "_bridge/<id>/<rest>"
  std::string bridge(std::string_view id, std::string_view rest) const;
  const std::string& prefix() const { return prefix_; }

 private:
  std::string prefix_;
};

/// A topic below "<root>/<site>/<fridge>/": `kind` is the first level after the fridge, `name` the
/// rest ("" where there is none). For a bridge `fridge` is "_bridge", `kind` the id or "confirmed"
/// or "notified", and `name` what follows.
struct TopicParts {
  std::string_view site;
  std::string_view fridge;
  std::string_view kind;
  std::string_view name;
};

/// nullopt for a topic of another root, with fewer than four levels, or with a level that the
/// contract does not allow. The views point into `topic`.
std::optional<TopicParts> parse_topic(std::string_view root, std::string_view topic);

}  // namespace coldwatch
