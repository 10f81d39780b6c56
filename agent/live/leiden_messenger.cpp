// Leiden Cryogenics TC_messenger, TCP 6340. A number asks, a number answers, both ended by CRLF:
//
//   3            18.900105
//
// Which number asks for what depends on the program's version; option "map":
//   "2019"   0 to 3 are T of the 3K plate, still, cold plate and mixing chamber, 10 to 13 their R
//   "newer"  0 to 8 are T0 to T8, 9 to 17 are R0 to R8, 18 is the PID
// T is a reading only where R is above 0. Not known: the units, so none is given here; the program
// logs T in mK.
#include <array>

#include "agent/live/live_protocol.hpp"
#include "common/text.hpp"

namespace coldwatch {

extern const LiveProtocol kLeidenMessenger;

namespace {

struct Question {
  std::string_view request;
  std::string_view name;
  std::string_view partner;  // the name of its resistance
};
constexpr auto kMap2019 = std::to_array<Question>({
    {"0", "T 3K", "R 3K"},
    {"1", "T still", "R still"},
    {"2", "T cold", "R cold"},
    {"3", "T MC", "R MC"},
    {"10", "R 3K", ""},
    {"11", "R still", ""},
    {"12", "R cold", ""},
    {"13", "R MC", ""},
});
constexpr auto kMapNewer = std::to_array<Question>({
    {"0", "T0", "R0"}, {"1", "T1", "R1"}, {"2", "T2", "R2"}, {"3", "T3", "R3"}, {"4", "T4", "R4"},
    {"5", "T5", "R5"}, {"6", "T6", "R6"}, {"7", "T7", "R7"}, {"8", "T8", "R8"}, {"9", "R0", ""},
    {"10", "R1", ""},  {"11", "R2", ""},  {"12", "R3", ""},  {"13", "R4", ""},  {"14", "R5", ""},
    {"15", "R6", ""},  {"16", "R7", ""},  {"17", "R8", ""},  {"18", "PID", ""},
});
constexpr auto kMaps = std::to_array<std::string_view>({"2019", "newer"});

class LeidenReader final : public LiveReader {
 public:
  explicit LeidenReader(std::span<const Question> questions) : questions_(questions) {}

  LiveSample read(LiveLink& link) override {
    LiveSample sample;
    std::map<std::string_view, double> numbers;
    for (const Question& question : questions_) {
      link.send(std::string{question.request} + "\r\n");
      sample.values.push_back(live_value(std::string{question.name}, link.receive_until("\n")));
      numbers[question.name] = sample.values.back().value;
    }
    for (std::size_t i = 0; i < questions_.size(); ++i) {
      const std::string_view partner = questions_[i].partner;
      const std::string_view judge = partner.empty() ? questions_[i].name : partner;
      const bool has_judge = judge.starts_with('R');
      if (has_judge && !(numbers[judge] > 0)) sample.values[i].quality = Quality::kInvalid;
    }
    return sample;
  }

 private:
  std::span<const Question> questions_;
};

std::unique_ptr<LiveReader> open(const LiveSettings& settings) {
  const bool newer = live_option(settings.options, "map", "2019") == "newer";
  return std::make_unique<LeidenReader>(newer ? std::span<const Question>{kMapNewer}
                                              : std::span<const Question>{kMap2019});
}

std::string check(const std::map<std::string, std::string>& options) {
  return check_option(options, "map", kMaps);
}

}  // namespace

const LiveProtocol kLeidenMessenger{.name = "leiden_messenger",
                                    .title = "Leiden Cryogenics TC_messenger",
                                    .port = 6340,
                                    .check = check,
                                    .open = open};

}  // namespace coldwatch
