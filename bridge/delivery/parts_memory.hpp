// What earlier attempts of a message have settled, across restarts: nobody gets a part twice because
// another one had to be tried again. Pure; the service writes the notes into the store.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bridge/delivery/attempt.hpp"
#include "bridge/delivery/courier.hpp"

namespace coldwatch {

class PartsMemory {
 public:
  /// Of more notifications with parts settled and parts open the oldest are forgotten.
  static constexpr std::size_t kMost = 256;

  /// What is settled of this notification; nothing where it is not known.
  PartsDone find(const std::string& notification) const;
  void keep(const std::string& notification, const PartsDone& done);
  void forget(const std::string& notification);

  /// True where the note is one of this memory's.
  bool restore(const CourierNote& note);
  std::vector<CourierNote> take_changes() { return std::exchange(changes_, {}); }
  /// Everything that is known, as notes.
  std::vector<CourierNote> notes() const;

 private:
  std::map<std::string, std::string> known_;  // the bodies of notes, by notification
  std::deque<std::string> order_;             // oldest first
  std::vector<CourierNote> changes_;
};

}  // namespace coldwatch
