#include "bridge/alarms/gates.hpp"

#include <algorithm>
#include <array>

namespace coldwatch {

std::string_view word(GateReason reason) {
  constexpr std::array<std::string_view, 4> kWords{"open", "shelved", "inhibited", "quiet_hours"};
  return kWords[static_cast<std::size_t>(reason)];
}

Gate shelf_gate(const std::vector<Shelf>& shelves, const Subject& subject, UtcTime now) {
  Gate gate;
  for (const Shelf& shelf : shelves) {
    if (shelf.ended || shelf.until <= now || !shelf.match.matches(subject)) continue;
    gate.reason = GateReason::kShelved;
    gate.until = gate.until ? std::max(*gate.until, shelf.until) : shelf.until;
  }
  return gate;
}

Gate quiet_gate(const std::optional<Hours>& hours, Severity severity, const TimeZone& zone,
                UtcTime now) {
  if (severity == Severity::kCritical || !hours || !is_within(*hours, zone, now)) return {};
  return {GateReason::kQuietHours, next_change(*hours, zone, now)};
}

bool Inhibitions::note(const Alarm& alarm, const Subject& subject, UtcTime now) {
  bool changed = false;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (!rules_[i].source.matches(subject)) continue;
    const auto known = sources_.find({i, alarm.key});
    if (alarm.active()) {
      Source source{alarm.key, std::string{subject.site}, rules_[i].target.matches(subject), {}};
      changed |= known == sources_.end() || known->second.until.has_value();
      sources_.insert_or_assign({i, alarm.key}, std::move(source));
    } else if (known != sources_.end() && !known->second.until) {
      known->second.until = now + hold_;
      changed = true;
    }
  }
  std::erase_if(sources_, [now](const auto& entry) {
    return entry.second.until && *entry.second.until <= now;
  });
  return changed;
}

bool Inhibitions::inhibits(const InhibitRule& rule, const Source& source, const Alarm& alarm,
                           const Subject& subject) const {
  if (source.key == alarm.key) return false;
  if (rule.same_fridge && source.key.fridge != alarm.key.fridge) return false;
  if (rule.same_site && source.site != subject.site) return false;
  // Two alarms that are each both source and target would silence each other.
  return !source.is_target_too || !rule.source.matches(subject);
}

Gate Inhibitions::gate(const Alarm& alarm, const Subject& subject, UtcTime now) const {
  if (sources_.empty() || rose_to_critical(alarm)) return {};
  Gate gate;
  for (const auto& [id, source] : sources_) {
    if (source.until && *source.until <= now) continue;
    const InhibitRule& rule = rules_[id.first];
    if (!rule.target.matches(subject) || !inhibits(rule, source, alarm, subject)) continue;
    if (!source.until) return {GateReason::kInhibited, std::nullopt};
    gate.reason = GateReason::kInhibited;
    gate.until = gate.until ? std::max(*gate.until, *source.until) : *source.until;
  }
  return gate;
}

std::optional<UtcTime> Inhibitions::next(UtcTime now) const {
  std::optional<UtcTime> first;
  for (const auto& [id, source] : sources_) {
    if (!source.until || *source.until <= now) continue;
    first = first ? std::min(*first, *source.until) : *source.until;
  }
  return first;
}

}  // namespace coldwatch
