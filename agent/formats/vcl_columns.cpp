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

/// Sensors with their names, in the order of their first columns.
struct NamedSensors {
  std::vector<VclColumns::Sensor> sensors;
  std::vector<std::string_view> names;

  /// The newest one of that name that still lacks the part, because two sensors may share a name.
  template <typename Index>
  VclColumns::Sensor& find(std::string_view name, Index VclColumns::Sensor::*lacks) {
    const VclColumns::Sensor empty;
    for (std::size_t i = sensors.size(); i-- > 0;) {
      if (names[i] == name && sensors[i].*lacks == empty.*lacks) return sensors[i];
    }
    names.push_back(name);
    return sensors.emplace_back();
  }
};

void add_to_runs(std::vector<VclColumns::Run>& runs, std::size_t column, std::size_t channel) {
  const std::size_t row_byte = column * sizeof(double);
  if (!runs.empty() && runs.back().row_byte + runs.back().count * sizeof(double) == row_byte) {
    ++runs.back().count;
  } else {
    runs.push_back({row_byte, channel, 1});
  }
}

}  // namespace

VclColumns make_vcl_columns(std::span<const std::string> names) {
  VclColumns columns;
  NamedSensors sensors;
  std::vector<std::string> published;
  for (std::size_t column = VclColumns::kFacts; column < names.size(); ++column) {
    const auto [part, base] = part_of(names[column]);
    if (part == Part::kStamp) {
      sensors.find(base, &VclColumns::Sensor::stamp_in_row).stamp_in_row = column;
      continue;
    }
    const int channel = static_cast<int>(published.size());
    if (part == Part::kTemperature) {
      sensors.find(base, &VclColumns::Sensor::temperature_channel).temperature_channel = channel;
    } else if (part == Part::kResistance) {
      auto& sensor = sensors.find(base, &VclColumns::Sensor::resistance_channel);
      sensor.resistance_channel = channel;
      sensor.resistance_in_row = column;
    }
    add_to_runs(columns.runs, column, published.size());
    published.push_back(names[column]);
  }
  columns.sensors = std::move(sensors.sensors);
  columns.channels = std::make_shared<const Channels>(make_channels(published));
  return columns;
}

}  // namespace coldwatch
