// Quantum Design PPMS behind the program tcp-visa-server, TCP 6340. A word asks, a number answers in
// the form %.9e, both ended by CRLF:
//
//   READT        2.950000000e+02        temperature in K
//   READB        0.000000000e+00        field; its unit is not known, so none is given here
#include "agent/live/live_protocol.hpp"

namespace coldwatch {

extern const LiveProtocol kPpmsVisa;

namespace {

class PpmsReader final : public LiveReader {
 public:
  LiveSample read(LiveLink& link) override {
    LiveSample sample;
    sample.values.push_back(ask(link, "READT\r\n", "Temperature (K)"));
    sample.values.push_back(ask(link, "READB\r\n", "Field"));
    return sample;
  }

 private:
  static LiveValue ask(LiveLink& link, std::string_view request, std::string name) {
    link.send(request);
    return live_value(std::move(name), link.receive_until("\n"));
  }
};

std::unique_ptr<LiveReader> open(const LiveSettings& /*settings*/) {
  return std::make_unique<PpmsReader>();
}

std::string check(const std::map<std::string, std::string>& options) {
  return check_option(options, "", {});
}

}  // namespace

const LiveProtocol kPpmsVisa{.name = "ppms_visa",
                             .title = "PPMS behind tcp-visa-server",
                             .port = 6340,
                             .check = check,
                             .open = open};

}  // namespace coldwatch
