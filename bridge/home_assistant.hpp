// Makes Home Assistant show every fridge as a device by itself (MQTT discovery by device, Home Assistant
// 2024.12 and later): a sensor for each channel, a problem sensor for each rule. Optional; the values
// themselves are the agents' own topics.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/messages.hpp"

namespace coldwatch {

/// The discovery message of a fridge, retained, made from the payload of its `info`. An empty `info`
/// (the fridge is gone, somebody removed its retained messages) makes an empty message, with which
/// Home Assistant removes the device. nullopt, with a sentence in `error`, for a payload that is no
/// info. `discovery_prefix` is Home Assistant's, mostly "homeassistant".
std::optional<Publication> discovery_publication(const std::string& discovery_prefix,
                                                 const std::string& root, const std::string& site,
                                                 const std::string& fridge, std::string_view info,
                                                 std::string& error);

}  // namespace coldwatch
