// A server in a table: what it says to each request, and every byte that it was sent.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "agent/live/live_protocol.hpp"

namespace coldwatch::testing {

class ScriptedLink final : public LiveLink {
 public:
  /// `answers` by request, as they go over the wire; `greeting` comes first.
  explicit ScriptedLink(std::map<std::string, std::string> answers, std::string greeting = {})
      : answers_(std::move(answers)), to_read_(std::move(greeting)) {}

  void send(std::string_view bytes) override {
    sent += bytes;
    const auto answer = answers_.find(std::string{bytes});
    to_read_ += answer == answers_.end() ? otherwise : answer->second;
  }
  std::string receive_until(std::string_view end) override {
    const std::size_t found = to_read_.find(end);
    if (found == to_read_.npos) throw LiveError("silence");
    return take(found, end.size());
  }
  std::string receive(std::size_t bytes) override {
    if (to_read_.size() < bytes) throw LiveError("silence");
    return take(bytes, 0);
  }
  std::string peek(Milliseconds /*wait*/) override { return to_read_; }

  std::string sent;
  std::string otherwise;  // the answer to everything that is not in the table

 private:
  std::string take(std::size_t bytes, std::size_t with_end) {
    std::string taken = to_read_.substr(0, bytes);
    to_read_.erase(0, bytes + with_end);
    return taken;
  }

  std::map<std::string, std::string> answers_;
  std::string to_read_;
};

/// "T8 (K)=1.5", with "~" before a stale and "-" for an invalid value; one blank between two.
inline std::string text_of(const LiveSample& sample) {
  std::string text;
  for (const LiveValue& value : sample.values) {
    std::string number = value.quality == Quality::kStale ? "~" : "";
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.9g", value.value);
    number += buffer;
    if (value.quality == Quality::kInvalid) number = "-";
    text += (text.empty() ? "" : "|") + value.name + "=" + number;
  }
  return text;
}

}  // namespace coldwatch::testing
