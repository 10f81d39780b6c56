#include "agent/reading/channel.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr std::size_t kLongestNameBytes = 200;
constexpr std::size_t kLongestUnitBytes = 24;

struct Unit {
  std::string_view spelling;
  std::string_view quantity;
};

// Looked up as spelled first and then without regard to case, so that "T" is a field, "mBar" and
// "mbar" are one pressure, and "MOhm" is not "mOhm".
constexpr auto kUnits = std::to_array<Unit>({
    {"K", "temperature"},
    {"Kelvin", "temperature"},
    {"mK", "temperature"},
    {"uK", "temperature"},
    {"C", "temperature"},
    {"°C", "temperature"},
    {"degC", "temperature"},
    {"F", "temperature"},
    {"°F", "temperature"},
    {"bar", "pressure"},
    {"mbar", "pressure"},
    {"mB", "pressure"},
    {"B", "pressure"},
    {"ubar", "pressure"},
    {"Torr", "pressure"},
    {"mTorr", "pressure"},
    {"uTorr", "pressure"},
    {"Pa", "pressure"},
    {"hPa", "pressure"},
    {"kPa", "pressure"},
    {"MPa", "pressure"},
    {"psi", "pressure"},
    {"psig", "pressure"},
    {"psia", "pressure"},
    {"atm", "pressure"},
    {"Ohm", "resistance"},
    {"Ohms", "resistance"},
    {"mOhm", "resistance"},
    {"kOhm", "resistance"},
    {"MOhm", "resistance"},
    {"Ω", "resistance"},
    {"kΩ", "resistance"},
    {"MΩ", "resistance"},
    {"W", "power"},
    {"mW", "power"},
    {"uW", "power"},
    {"µW", "power"},
    {"nW", "power"},
    {"kW", "power"},
    {"A", "current"},
    {"mA", "current"},
    {"uA", "current"},
    {"µA", "current"},
    {"nA", "current"},
    {"Amps", "current"},
    {"V", "voltage"},
    {"mV", "voltage"},
    {"uV", "voltage"},
    {"µV", "voltage"},
    {"Volts", "voltage"},
    {"Hz", "frequency"},
    {"kHz", "frequency"},
    {"rpm", "frequency"},
    {"l/min", "flow"},
    {"ml/min", "flow"},
    {"l/h", "flow"},
    {"SCCM", "flow"},
    {"uncal SCCM", "flow"},
    {"SLM", "flow"},
    {"SLPM", "flow"},
    {"mmol/s", "flow"},
    {"umol/s", "flow"},
    {"µmol/s", "flow"},
    {"s", "duration"},
    {"sec", "duration"},
    {"secs", "duration"},
    {"min", "duration"},
    {"h", "duration"},
    {"hours", "duration"},
    {"T", "magnetic_field"},
    {"mT", "magnetic_field"},
    {"Oe", "magnetic_field"},
    {"kOe", "magnetic_field"},
    {"G", "magnetic_field"},
    {"kG", "magnetic_field"},
    {"Gauss", "magnetic_field"},
    {"emu", "magnetic_moment"},
    {"deg", "angle"},
    {"°", "angle"},
    {"%", "fraction"},
    {"percent", "fraction"},
    {"mm", "length"},
    {"cm", "length"},
    {"m", "length"},
    {"code", "code"},
    {"mode", "code"},
    {"ID", "code"},
});

/// Columns of Oxford logs that carry no unit of their own.
constexpr auto kUnitsByName = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"input water temp", "C"},
    {"output water temp", "C"},
    {"helium temp", "C"},
    {"oil temp", "C"},
    {"motor current", "A"},
});

/// What stands in the brackets that end `name`; "" where none do, or where it is only a number
/// ("chan[8]").
std::string_view in_last_brackets(std::string_view name) {
  name = trim(name);
  if (name.empty()) return {};
  const char open = name.back() == ')' ? '(' : name.back() == ']' ? '[' : '\0';
  const auto at = open == '\0' ? std::string_view::npos : name.rfind(open);
  if (at == std::string_view::npos) return {};
  const std::string_view inside = trim(name.substr(at + 1, name.size() - at - 2));
  if (inside.size() > kLongestUnitBytes) return {};
  const bool number = inside.find_first_not_of("0123456789.-") == std::string_view::npos;
  return number ? std::string_view{} : inside;
}

}  // namespace

Channels make_channels(std::span<const std::string> names) {
  Channels channels;
  channels.reserve(names.size());
  std::set<std::string> taken;
  for (const std::string& raw : names) {
    const std::string number = std::to_string(channels.size() + 1);
    Channel channel{.name = one_line(to_utf8(raw), kLongestNameBytes)};
    if (trim(channel.name).empty()) channel.name = "column " + number;
    std::string key = key_of(channel.name);
    if (key == "_") key = "column_" + number;
    channel.key = key;
    for (int copy = 2; !taken.insert(channel.key).second; ++copy) {
      channel.key = key + "_" + std::to_string(copy);
    }
    channel.unit = unit_of(channel.name);
    channel.quantity = quantity_of(channel.unit);
    channels.push_back(std::move(channel));
  }
  return channels;
}

std::string unit_of(std::string_view name) {
  const std::string_view inside = in_last_brackets(name);
  if (!inside.empty()) return std::string{inside};
  const std::string lower = lower_ascii(trim(name));
  const auto known =
      std::ranges::find(kUnitsByName, lower, [](const auto& row) { return row.first; });
  return known == kUnitsByName.end() ? std::string{} : std::string{known->second};
}

std::string_view quantity_of(std::string_view unit) {
  const auto exact = std::ranges::find(kUnits, unit, &Unit::spelling);
  if (exact != kUnits.end()) return exact->quantity;
  const std::string lower = lower_ascii(unit);
  const auto folded = std::ranges::find_if(
      kUnits, [&](const Unit& known) { return lower_ascii(known.spelling) == lower; });
  return folded == kUnits.end() ? std::string_view{} : folded->quantity;
}

}  // namespace coldwatch
