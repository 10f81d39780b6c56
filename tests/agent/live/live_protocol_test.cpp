#include "agent/live/live_protocol.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "common/json.hpp"
#include "common/text.hpp"
#include "tests/agent/live/scripted_link.hpp"

namespace coldwatch {
namespace {

using testing::ScriptedLink;
using testing::text_of;

struct Case {
  const char* what;
  const char* protocol;
  std::map<std::string, std::string> options;
  std::map<std::string, std::string> answers;
  std::string greeting;
  std::string values;
  std::map<std::string, std::string> words;
};

/// A message of a MultiPyVu server.
std::string message(const std::string& result) {
  const std::string body = nlohmann::json{{"action", ""}, {"query", ""}, {"result", result}}.dump();
  const std::string header = R"({"content-length": )" + std::to_string(body.size()) + "}";
  return std::string{'\0', static_cast<char>(header.size())} + header + body;
}

std::string request(const std::string& action) {
  const std::string body = nlohmann::json{{"action", action}, {"query", ""}, {"result", ""}}.dump();
  const std::string header = nlohmann::json{
      {"byteorder", "little"},
      {"content-type", "text/json"},
      {"content-encoding", "utf-8"},
      {"content-length",
       body.size()}}.dump();
  return std::string{'\0', static_cast<char>(header.size())} + header + body;
}

constexpr const char* kGreeting = "Connected to QDInstrument socket server.\r\n";

std::vector<Case> cases() {
  return {
      {.what = "a DR200 with a sensor that is off and a line that is not whole",
       .protocol = "dr200",
       .answers = {{"temperatures\n",
                    "3 channels\n"
                    "channel: 1; name: PT2 Plate; 0; 0; 0; 0; resistance: 31.5; temperature: 3.11; "
                    "on\n"
                    "channel: 2; name: M/C X55751; 0; 0; 0; 0; resistance: 0; temperature: 321.1; "
                    "off\n"
                    "channel: 3; name: torn\n<end>"}},
       .values = "PT2 Plate T(K)=3.11|PT2 Plate R(Ohm)=31.5|M/C X55751 T(K)=-|M/C X55751 "
                 "R(Ohm)=-"},
      {.what = "TC_messenger of 2019; the mixing chamber has no resistance",
       .protocol = "leiden_messenger",
       .answers = {{"0\r\n", "2895.2\r\n"},
                   {"1\r\n", "812,5\r\n"},
                   {"2\r\n", "55.5\r\n"},
                   {"3\r\n", "18.900105\r\n"},
                   {"10\r\n", "1.5\r\n"},
                   {"11\r\n", "2.5\r\n"},
                   {"12\r\n", "NaN\r\n"},
                   {"13\r\n", "0.000000\r\n"}},
       .values = "T 3K=2895.2|T still=812.5|T cold=-|T MC=-|R 3K=1.5|R still=2.5|R cold=-|R MC=-"},
      {.what = "a PPMS behind tcp-visa-server",
       .protocol = "ppms_visa",
       .answers = {{"READT\r\n", "2.950000000e+02\r\n"}, {"READB\r\n", "-1.25e-4\r\n"}},
       .values = "Temperature (K)=295|Field=-0.000125"},
  };
}

std::vector<Case> quantum_design_cases() {
  return {
      {.what = "Quantum Design's server with names",
       .protocol = "qd_socket",
       .answers = {{"TEMP?\r\n", "\"TEMP?\", 296.000,\"K\",\"Stable\"\r\n"},
                   {"FIELD?\r\n", "\"FIELD?\", nan,\"Oe\",\"Holding (driven)\"\r\n"},
                   {"CHAMBER?\r\n", "\"CHAMBER?\", \"Sealed\"\r\n"}},
       .greeting = kGreeting,
       .values = "Temperature (K)=296|Field (Oe)=-",
       .words = {{"Temperature", "Stable"}, {"Field", "Holding (driven)"}, {"Chamber", "Sealed"}}},
      {.what = "the older one, value second, with an error in the field",
       .protocol = "qd_socket",
       .answers = {{"TEMP?\r\n", "0, 300.0, 1\r\n"},
                   {"FIELD?\r\n", "-1, 5000.0, 4\r\n"},
                   {"CHAMBER?\r\n", "0, 2\r\n"}},
       .greeting = "Connected to QDInstrument Socket Server.\r\n",
       .values = "Temperature (K)=300|Temperature status=1|Field (Oe)=-|Field status=-|Chamber "
                 "status=2"},
      {.what = "the silent one, value last",
       .protocol = "qd_socket",
       .answers = {{"TEMP?\r\n", "0, 1, 300.0\r\n"},
                   {"FELD?\r\n", "0, 4, -1.5\r\n"},
                   {"CHAT?\r\n", "0, 1, 299.0\r\n"},
                   {"CHAM?\r\n", "0, 3\r\n"}},
       .values = "Temperature (K)=300|Temperature status=1|Field (Oe)=-1.5|Field status=4|Chamber "
                 "temperature (K)=299|Chamber temperature status=1|Chamber status=3"},
      {.what = "visa_server",
       .protocol = "qd_socket",
       .options = {{"dialect", "dynacool"}},
       .answers = {{"TEMP?\r\n", "0,300.0,\"K\",1,\"Stable\"\r\n"},
                   {"FELD?\r\n", "0,0.0,\"Oe\",1,\"Stable\"\r\n"},
                   {"CHAT?\r\n", "0,298.0,\"K\",1,\"Stable\"\r\n"},
                   {"CHAM?\r\n", "0,3\r\n"}},
       .values = "Temperature (K)=300|Field (Oe)=0|Chamber temperature (K)=298|Chamber status=3",
       .words = {{"Temperature", "Stable"},
                 {"Field", "Stable"},
                 {"Chamber temperature", "Stable"}}},
      {.what = "MultiPyVu, named in the config",
       .protocol = "qd_socket",
       .options = {{"dialect", "multipyvu"}},
       .answers = {{request("START"), message("Connected to DYNACOOL")},
                   {request("TEMP?"), message("300.0,K,Stable")},
                   {request("FIELD?"), message("0.0,Oe,Holding (Driven)")},
                   {request("CHAMBER?"), message("Sealed")}},
       .values = "Temperature (K)=300|Field (Oe)=0",
       .words = {{"Temperature", "Stable"}, {"Field", "Holding (Driven)"}, {"Chamber", "Sealed"}}},
      {.what = "MultiPyVu that speaks first",
       .protocol = "qd_socket",
       .answers = {{request("START"), message("Connected to VERSALAB")},
                   {request("TEMP?"), message("2.0,K,Chasing")},
                   {request("FIELD?"), message("9000,Oe,Charging")},
                   {request("CHAMBER?"), message("Purged and Sealed")}},
       .greeting = message("hello"),
       .values = "Temperature (K)=2|Field (Oe)=9000",
       .words = {{"Temperature", "Chasing"},
                 {"Field", "Charging"},
                 {"Chamber", "Purged and Sealed"}}},
  };
}

std::unique_ptr<LiveReader> reader_of(const Case& one) {
  LiveSettings settings{.protocol = one.protocol};
  settings.options = one.options;
  return find_live_protocol(one.protocol)->open(settings);
}

TEST(LiveProtocol, ReadsWhatServersSay) {
  std::vector<Case> all = cases();
  std::ranges::move(quantum_design_cases(), std::back_inserter(all));
  for (const Case& one : all) {
    ScriptedLink link{one.answers, one.greeting};
    const auto reader = reader_of(one);
    LiveSample sample = reader->read(link);
    EXPECT_EQ(text_of(sample), one.values) << one.what;
    EXPECT_EQ(sample.words, one.words) << one.what;
    EXPECT_EQ(text_of(reader->read(link)), one.values) << one.what << ", a second time";
  }
}

std::map<std::string, std::string> triton_answers() {
  std::map<std::string, std::string> answers{
      {"READ:DEV:T8:TEMP:SIG:TEMP\n", "STAT:DEV:T8:TEMP:SIG:TEMP:1.47628K\r\n"},
      {"READ:DEV:T9:TEMP:SIG:TEMP\n", "STAT:DEV:T9:TEMP:SIG:TEMP:INVALID\n"},
      {"READ:DEV:P1:PRES:SIG:PRES\n", "STAT:DEV:P1:PRES:SIG:PRES:-6.3mB\n"},
      {"READ:DEV:P2:PRES:SIG:PRES\n", "STAT:DEV:P2:PRES:SIG:PRES:1.2e-3furlong\n"},
      {"READ:DEV:C1:PTC:SIG:MCUR\n", "STAT:DEV:C1:PTC:SIG:MCUR:21.4A\n"},
      {"READ:DEV:C1:PTC:SIG:STATE\n", "STAT:DEV:C1:PTC:SIG:STATE:ON\n"},
      {"READ:DEV:TURB1:PUMP:SIG:STATE\n", "STAT:DEV:TURB1:PUMP:SIG:STATE:FAIL\n"},
      {"READ:SYS:DR:STATUS\n", "STAT:SYS:DR:STATUS:OK\n"},
      {"READ:SYS:DR:ACTN\n", "STAT:SYS:DR:ACTN:COND\n"}};
  for (const auto& [device, kind, signals] :
       {std::tuple{"C1", "PTC", "WIT WOT OILT HT HLP HHP HRS"},
        std::tuple{"TURB1", "PUMP", "SPD POWR PST MT BT PBT ET"}}) {
    for (const std::string_view signal : split(signals, ' ')) {
      const std::string what =
          "DEV:" + std::string{device} + ":" + kind + ":SIG:" + std::string{signal};
      answers["READ:" + what + "\n"] = "STAT:" + what + ":NOT_FOUND\n";
    }
  }
  for (int n = 1; n <= 16; ++n) {
    const std::string t = "DEV:T" + std::to_string(n) + ":TEMP:SIG:TEMP";
    const std::string p = "DEV:P" + std::to_string(n) + ":PRES:SIG:PRES";
    answers.try_emplace("READ:" + t + "\n", "STAT:" + t + ":NOT_FOUND\n");
    answers.try_emplace("READ:" + p + "\n", "STAT:" + p + ":NOT_FOUND\n");
  }
  return answers;
}

TEST(LiveProtocol, ReadsATriton) {
  ScriptedLink link{triton_answers()};
  const auto reader = find_live_protocol("triton_scpi")->open({});
  const LiveSample sample = reader->read(link);
  const std::string expected =
      "T8 (K)=1.47628|T9=-|P1 (mB)=-6.3|P2=-|C1 MCUR (A)=21.4|C1 STATE=1|TURB1 STATE=-";
  EXPECT_EQ(text_of(sample), expected);
  const std::map<std::string, std::string> words{
      {"P2", "the unit \"furlong\" is not known, the value is not used"},
      {"SYS:DR:ACTN", "COND"},
      {"SYS:DR:STATUS", "OK"}};
  EXPECT_EQ(sample.words, words);
  link.sent.clear();
  EXPECT_EQ(text_of(reader->read(link)), expected);
  EXPECT_EQ(link.sent.find("T1:"), std::string::npos) << "what is not there is not asked again";
}

TEST(LiveProtocol, AnInvalidTritonChannelKeepsItsName) {
  ScriptedLink link{triton_answers()};
  auto later = triton_answers();
  later["READ:DEV:T8:TEMP:SIG:TEMP\n"] = "STAT:DEV:T8:TEMP:SIG:TEMP:INVALID\n";
  ScriptedLink lost{later};
  const auto reader = find_live_protocol("triton_scpi")->open({});
  reader->read(link);
  EXPECT_EQ(text_of(reader->read(lost)).substr(0, 9), "T8 (K)=-|");
}

TEST(LiveProtocol, RefusesWhatIsNoAnswer) {
  const std::vector<std::pair<const char*, std::string>> table{
      {"triton_scpi", "STAT:DEV:T2:TEMP:SIG:TEMP:1K\n"},  // of another question
      {"triton_scpi", "\n"},
      {"triton_scpi", "STAT:SET:DEV:T1:TEMP:SIG:TEMP:VALID\n"},
      {"dr200", "no sensors today<end>"},
      {"dr200", "channel;1;2;3;4;5;6;7<end>"},
      {"qd_socket", "\"EXIT\", 0\r\n"},
      {"qd_socket", "\r\n"},
  };
  for (const auto& [protocol, answer] : table) {
    ScriptedLink link{{}};
    link.otherwise = answer;
    const auto reader = find_live_protocol(protocol)->open({.protocol = protocol});
    EXPECT_THROW(reader->read(link), LiveError) << protocol << ": " << answer;
  }
}

TEST(LiveProtocol, RefusesBrokenMessages) {
  const std::string header = R"({"content-length": 99999999})";
  for (const std::string& broken :
       {std::string("\0\x02{}", 4), std::string("\0\x02[]", 4), std::string("\xFF\xFF{", 3),
        std::string("\0\x0E{\"content-len\"}", 16),
        std::string{'\0', static_cast<char>(header.size())} + header}) {
    ScriptedLink link{{}};
    link.otherwise = broken;
    LiveSettings settings{.protocol = "qd_socket"};
    settings.options["dialect"] = "multipyvu";
    const auto reader = find_live_protocol("qd_socket")->open(settings);
    EXPECT_THROW(reader->read(link), LiveError) << broken;
  }
}

TEST(LiveProtocol, RefusesAnUnknownGreeting) {
  ScriptedLink link{{}, "SSH-2.0-OpenSSH\r\n"};
  const auto reader = find_live_protocol("qd_socket")->open({.protocol = "qd_socket"});
  EXPECT_THROW(reader->read(link), LiveError);
  EXPECT_EQ(link.sent, "");
}

/// Every request that any of the readers may ever send; each only reads.
std::set<std::string> allowed_requests() {
  std::set<std::string> allowed{"temperatures\n", "READT\r\n",  "READB\r\n",
                                "TEMP?\r\n",      "FIELD?\r\n", "CHAMBER?\r\n",
                                "FELD?\r\n",      "CHAT?\r\n",  "CHAM?\r\n"};
  for (const auto& [question, answer] : triton_answers()) allowed.insert(question);
  for (int n = 0; n <= 18; ++n) allowed.insert(std::to_string(n) + "\r\n");
  for (const char* action : {"START", "TEMP?", "FIELD?", "CHAMBER?"}) {
    allowed.insert(request(action));
  }
  return allowed;
}

/// Answers whatever comes to mind, and notes each request.
class LyingLink final : public LiveLink {
 public:
  explicit LyingLink(unsigned seed) : random_(seed) {}
  void send(std::string_view bytes) override { requests.emplace(bytes); }
  std::string receive_until(std::string_view /*end*/) override {
    static constexpr auto kLies = std::to_array<std::string_view>(
        {"", "0, 1, 300.0", "\"TEMP?\",1,\"K\",\"SET TEMP 5\"", "STAT:SET:1", "EXIT", "nan",
         "channel;;;;;;;;", "{\"action\":\"EXIT\"}", "SET:DEV:T1:TEMP:LOOP:TSET:4"});
    if (requests.empty()) return "hello";
    // A Triton answers with the question, or it is not asked on.
    const std::string last = last_question();
    if (random_() % 8 != 0 && last.starts_with("READ:")) {
      return "STAT:" + last.substr(5) + ":" + std::to_string(random_() % 100) + "K";
    }
    return std::string{kLies[random_() % kLies.size()]};
  }
  std::string receive(std::size_t bytes) override {
    if (bytes == 2) return std::string("\0\x16", 2);
    return bytes == 22 ? R"({"content-length": 15})" : R"({"result":"1,"})";
  }
  std::string peek(Milliseconds /*wait*/) override {
    static constexpr auto kGreetings =
        std::to_array<std::string_view>({"", "Connected to QDInstrument socket server.", "EXIT"});
    return std::string{kGreetings[random_() % kGreetings.size()]};
  }

  std::set<std::string> requests;

 private:
  std::string last_question() const { return std::string{trim(*requests.rbegin())}; }

  std::mt19937 random_;
};

TEST(LiveProtocol, SendsNothingButQuestionsWhateverItIsTold) {
  const std::set<std::string> allowed = allowed_requests();
  std::set<std::string> seen;
  for (unsigned seed = 0; seed < 300; ++seed) {
    for (const LiveProtocol* protocol : live_protocols()) {
      if (protocol->open == nullptr) continue;
      LiveSettings settings{.protocol = std::string{protocol->name}};
      if (protocol->name == "leiden_messenger" && seed % 2 == 0) settings.options["map"] = "newer";
      if (protocol->name == "qd_socket" && seed % 3 == 0) settings.options["dialect"] = "multipyvu";
      LyingLink link{seed};
      const auto reader = protocol->open(settings);
      for (int round = 0; round < 3; ++round) {
        try {
          reader->read(link);
        } catch (const LiveError&) {
          break;
        }
      }
      seen.insert(link.requests.begin(), link.requests.end());
    }
  }
  for (const std::string& question : seen) EXPECT_TRUE(allowed.contains(question)) << question;
  EXPECT_GT(seen.size(), 30U);
}

}  // namespace
}  // namespace coldwatch
