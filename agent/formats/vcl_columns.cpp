#include "agent/formats/vcl_columns.hpp"

#include <algorithm>
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
  if (!runs.empty() && runs.back().row_byte + runs.back().count * sizeof(double) == row_byte &&
      runs.back().channel + runs.back().count == channel) {
    ++runs.back().count;
  } else {
    runs.push_back({row_byte, channel, 1});
  }
}

/// Is everything about the sensor in three columns that follow each other?
bool is_triple(const VclColumns::Sensor& sensor, std::span<const std::size_t> column_of_channel) {
  return sensor.temperature_channel != VclColumns::kNone &&
         sensor.resistance_channel == sensor.temperature_channel + 1 &&
         column_of_channel[static_cast<std::size_t>(sensor.temperature_channel)] ==
             sensor.stamp_in_row + 1 &&
         sensor.resistance_in_row == sensor.stamp_in_row + 2;
}

/// Takes the sensor into the triples before it if it follows them without a gap.
void add_to_triples(std::vector<VclColumns::Triples>& triples, const VclColumns::Sensor& sensor) {
  const std::size_t row_byte = sensor.stamp_in_row * sizeof(double);
  const auto channel = static_cast<std::size_t>(sensor.temperature_channel);
  if (!triples.empty()) {
    auto& [first_byte, first_channel, count] = triples.back();
    if (first_byte + 3 * sizeof(double) * count == row_byte &&
        first_channel + 2 * count == channel) {
      ++count;
      return;
    }
  }
  triples.push_back({row_byte, channel, 1});
}

/// Sorts the columns: which are copied and judged as triples, which are copied in runs.
void arrange(VclColumns& columns, std::span<const std::size_t> column_of_channel) {
  for (const VclColumns::Sensor& sensor : columns.sensors) {
    if (is_triple(sensor, column_of_channel)) add_to_triples(columns.triples, sensor);
  }
  std::vector<bool> in_triple(column_of_channel.size());
  for (VclColumns::Triples& all : columns.triples) {
    all.count -= all.count % 2;
    std::fill_n(in_triple.begin() + static_cast<std::ptrdiff_t>(all.channel), 2 * all.count, true);
  }
  for (const VclColumns::Sensor& sensor : columns.sensors) {
    const auto channel = static_cast<std::size_t>(sensor.temperature_channel);
    if (!is_triple(sensor, column_of_channel) || !in_triple[channel])
      columns.loose.push_back(sensor);
  }
  for (std::size_t channel = 0; channel < column_of_channel.size(); ++channel) {
    if (!in_triple[channel]) add_to_runs(columns.runs, column_of_channel[channel], channel);
  }
}

}  // namespace

VclColumns make_vcl_columns(std::span<const std::string> names) {
  VclColumns columns;
  NamedSensors sensors;
  std::vector<std::string> published;
  std::vector<std::size_t> column_of_channel;
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
    column_of_channel.push_back(column);
    published.push_back(names[column]);
  }
  columns.sensors = std::move(sensors.sensors);
  arrange(columns, column_of_channel);
  columns.channels = std::make_shared<const Channels>(make_channels(published));
  return columns;
}

}  // namespace coldwatch
