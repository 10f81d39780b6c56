#include "bridge/loaded.hpp"

#include <filesystem>

#include "common/json.hpp"

namespace coldwatch {
namespace {

void check_zone(SettingsReader& reader, const BridgeConfig& config) {
  std::string error;
  if (!TimeZone::find(config.time_zone, error)) reader.mistake("time_zone", error);
}

}  // namespace

LoadedBridge load_bridge_config(const std::string& file, bool secrets_must_exist,
                                Mistakes& mistakes) {
  LoadedBridge loaded;
  const nlohmann::json json = load_settings(file, mistakes);
  if (!mistakes.empty()) return loaded;
  SettingsReader reader{json, "", mistakes};
  loaded.broker = read_mqtt_settings(reader.section("broker"), secrets_must_exist);
  const auto read_notifier = [&](SettingsReader& entry, NotifierSettings& shared) {
    auto notifier =
        make_notifier(entry, shared.name, shared.type, shared.language, secrets_must_exist);
    if (!notifier) return;
    shared.limits = limits_of(*notifier);
    shared.texts = texts_of(*notifier);
    loaded.notifiers.push_back(std::move(notifier));
  };
  loaded.config = read_bridge_config(reader, read_notifier, secrets_must_exist);
  if (loaded.config.notifiers.empty()) {
    reader.mistake("notifiers",
                   "is missing or empty, expected at least one: without it nobody"
                   " would ever be told");
  }
  check_zone(reader, loaded.config);
  // A relative path counts from the config's own folder, wherever the program was started.
  loaded.config.store = (std::filesystem::path{file}.parent_path() / loaded.config.store).string();
  loaded.broker.client_id = "coldwatch-bridge-" + loaded.config.bridge;
  return loaded;
}

LoadedBridge require_bridge_config(const std::string& file) {
  Mistakes mistakes;
  LoadedBridge loaded = load_bridge_config(file, true, mistakes);
  if (!mistakes.empty()) throw SettingsError{describe(mistakes, file)};
  return loaded;
}

TimeZone zone_of(const BridgeConfig& config) {
  std::string error;
  auto zone = TimeZone::find(config.time_zone, error);
  if (!zone) throw SettingsError{"time_zone: " + error + "\n"};
  return *zone;
}

}  // namespace coldwatch
