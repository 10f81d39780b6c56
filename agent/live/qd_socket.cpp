// Quantum Design's socket servers, all on TCP 5000, in dialects that do not understand each other.
// The option "dialect" names one, or "auto" tells them apart by what they say first:
//
//   qdinstrument  greets with "Connected to QDInstrument socket server."
//     TEMP?  FIELD?  CHAMBER?    "TEMP?", 296.000,"K","Stable"      or, older:  0, 300.0, 1
//   multipyvu     greets with a message (or is named in the config, where it waits to be asked)
//     each message: 2 bytes, big-endian, the length of a JSON header {"byteorder", "content-type",
//     "content-encoding", "content-length"}, then so many bytes of JSON {"action","query","result"};
//     first START, then TEMP? FIELD? CHAMBER? with results like "300.0,K,Stable"
//   dynacool      is silent (so is VXI-11's visa_server, which answers 0,300.0,"K",1,"Stable")
//     TEMP?  FELD?  CHAT?  CHAM?   <error>, <status>, <value>: 0, 1, 300.0
//
// A connection is ended by closing it, never by EXIT, which ends the server.
#include <algorithm>
#include <array>

#include "agent/formats/text_lines.hpp"
#include "agent/live/live_protocol.hpp"
#include "common/json.hpp"
#include "common/text.hpp"

namespace coldwatch {

extern const LiveProtocol kQdSocket;

namespace {

using nlohmann::json;

constexpr Milliseconds kGreetingWait = std::chrono::seconds{2};
constexpr std::size_t kLargestMessageBytes = 64 * 1024;
constexpr auto kDialects =
    std::to_array<std::string_view>({"auto", "qdinstrument", "multipyvu", "dynacool"});

struct Question {
  std::string_view request;
  std::string_view name;
  std::string_view unit;  // where the answer tells none
};
constexpr auto kUsual = std::to_array<Question>(
    {{"TEMP?", "Temperature", "K"}, {"FIELD?", "Field", "Oe"}, {"CHAMBER?", "Chamber", ""}});
constexpr auto kDynacool = std::to_array<Question>({{"TEMP?", "Temperature", "K"},
                                                    {"FELD?", "Field", "Oe"},
                                                    {"CHAT?", "Chamber temperature", "K"},
                                                    {"CHAM?", "Chamber", ""}});

std::string shown(std::string_view text) { return "\"" + one_line(to_utf8(text), 80) + "\""; }

/// Without blanks and quotes around them.
std::vector<std::string> fields_of(std::string_view answer) {
  std::vector<std::string> fields;
  for (std::string_view field : split(answer, ',')) {
    field = trim(field);
    if (field.size() >= 2 && field.front() == '"' && field.back() == '"') {
      field = field.substr(1, field.size() - 2);
    }
    fields.emplace_back(trim(field));
  }
  return fields;
}

void add(const Question& question, std::string_view value, std::string_view unit,
         LiveSample& sample) {
  const std::string_view known = unit.empty() ? question.unit : unit;
  sample.values.push_back(live_value(
      std::string{question.name} + (known.empty() ? "" : " (" + std::string{known} + ")"), value));
}

/// Value, unit and state, of which a chamber has the last alone.
void add_named(const Question& question, std::span<const std::string> fields, LiveSample& sample) {
  if (fields.size() > 1) add(question, fields[0], fields[1], sample);
  if (!fields.empty()) sample.words[std::string{question.name}] = fields.back();
}

bool is_number(std::string_view text) { return parse_number(text).has_value(); }

/// Error, status and value in the order of the dialect.
void add_coded(const Question& question, const std::vector<std::string>& fields, bool value_last,
               LiveSample& sample) {
  const std::string name{question.name};
  if (fields.size() == 5) {  // visa_server: error, value, unit, status, state
    add_named(question, std::array{fields[1], fields[2], fields[4]}, sample);
  } else if (fields.size() == 3) {
    add(question, fields[value_last ? 2 : 1], "", sample);
    sample.values.push_back(live_value(name + " status", fields[value_last ? 1 : 2]));
  } else {
    sample.values.push_back(live_value(name + " status", fields.back()));
  }
  if (fields[0] == "0") return;
  for (LiveValue& value : sample.values) {
    if (value.name.starts_with(name)) value.quality = Quality::kInvalid;
  }
}

class TextReader {
 public:
  TextReader(std::span<const Question> questions, bool value_last)
      : questions_(questions), value_last_(value_last) {}

  LiveSample read(LiveLink& link) const {
    LiveSample sample;
    for (const Question& question : questions_) {
      link.send(std::string{question.request} + "\r\n");
      const std::string line{trim(link.receive_until("\n"))};
      const std::vector<std::string> fields = fields_of(line);
      if (fields.size() > 1 && fields[0] == question.request) {
        add_named(question, std::span{fields}.subspan(1), sample);
      } else if (fields.size() > 1 && is_number(fields[0])) {
        add_coded(question, fields, value_last_, sample);
      } else {
        throw LiveError("found " + shown(line) + ", expected an answer to " +
                        std::string{question.request});
      }
    }
    return sample;
  }

 private:
  std::span<const Question> questions_;
  bool value_last_;
};

void send_message(LiveLink& link, std::string_view action) {
  const std::string body = json{{"action", action}, {"query", ""}, {"result", ""}}.dump();
  const std::string header = json{
      {"byteorder", "little"},
      {"content-type", "text/json"},
      {"content-encoding", "utf-8"},
      {"content-length",
       body.size()}}.dump();
  const auto high = static_cast<char>(header.size() >> 8U);
  const auto low = static_cast<char>(header.size() & 0xFFU);
  link.send(std::string{high, low} + header + body);
}

json receive_json(LiveLink& link, std::size_t bytes) {
  const std::string text = link.receive(bytes);
  json value = parse_json_or_discard(text);
  if (!value.is_object()) throw LiveError("found " + shown(text) + ", expected a JSON object");
  return value;
}

/// The member "result" of the next message.
std::string receive_result(LiveLink& link) {
  const std::string length = link.receive(2);
  const auto high = static_cast<unsigned char>(length[0]);
  const auto low = static_cast<unsigned char>(length[1]);
  const json header = receive_json(link, std::size_t{high} * 256 + low);
  const auto bytes = header.find("content-length");
  if (bytes == header.end() || !bytes->is_number_unsigned() ||
      bytes->get<std::uint64_t>() > kLargestMessageBytes) {
    throw LiveError("found the header " + shown(header.dump(-1, ' ', true)) +
                    ", expected a \"content-length\" of at most " +
                    std::to_string(kLargestMessageBytes));
  }
  const json message = receive_json(link, bytes->get<std::size_t>());
  const auto result = message.find("result");
  return result != message.end() && result->is_string() ? result->get<std::string>() : "";
}

LiveSample read_messages(LiveLink& link) {
  LiveSample sample;
  for (const Question& question : kUsual) {
    send_message(link, question.request);
    const std::vector<std::string> fields = fields_of(receive_result(link));
    add_named(question, fields, sample);
  }
  return sample;
}

class QdReader final : public LiveReader {
 public:
  explicit QdReader(std::string dialect) : dialect_(std::move(dialect)) {}

  LiveSample read(LiveLink& link) override {
    if (!begun_) begin(link);
    begun_ = true;
    if (dialect_ == "multipyvu") return read_messages(link);
    if (dialect_ == "qdinstrument") return TextReader{kUsual, false}.read(link);
    return TextReader{kDynacool, true}.read(link);
  }

 private:
  void begin(LiveLink& link) {
    const std::string greeting = link.peek(kGreetingWait);
    const bool is_message = greeting.size() > 2 && greeting[2] == '{';
    if (dialect_ == "auto") {
      const bool is_known = lower_ascii(greeting).starts_with("connected to qdinstrument");
      if (!greeting.empty() && !is_known && !is_message) {
        throw LiveError("found the greeting " + shown(greeting) +
                        ", expected one that is known: option \"dialect\" can name it");
      }
      dialect_ = is_known ? "qdinstrument" : is_message ? "multipyvu" : "dynacool";
    }
    if (dialect_ == "qdinstrument") link.receive_until("\n");
    if (dialect_ != "multipyvu") return;
    if (is_message) receive_result(link);
    send_message(link, "START");
    receive_result(link);
  }

  std::string dialect_;
  bool begun_ = false;
};

std::unique_ptr<LiveReader> open(const LiveSettings& settings) {
  return std::make_unique<QdReader>(live_option(settings.options, "dialect", "auto"));
}

std::string check(const std::map<std::string, std::string>& options) {
  return check_option(options, "dialect", kDialects);
}

}  // namespace

const LiveProtocol kQdSocket{.name = "qd_socket",
                             .title = "Quantum Design socket server",
                             .port = 5000,
                             .check = check,
                             .open = open};

}  // namespace coldwatch
