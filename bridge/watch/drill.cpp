#include "bridge/watch/drill.hpp"

#include <algorithm>

#include "common/json.hpp"

namespace coldwatch {

bool Drill::begin_if_due(UtcTime now, const std::set<std::string>& notifiers) {
  std::erase_if(waiting_, [&](const auto& entry) { return !notifiers.contains(entry.first); });
  if (settings_.every == Milliseconds{0}) {
    waiting_.clear();
    return false;
  }
  if (!last_) last_ = now;
  if (now < *last_ + settings_.every) return false;
  last_ = now;
  for (const std::string& name : notifiers) waiting_.try_emplace(name, now);
  return true;
}

std::optional<std::string> Drill::arrived(const std::string& notifier, UtcTime now) {
  if (waiting_.erase(notifier) == 0 || !waiting_.empty()) return std::nullopt;
  return duration_words(now - *last_);
}

std::string Drill::missing(UtcTime now) const {
  std::string names;
  UtcTime first = now;
  for (const auto& [name, since] : waiting_) {
    if (now < since + settings_.late_after) continue;
    names += (names.empty() ? "" : ", ") + name;
    first = std::min(first, since);
  }
  if (names.empty()) return "";
  return "the drill of " + to_rfc3339(first) + " has not arrived through " + names;
}

std::string Drill::state() const {
  nlohmann::json object{{"waiting", nlohmann::json::object()}};
  for (const auto& [name, since] : waiting_) object["waiting"][name] = to_rfc3339(since);
  if (last_) object["last"] = to_rfc3339(*last_);
  return object.dump();
}

void Drill::restore(std::string_view state) {
  const auto object = parse_json_or_discard(state);
  if (!object.is_object()) return;
  try {
    last_ = parse_rfc3339(object.value("last", ""));
    waiting_.clear();
    for (const auto& [name, since] :
         object.value("waiting", std::map<std::string, std::string>{})) {
      if (const auto time = parse_rfc3339(since)) waiting_[name] = *time;
    }
  } catch (const nlohmann::json::exception&) {
    last_.reset();
    waiting_.clear();
  }
}

}  // namespace coldwatch
