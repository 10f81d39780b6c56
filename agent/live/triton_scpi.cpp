// Oxford Instruments Triton, the control program's SCPI server, TCP 33576. A line asks, a line answers:
//
//   READ:DEV:T8:TEMP:SIG:TEMP          STAT:DEV:T8:TEMP:SIG:TEMP:1.47628K
//   READ:DEV:P1:PRES:SIG:PRES          STAT:DEV:P1:PRES:SIG:PRES:1.0134B
//   READ:DEV:T9:TEMP:SIG:TEMP          STAT:DEV:T9:TEMP:SIG:TEMP:NOT_FOUND     no such device
//   READ:DEV:C1:PTC:SIG:MCUR           STAT:DEV:C1:PTC:SIG:MCUR:INVALID        not now
//   READ:SYS:DR:ACTN                   STAT:SYS:DR:ACTN:COND
//
// The unit is glued to the number. T is not judged by its resistance here: the server gives the
// sensor's calibrated value or says INVALID. Not known: all units; one that is not in the table is
// refused, so that a number is never given another meaning.
#include <algorithm>
#include <array>
#include <set>

#include "agent/live/live_protocol.hpp"
#include "common/text.hpp"

namespace coldwatch {

extern const LiveProtocol kTritonScpi;

namespace {

/// A device of which there are `count`: T1, T2, ..., and what of it is asked for.
struct Device {
  std::string_view letters;
  int count;
  std::string_view kind;
  std::string_view signal;
};
constexpr auto kDevices = std::to_array<Device>({
    {"T", 16, "TEMP", "TEMP"},   {"P", 6, "PRES", "PRES"},     {"C", 1, "PTC", "WIT"},
    {"C", 1, "PTC", "WOT"},      {"C", 1, "PTC", "OILT"},      {"C", 1, "PTC", "HT"},
    {"C", 1, "PTC", "HLP"},      {"C", 1, "PTC", "HHP"},       {"C", 1, "PTC", "MCUR"},
    {"C", 1, "PTC", "HRS"},      {"C", 1, "PTC", "STATE"},     {"TURB", 1, "PUMP", "SPD"},
    {"TURB", 1, "PUMP", "POWR"}, {"TURB", 1, "PUMP", "STATE"}, {"TURB", 1, "PUMP", "PST"},
    {"TURB", 1, "PUMP", "MT"},   {"TURB", 1, "PUMP", "BT"},    {"TURB", 1, "PUMP", "PBT"},
    {"TURB", 1, "PUMP", "ET"},
});
constexpr auto kWords = std::to_array<std::string_view>({"SYS:DR:STATUS", "SYS:DR:ACTN"});
constexpr auto kUnits =
    std::to_array<std::string_view>({"", "K", "mB", "B", "W", "Hz", "C", "A", "h"});

class TritonReader final : public LiveReader {
 public:
  LiveSample read(LiveLink& link) override {
    LiveSample sample;
    for (const Device& device : kDevices) {
      for (int number = 1; number <= device.count; ++number) ask(link, device, number, sample);
    }
    for (const std::string_view what : kWords) {
      sample.words[std::string{what}] = answer(link, std::string{what});
    }
    return sample;
  }

 private:
  void ask(LiveLink& link, const Device& device, int number, LiveSample& sample) {
    const std::string own = std::string{device.letters} + std::to_string(number);
    const std::string what =
        "DEV:" + own + ":" + std::string{device.kind} + ":SIG:" + std::string{device.signal};
    if (absent_.contains(what)) return;
    const std::string text = answer(link, what);
    if (text == "NOT_FOUND") {
      absent_.insert(what);
      return;
    }
    const std::string name = device.count > 1 ? own : own + " " + std::string{device.signal};
    if (device.signal == "STATE") {
      sample.values.push_back(state(name, text));
    } else {
      add_number(name, text, sample);
    }
  }

  static LiveValue state(const std::string& name, const std::string& text) {
    const bool known = text == "ON" || text == "OFF";
    return {name, text == "ON" ? 1.0 : 0.0, known ? Quality::kGood : Quality::kInvalid};
  }

  /// A channel that is invalid now keeps the unit, and so the name, that it had before.
  void add_number(const std::string& name, const std::string& text, LiveSample& sample) {
    const std::size_t end = std::min(text.find_first_not_of("0123456789+-.eE"), text.size());
    const std::string unit{trim(std::string_view{text}.substr(end))};
    LiveValue value = live_value(name, std::string_view{text}.substr(0, end));
    if (value.quality == Quality::kGood && std::ranges::find(kUnits, unit) == kUnits.end()) {
      value.quality = Quality::kInvalid;
      sample.words[name] = "the unit \"" + unit + "\" is not known, the value is not used";
    } else if (value.quality == Quality::kGood) {
      units_[name] = unit;
    }
    const std::string& known = units_[name];
    if (!known.empty()) value.name += " (" + known + ")";
    sample.values.push_back(std::move(value));
  }

  static std::string answer(LiveLink& link, const std::string& what) {
    link.send("READ:" + what + "\n");
    const std::string line{trim(link.receive_until("\n"))};
    const std::string expected = "STAT:" + what + ":";
    if (!line.starts_with(expected)) {
      throw LiveError("found \"" + one_line(to_utf8(line), 80) + "\", expected \"" + expected +
                      "...\"");
    }
    return line.substr(expected.size());
  }

  std::set<std::string> absent_;              // devices that this server has not
  std::map<std::string, std::string> units_;  // by name
};

std::unique_ptr<LiveReader> open(const LiveSettings& /*settings*/) {
  return std::make_unique<TritonReader>();
}

std::string check(const std::map<std::string, std::string>& options) {
  return check_option(options, "", {});
}

}  // namespace

const LiveProtocol kTritonScpi{.name = "triton_scpi",
                               .title = "Oxford Instruments Triton SCPI",
                               .port = 33576,
                               .check = check,
                               .open = open};

}  // namespace coldwatch
