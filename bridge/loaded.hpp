// A whole config file of the bridge, with the notifiers that it names.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bridge/config.hpp"
#include "bridge/notifiers/notifier.hpp"
#include "common/mqtt_session.hpp"

namespace coldwatch {

struct LoadedBridge {
  BridgeConfig config;
  MqttSettings broker;
  std::vector<std::unique_ptr<Notifier>> notifiers;
};

/// Reads and checks everything; without `secrets_must_exist` files with secrets need not be there.
LoadedBridge load_bridge_config(const std::string& file, bool secrets_must_exist,
                                Mistakes& mistakes);

/// As above; throws SettingsError with every mistake.
LoadedBridge require_bridge_config(const std::string& file);

/// The zone that the config names; throws SettingsError where there is none.
TimeZone zone_of(const BridgeConfig& config);

}  // namespace coldwatch
