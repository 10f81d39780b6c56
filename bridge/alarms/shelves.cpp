#include "bridge/alarms/shelves.hpp"

#include <algorithm>

#include "bridge/deadlines.hpp"

namespace coldwatch {

const Shelf* Shelves::find(const std::string& id) const {
  const auto found = std::ranges::find(all_, id, &Shelf::id);
  return found == all_.end() ? nullptr : &*found;
}

void Shelves::add(Shelf shelf) {
  changed_.insert(shelf.id);
  all_.push_back(std::move(shelf));
}

int Shelves::end(const std::string& id, const std::optional<Matcher>& match) {
  int count = 0;
  for (Shelf& shelf : all_) {
    const bool meant = shelf.id == id || (match && shelf.match == *match);
    if (!meant || shelf.ended) continue;
    shelf.ended = true;
    changed_.insert(shelf.id);
    ++count;
  }
  return count;
}

bool Shelves::merge(const std::vector<Shelf>& theirs) {
  bool news = false;
  for (const Shelf& shelf : theirs) {
    if (find(shelf.id) != nullptr) {
      news |= shelf.ended && end(shelf.id, std::nullopt) > 0;
    } else if (!full()) {
      add(shelf);
      news = true;
    }
  }
  return news;
}

bool Shelves::expire(UtcTime now) {
  const auto over =
      std::ranges::stable_partition(all_, [now](const Shelf& shelf) { return shelf.until > now; });
  for (const Shelf& shelf : over) changed_.insert(shelf.id);
  const bool any = !over.empty();
  all_.erase(over.begin(), over.end());
  return any;
}

std::optional<UtcTime> Shelves::next() const {
  std::optional<UtcTime> first;
  for (const Shelf& shelf : all_) take_earlier(first, shelf.until);
  return first;
}

}  // namespace coldwatch
