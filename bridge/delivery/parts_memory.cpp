#include "bridge/delivery/parts_memory.hpp"

#include <algorithm>

#include "common/json.hpp"
#include "common/messages.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

constexpr std::string_view kPrefix = "parts/";

std::string body_of(const PartsDone& done) {
  return dump({{"parts", done.parts},
               {"thread", done.thread},
               {"minimal", done.minimal},
               {"receipt", done.receipt}});
}

std::optional<PartsDone> done_of(const std::string& body) {
  try {
    const json object = parse_json(body);
    return PartsDone{.parts = object.at("parts").get<std::map<std::string, bool>>(),
                     .thread = object.at("thread").get<std::string>(),
                     .minimal = object.at("minimal").get<bool>(),
                     .receipt = object.at("receipt").get<std::string>()};
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

}  // namespace

PartsDone PartsMemory::find(const std::string& notification) const {
  const auto known = known_.find(notification);
  if (known == known_.end()) return {};
  return done_of(known->second).value_or(PartsDone{});
}

void PartsMemory::keep(const std::string& notification, const PartsDone& done) {
  if (done.parts.empty() && !done.minimal) return;
  std::string body = body_of(done);
  const auto [entry, added] = known_.try_emplace(notification);
  if (added) {
    order_.push_back(notification);
    if (order_.size() > kMost) forget(std::string{order_.front()});
  }
  if (entry->second == body) return;
  changes_.push_back({std::string{kPrefix} + notification, body});
  entry->second = std::move(body);
}

void PartsMemory::forget(const std::string& notification) {
  if (known_.erase(notification) == 0) return;
  std::erase(order_, notification);
  changes_.push_back({std::string{kPrefix} + notification, std::nullopt});
}

bool PartsMemory::restore(const CourierNote& note) {
  if (!note.id.starts_with(kPrefix)) return false;
  const std::string notification = note.id.substr(kPrefix.size());
  if (note.body && done_of(*note.body)) {
    if (known_.insert_or_assign(notification, *note.body).second) order_.push_back(notification);
  } else if (known_.erase(notification) > 0) {
    std::erase(order_, notification);
  }
  return true;
}

std::vector<CourierNote> PartsMemory::notes() const {
  std::vector<CourierNote> notes;
  for (const std::string& notification : order_) {
    notes.push_back({std::string{kPrefix} + notification, known_.at(notification)});
  }
  return notes;
}

}  // namespace coldwatch
