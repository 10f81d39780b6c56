// Oxford Instruments DR200, its text protocol. Asked for `temperatures` and a line feed, the server
// sends lines and then <end>; a sensor is a line of exactly nine fields:
//
//   channel: 5; name: M/C X55751; ...; resistance: 2216.35; temperature: 0.01472; ...
//
// The name stands in field 1 from character 7 on, the resistance in field 6 from 13, the temperature
// in field 7 from 14 (fields and characters from 0). As in the log, T is a reading only where R is
// above 0. Not known: the port, the unit of R (taken to be Ohm, as in the log), the other fields.
#include "agent/formats/text_lines.hpp"
#include "agent/live/live_protocol.hpp"
#include "common/text.hpp"

namespace coldwatch {

extern const LiveProtocol kDr200;

namespace {

constexpr std::size_t kFields = 9;
constexpr std::size_t kMostSensors = 100;

std::string_view part(const std::vector<std::string_view>& fields, std::size_t field,
                      std::size_t from) {
  return fields[field].size() < from ? std::string_view{} : trim(fields[field].substr(from));
}

void add_sensor(const std::vector<std::string_view>& fields, LiveSample& sample) {
  const std::string name = one_line(to_utf8(part(fields, 1, 7)), 100);
  LiveValue resistance = live_value(name + " R(Ohm)", part(fields, 6, 13));
  LiveValue temperature = live_value(name + " T(K)", part(fields, 7, 14));
  if (!(resistance.value > 0)) {
    resistance.quality = Quality::kInvalid;
    temperature.quality = Quality::kInvalid;
  }
  sample.values.push_back(std::move(temperature));
  sample.values.push_back(std::move(resistance));
}

class Dr200Reader final : public LiveReader {
 public:
  LiveSample read(LiveLink& link) override {
    link.send("temperatures\n");
    const std::string text = link.receive_until("<end>");
    LiveSample sample;
    std::vector<std::string_view> fields;
    for (const std::string_view line : split(text, '\n')) {
      if (!line.starts_with("channel")) continue;
      split_fields(line, ';', fields);
      if (fields.size() == kFields && sample.values.size() < 2 * kMostSensors) {
        add_sensor(fields, sample);
      }
    }
    if (sample.values.empty()) {
      throw LiveError("found \"" + one_line(to_utf8(text), 80) +
                      "\", expected lines that begin with \"channel\" and have nine fields");
    }
    return sample;
  }
};

std::unique_ptr<LiveReader> open(const LiveSettings& /*settings*/) {
  return std::make_unique<Dr200Reader>();
}

std::string check(const std::map<std::string, std::string>& options) {
  return check_option(options, "", {});
}

}  // namespace

const LiveProtocol kDr200{
    .name = "dr200", .title = "Oxford Instruments DR200", .check = check, .open = open};

}  // namespace coldwatch
