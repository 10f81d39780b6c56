#include "agent/live/live_source.hpp"

#include <utility>

#include "agent/live/http_get.hpp"

namespace coldwatch {

LiveSource::LiveSource(LiveSettings settings, LiveClock clock, std::function<bool()> stop)
    : settings_(std::move(settings)),
      protocol_(*find_live_protocol(settings_.protocol)),
      clock_(std::move(clock)),
      stop_(std::move(stop)) {}

std::string LiveSource::name() const {
  return settings_.protocol + " at " + settings_.host + ":" + std::to_string(settings_.port);
}

LiveSample LiveSource::sample() {
  try {
    if (protocol_.parse == nullptr) return converse();
    const std::string scheme = settings_.tls ? "https://" : "http://";
    return protocol_.parse(
        http_get({.url = scheme + settings_.host + ":" + std::to_string(settings_.port) +
                         protocol_.target(settings_),
                  .ca_file = settings_.ca_file,
                  .timeout = settings_.timeout},
                 stop_));
  } catch (const LiveError& error) {
    link_.reset();
    throw LiveError(name() + ": " + error.what());
  }
}

LiveSample LiveSource::converse() {
  if (!link_) {
    link_ = std::make_unique<TcpLink>(settings_, clock_, stop_);
    reader_ = protocol_.open(settings_);
  }
  link_->begin_round();
  return reader_->read(*link_);
}

}  // namespace coldwatch
