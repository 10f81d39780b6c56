// A server that says arbitrary bytes to each live protocol: nothing but questions may be sent to it.
// Input: a byte that chooses the protocol, one that chooses its option, and what the server says.
#include <cmath>
#include <cstdint>

#include "agent/live/live_protocol.hpp"
#include "common/text.hpp"
#include "tests/fuzz/require.hpp"

namespace coldwatch {
namespace {

bool is_question(std::string_view bytes) {
  if (bytes.find("SET") != bytes.npos || bytes.find("EXIT") != bytes.npos) return false;
  if (bytes.size() > 2 && bytes[2] == '{') return bytes.find("\"query\":\"\"") != bytes.npos;
  const std::string_view text = trim(bytes);
  return text.starts_with("READ:") || text == "READT" || text == "READB" || text.ends_with('?') ||
         text == "temperatures" || parse_integer(text).has_value();
}

class Babbler final : public LiveLink {
 public:
  Babbler(std::string_view says, bool repeats_the_question)
      : says_(says), repeats_the_question_(repeats_the_question) {}

  void send(std::string_view bytes) override {
    require(is_question(bytes), "only questions are sent");
    question_ = std::string{trim(bytes)};
  }
  std::string receive_until(std::string_view end) override {
    const std::size_t found = says_.find(end);
    if (found == says_.npos) throw LiveError("silence");
    const std::string text{says_.substr(0, found)};
    says_.remove_prefix(found + end.size());
    const bool repeats = repeats_the_question_ && question_.starts_with("READ:");
    return repeats ? "STAT" + question_.substr(4) + ":" + text : text;
  }
  std::string receive(std::size_t bytes) override {
    if (says_.size() < bytes) throw LiveError("silence");
    const std::string text{says_.substr(0, bytes)};
    says_.remove_prefix(bytes);
    return text;
  }
  std::string peek(Milliseconds /*wait*/) override { return std::string{says_}; }

 private:
  std::string_view says_;
  bool repeats_the_question_;
  std::string question_;
};

void check(const LiveSample& sample) {
  for (const LiveValue& value : sample.values) {
    require(value.quality != Quality::kGood || std::isfinite(value.value), "good is finite");
    require(!value.name.empty() && value.name.size() < 1000, "names are bounded");
  }
}

void run(std::string_view input) {
  if (input.size() < 2) return;
  const auto choice = static_cast<std::uint8_t>(input[0]);
  const auto option = static_cast<std::uint8_t>(input[1]);
  const auto protocols = live_protocols();
  const LiveProtocol& protocol = *protocols[choice % protocols.size()];
  LiveSettings settings{.protocol = std::string{protocol.name}};
  if (option % 2 == 1) settings.options = {{"map", "newer"}, {"dialect", "multipyvu"}};
  try {
    if (protocol.parse != nullptr) return check(protocol.parse(input.substr(2)));
    Babbler server{input.substr(2), option % 4 < 2};
    const auto reader = protocol.open(settings);
    for (int round = 0; round < 3; ++round) check(reader->read(server));
  } catch (const LiveError&) {
    return;  // the usual end
  }
}

}  // namespace
}  // namespace coldwatch

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  coldwatch::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
