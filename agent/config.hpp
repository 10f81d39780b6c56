// The agent's config file (config/agent.json shows every key with its default): read once at start and
// at a reload, every mistake collected. The rules are read by RuleEngine from the same file.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agent/fallback.hpp"
#include "agent/live/live_protocol.hpp"
#include "agent/rules/engine.hpp"
#include "agent/schedule.hpp"
#include "agent/source/follower.hpp"
#include "common/mqtt_session.hpp"
#include "common/settings.hpp"
#include "common/topics.hpp"

namespace coldwatch {

/// What the config says about the columns of the log; every name may be the log's or the key.
struct ChannelSettings {
  std::map<std::string, std::string> units;  // where the log has none or a wrong one
  std::set<std::string> ignore;              // neither published nor in info; rules still see them
};

struct AgentConfig {
  std::string root = "coldwatch";
  std::string site = "lab";
  std::string fridge;
  MqttSettings broker;
  LogSettings log;
  std::optional<LiveSettings> live;  // a server to ask; its journal is the log
  Milliseconds poll = std::chrono::seconds{1};
  Milliseconds stale_after = std::chrono::minutes{10};  // without a new row the log counts as stale
  ChannelSettings channels;
  std::vector<std::string> snapshot_channels;  // empty: every channel
  std::optional<Schedule> snapshot_schedule;
  bool per_channel = true;  // publish reading/<key>
  Milliseconds heartbeat = std::chrono::seconds{30};
  std::string state_file;
  FallbackSettings fallback;

  Topics topics() const { return {root, site}; }
};

struct LoadedConfig {
  AgentConfig config;
  RuleEngine rules;
};

/// Reads `file`. Relative paths in it count from the folder in which it stands. The result is usable
/// only where no mistake was added.
LoadedConfig load_agent_config(const std::string& file, Mistakes& mistakes);

/// As load_agent_config; throws SettingsError, whose text names every mistake, where there is one.
LoadedConfig require_agent_config(const std::string& file);

}  // namespace coldwatch
