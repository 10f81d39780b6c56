// What a live source has to answer, and the table of all of them. A new protocol is one file in this
// folder that defines a `const LiveProtocol`, and one row in live_protocols.cpp.
//
// Nothing in this folder can change anything at a fridge: the requests that can be sent are constants
// in the protocols' files, each of which only reads, and no text of a config or of a server becomes
// part of one.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "agent/reading/row.hpp"
#include "common/settings.hpp"

namespace coldwatch {

/// The section "live" of the agent's config.
struct LiveSettings {
  std::string protocol;  // a name of the table
  std::string host = "localhost";
  std::uint16_t port = 0;
  Milliseconds poll = std::chrono::seconds{10};
  Milliseconds timeout = std::chrono::seconds{10};  // for all answers of one round together
  Milliseconds keep = std::chrono::hours{24 * 30};  // how long the journal is kept
  std::map<std::string, std::string> options;       // of the protocol
  bool tls = false;                                 // these three are for HTTP alone
  std::string ca_file;
  std::string key;
};

/// Why there is no reading now: a sentence that says what was found and what was expected.
class LiveError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// One number as the server gave it; `name` carries its unit in brackets like a column of a log.
struct LiveValue {
  std::string name;
  double value = 0;
  Quality quality = Quality::kGood;
  bool operator==(const LiveValue&) const = default;
};

/// The answers of one round.
struct LiveSample {
  std::vector<LiveValue> values;
  std::map<std::string, std::string> words;  // what is no number, by name: "DR ACTN" is "COND"
};

/// A conversation with a server. Everything throws LiveError where the server closes, or where the
/// round's time is over.
class LiveLink {
 public:
  virtual ~LiveLink() = default;
  virtual void send(std::string_view bytes) = 0;
  /// The bytes up to `end`, which is taken off but not part of the result.
  virtual std::string receive_until(std::string_view end) = 0;
  virtual std::string receive(std::size_t bytes) = 0;
  /// What the server has said by now or says within `wait`, left to be received; "" for silence.
  virtual std::string peek(Milliseconds wait) = 0;
};

/// Asks for one round of answers. Made anew for each connection.
class LiveReader {
 public:
  virtual ~LiveReader() = default;
  virtual LiveSample read(LiveLink& link) = 0;
};

/// Either `open`, for a conversation over TCP, or `target` and `parse`, for one GET over HTTP.
struct LiveProtocol {
  std::string_view name;   // the word in configs: "triton_scpi"
  std::string_view title;  // for people
  std::uint16_t port = 0;  // the usual one; 0 where none is known
  /// Why the options are wrong, as "key: found ..., expected ..."; "" where they are right.
  std::string (*check)(const std::map<std::string, std::string>& options) = nullptr;
  std::unique_ptr<LiveReader> (*open)(const LiveSettings& settings) = nullptr;
  std::string (*target)(const LiveSettings& settings) = nullptr;
  LiveSample (*parse)(std::string_view body) = nullptr;
};

/// All protocols.
std::span<const LiveProtocol* const> live_protocols();

/// nullptr where there is none of that name.
const LiveProtocol* find_live_protocol(std::string_view name);

/// The settings in `reader`; nullopt where no protocol is named.
std::optional<LiveSettings> read_live_settings(SettingsReader reader);

/// The value of an option, or `otherwise`.
std::string live_option(const std::map<std::string, std::string>& options, const std::string& key,
                        std::string otherwise);

/// A sentence about the first option whose key is not `known` or whose value is not among `words`;
/// "" where there is none. For protocols with one option; "" for `known` is none.
std::string check_option(const std::map<std::string, std::string>& options, std::string_view known,
                         std::span<const std::string_view> words);

/// A value of `text`, invalid where that is no number.
LiveValue live_value(std::string name, std::string_view text);

}  // namespace coldwatch
