#include "agent/formats/vcl_columns.hpp"

#include <memory>
#include <utility>

#include "common/text.hpp"

namespace coldwatch {
namespace {

enum class Part { kOther, kStamp, kTemperature, kResistance };

/// Splits "MC RuO2 T(K)" into its part and "MC RuO2".
std::pair<Part, std::string_view> part_of(std::string_view name) {
  constexpr std::pair<std::string_view, Part> kSuffixes[] = {
      {"t(s)", Part::kStamp}, {"T(K)", Part::kTemperature}, {"R(Ohm)", Part::kResistance}};
  name = trim(name);
  for (const auto& [suffix, part] : kSuffixes) {
    if (name.ends_with(suffix)) return {part, trim(name.substr(0, name.size() - suffix.size()))};
  }
  return {Part::kOther, name};
}

/// The newest sensor of that name that still lacks the part, because two sensors may share a name.
VclColumns::Sensor& sensor_of(VclColumns& columns, std::string_view base,
                              int VclColumns::Sensor::*lacks) {
  for (auto sensor = columns.sensors.rbegin(); sensor != columns.sensors.rend(); ++sensor) {
    if (sensor->name == base && (*sensor).*lacks == VclColumns::kNone) return *sensor;
  }
  return columns.sensors.emplace_back(VclColumns::Sensor{.name = std::string{base}});
}

}  // namespace

VclColumns make_vcl_columns(std::span<const std::string> names) {
  VclColumns columns;
  std::vector<std::string> published;
  for (std::size_t column = VclColumns::kFacts; column < names.size(); ++column) {
    const auto [part, base] = part_of(names[column]);
    const int row = static_cast<int>(column);
    if (part == Part::kStamp) {
      sensor_of(columns, base, &VclColumns::Sensor::stamp_in_row).stamp_in_row = row;
      continue;
    }
    const int channel = static_cast<int>(published.size());
    if (part == Part::kTemperature) {
      sensor_of(columns, base, &VclColumns::Sensor::temperature_channel).temperature_channel =
          channel;
    } else if (part == Part::kResistance) {
      auto& sensor = sensor_of(columns, base, &VclColumns::Sensor::resistance_channel);
      sensor.resistance_channel = channel;
      sensor.resistance_in_row = row;
    }
    columns.row_of_channel.push_back(static_cast<std::uint16_t>(column));
    published.push_back(names[column]);
  }
  columns.channels = std::make_shared<const Channels>(make_channels(published));
  return columns;
}

}  // namespace coldwatch
