// How widely alarms have begun within the last minutes, for the question of a common cause.
#pragma once

#include <optional>
#include <set>

#include "bridge/alarms/alarm_book.hpp"

namespace coldwatch {

/// Counts the alarms of a book that are active and began within kWindow; not before it is asked, and then
/// once until the next begin().
class RecentAlarms {
 public:
  static constexpr Milliseconds kWindow = std::chrono::minutes{2};

  /// Counts those of `book` as of `now` when it is asked, until when `book` stays as it is.
  void begin(const AlarmBook& book, UtcTime now);

  std::size_t fridges() const { return counted().fridges.size(); }
  std::size_t rules() const { return counted().rules.size(); }

 private:
  struct Found {
    std::set<Name> fridges;
    std::set<Name> rules;
  };
  const Found& counted() const;

  const AlarmBook* book_ = nullptr;
  UtcTime now_{};
  mutable std::optional<Found> found_;
};

}  // namespace coldwatch
