// Commands to the bridge: `_bridge/<id>/cmd/<verb>` and the command line's share of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "bridge/alarms/gates.hpp"

namespace coldwatch {

struct AckCommand {
  Matcher match;
  std::string by;
  std::string note;
  bool take_back = false;  // unack
};
struct ShelveCommand {
  Shelf shelf;  // id still empty
};
struct UnshelveCommand {
  std::string id;                // of the shelf, or
  std::optional<Matcher> match;  // every shelf with this matcher
  std::string by;
};
struct TestCommand {
  std::string notifier;  // "" for every one
  std::string by;
};
struct ReloadCommand {};

using Command =
    std::variant<AckCommand, ShelveCommand, UnshelveCommand, TestCommand, ReloadCommand>;

struct ParsedCommand {
  std::optional<Command> command;
  std::string by;         // who asks, for people
  std::string error;      // a sentence, where there is no command
  std::string requester;  // the answer goes to _bridge/<id>/reply/<requester>; "" for nowhere
};

/// Reads the payload of `verb`. One that changes what people are told of alarms has to say who asks.
ParsedCommand parse_command(std::string_view verb, std::string_view payload, UtcTime now);

}  // namespace coldwatch
