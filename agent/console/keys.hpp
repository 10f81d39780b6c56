// Keys that a person presses at the console, and how a terminal spells them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace coldwatch {

enum class Key : std::uint8_t {
  kTest,
  kSnapshot,
  kExit,  // q or Escape
  kYes,
  kUp,
  kDown,
  kPageUp,
  kPageDown,
  kOther,
  kGone,  // there is no terminal any more
};

/// The key of a letter; kOther for one that means nothing.
Key key_of_letter(char letter);

/// Takes the bytes of a terminal apart. An Escape by itself is a key; with what follows it at once it
/// is the name of another one.
class KeyReader {
 public:
  /// `bytes` are all that came since the last call; an Escape at their end is decided by the next call.
  std::vector<Key> read(std::string_view bytes);

 private:
  static constexpr std::size_t kLongestName = 16;
  std::string name_;  // an Escape and what followed it, not complete yet
};

}  // namespace coldwatch
