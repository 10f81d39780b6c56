#include "bridge/watch/drill.hpp"

#include <nlohmann/json.hpp>

namespace coldwatch {

bool Drill::begin_if_due(UtcTime now, const std::set<std::string>& notifiers) {
  if (settings_.every == Milliseconds{0}) return false;
  if (!last_) last_ = now;
  if (now < *last_ + settings_.every) return false;
  last_ = now;
  waiting_ = notifiers;
  return true;
}

std::optional<std::string> Drill::arrived(const std::string& notifier, UtcTime now) {
  if (waiting_.erase(notifier) == 0 || !waiting_.empty()) return std::nullopt;
  return duration_words(now - *last_);
}

std::string Drill::missing(UtcTime now) const {
  if (!last_ || waiting_.empty() || now < *last_ + settings_.late_after) return "";
  std::string names;
  for (const std::string& name : waiting_) names += (names.empty() ? "" : ", ") + name;
  return "the drill of " + to_rfc3339(*last_) + " has not arrived through " + names;
}

std::string Drill::state() const {
  nlohmann::json object{{"waiting", waiting_}};
  if (last_) object["last"] = to_rfc3339(*last_);
  return object.dump();
}

void Drill::restore(std::string_view state) {
  const auto object = nlohmann::json::parse(state, nullptr, false);
  if (!object.is_object()) return;
  try {
    last_ = parse_rfc3339(object.value("last", ""));
    waiting_ = object.value("waiting", std::set<std::string>{});
  } catch (const nlohmann::json::exception&) {
    last_.reset();
    waiting_.clear();
  }
}

}  // namespace coldwatch
