// The reasons to stay quiet for now. None of them ever holds back the end of something that was told.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/alarms/alarm.hpp"
#include "bridge/alarms/hours.hpp"
#include "bridge/alarms/matcher.hpp"

namespace coldwatch {

enum class GateReason { kOpen, kShelved, kInhibited, kQuietHours };
std::string_view word(GateReason reason);

struct Gate {
  GateReason reason = GateReason::kOpen;
  std::optional<UtcTime> until;  // when it opens by itself, where that is known
  bool open() const { return reason == GateReason::kOpen; }
  bool operator==(const Gate&) const = default;
};

/// A person's wish not to hear of some alarms for a while.
struct Shelf {
  std::string id;  // ULID
  Matcher match;
  UtcTime until{};
  std::string by;
  std::string why;
  bool maintenance = false;
  bool ended = false;  // before its time; kept, so that no other bridge goes on with it
  bool operator==(const Shelf&) const = default;
};
inline constexpr std::chrono::hours kLongestShelf{12};
inline constexpr std::chrono::hours kLongestMaintenance{14 * 24};
inline constexpr std::size_t kMostShelves = 1000;

/// While an alarm that `source` names is active, those that `target` names are its symptoms.
struct InhibitRule {
  Matcher source;
  Matcher target;
  bool same_fridge = false;
  bool same_site = false;
};

/// The gate of the shelf that ends last among those that name `subject`.
Gate shelf_gate(const std::vector<Shelf>& shelves, const Subject& subject, UtcTime now);

/// The gate of `hours`, in which only critical alarms pass, for an alarm of that severity.
Gate quiet_gate(const std::optional<Hours>& hours, Severity severity, const TimeZone& zone,
                UtcTime now);

/// Which sources of inhibition are active, or were until a moment ago.
class Inhibitions {
 public:
  Inhibitions(std::vector<InhibitRule> rules, Milliseconds hold)
      : rules_(std::move(rules)), hold_(hold) {}

  /// Notes an alarm that may be a source. True where that changes what is inhibited.
  bool note(const Alarm& alarm, const Subject& subject, UtcTime now);
  /// The gate of a target. It stays closed for `hold` after the last source ended, so that symptoms
  /// which end a little later are never told.
  Gate gate(const Alarm& alarm, const Subject& subject, UtcTime now) const;
  /// The next instant after `now` at which a hold ends.
  std::optional<UtcTime> next(UtcTime now) const;

 private:
  struct Source {
    AlarmKey key;
    std::string site;
    bool is_target_too = false;
    std::optional<UtcTime> until;  // none while the source is active
  };
  bool inhibits(const InhibitRule& rule, const Source& source, const Alarm& alarm,
                const Subject& subject) const;

  std::vector<InhibitRule> rules_;
  Milliseconds hold_;
  std::map<std::pair<std::size_t, AlarmKey>, Source> sources_;
};

}  // namespace coldwatch
