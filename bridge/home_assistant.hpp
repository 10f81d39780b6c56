// Makes Home Assistant show every fridge as a device by itself (MQTT discovery by device, Home Assistant
// 2024.12 and later): a sensor for each channel, a problem sensor for each rule. Optional; the values
// themselves are the agents' own topics.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bridge/watch/fridges.hpp"
#include "common/messages.hpp"

namespace coldwatch {

/// The discovery message of a fridge, retained, made from the payload of its `info`. An empty `info`
/// (the fridge is gone, somebody removed its retained messages) makes an empty message, with which
/// Home Assistant removes the device. nullopt, with a sentence in `error`, for a payload that is no
/// info or has more than kMostComponents. `discovery_prefix` is Home Assistant's, mostly
/// "homeassistant".
std::optional<Publication> discovery_publication(const std::string& discovery_prefix,
                                                 const std::string& root, const std::string& site,
                                                 const std::string& fridge, std::string_view info,
                                                 std::string& error);
inline constexpr std::size_t kMostComponents = 2000;  // channels and rules of a fridge

/// The `info` of each fridge that is still to be made a discovery of: the newest one, only where it is
/// another one than the last, and not too often.
class NewInfos {
 public:
  static constexpr Milliseconds kPause = std::chrono::seconds{5};  // of one fridge ...
  static constexpr int kAtOnce = 5;                                // ... after so many

  void note(const FridgeId& id, std::string_view info, UtcTime now);
  /// Those whose turn it is, each once.
  std::vector<std::pair<FridgeId, std::string>> take_due(UtcTime now);
  std::optional<UtcTime> next() const;
  /// The broker may have lost what was made of them.
  void forget() {
    for (auto& [id, last] : last_) last.hash = 0;
  }

 private:
  struct Last {
    std::size_t hash = 0;
    UtcTime paid_until{};  // kPause later with each
  };
  std::map<FridgeId, std::pair<UtcTime, std::string>> waiting_;  // with its turn
  std::map<FridgeId, Last> last_;
};

}  // namespace coldwatch
