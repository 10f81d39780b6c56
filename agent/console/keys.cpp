#include "agent/console/keys.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace coldwatch {
namespace {

constexpr char kEscape = '\x1b';

constexpr std::array<std::pair<std::string_view, Key>, 8> kNames{{{"[A", Key::kUp},
                                                                  {"[B", Key::kDown},
                                                                  {"OA", Key::kUp},
                                                                  {"OB", Key::kDown},
                                                                  {"[5~", Key::kPageUp},
                                                                  {"[6~", Key::kPageDown},
                                                                  {"[1;5A", Key::kPageUp},
                                                                  {"[1;5B", Key::kPageDown}}};

bool begins_name(char letter) { return letter == '[' || letter == 'O'; }

/// A name that begins with "O" has one letter more, one that begins with "[" ends with its first
/// letter or tilde.
bool complete(std::string_view name) {
  if (name.size() < 2) return false;
  const char last = name.back();
  return name.front() == 'O' || (last >= '@' && last <= '~');
}

Key named(std::string_view name) {
  const auto found = std::ranges::find(kNames, name, [](const auto& one) { return one.first; });
  return found == kNames.end() ? Key::kOther : found->second;
}

}  // namespace

Key key_of_letter(char letter) {
  switch (letter) {
    case 't':
    case 'T':
      return Key::kTest;
    case 's':
    case 'S':
      return Key::kSnapshot;
    case 'q':
    case 'Q':
      return Key::kExit;
    case 'y':
    case 'Y':
      return Key::kYes;
    case 'k':
      return Key::kUp;
    case 'j':
      return Key::kDown;
    case ' ':
      return Key::kPageDown;
    default:
      return Key::kOther;
  }
}

std::vector<Key> KeyReader::read(std::string_view bytes) {
  std::vector<Key> keys;
  if (bytes.empty() && !name_.empty()) {
    keys.push_back(name_.size() == 1 ? Key::kExit : Key::kOther);
    name_.clear();
  }
  for (const char letter : bytes) {
    if (name_.size() == 1 && !begins_name(letter)) {
      keys.push_back(Key::kExit);
      name_.clear();
    }
    if (name_.empty() && letter != kEscape) {
      keys.push_back(key_of_letter(letter));
      continue;
    }
    name_ += letter;
    const std::string_view name = std::string_view{name_}.substr(1);
    if (!complete(name) && name_.size() < kLongestName) continue;
    keys.push_back(named(name));
    name_.clear();
  }
  return keys;
}

}  // namespace coldwatch
