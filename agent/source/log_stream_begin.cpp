// Where a stream begins: at its cursor, or as the config says.
#include <algorithm>
#include <utility>

#include "agent/source/log_stream.hpp"

namespace coldwatch {
namespace {

/// Calls `visit` with the place of each row of `tail` until it returns false.
template <typename Visit>
void for_each_row(Tail& tail, UtcTime now, Visit visit) {
  RowBatch batch;
  Position place = tail.position().position;
  for (;;) {
    bool moved = tail.read(batch, now);
    if (!moved && tail.more_to_take()) {
      moved = tail.look() == Tail::Look::kReady && tail.read(batch, now);
    }
    if (!moved) return;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (!visit(place, batch[i].time)) return;
      place = batch[i].next;
    }
    place = tail.position().position;
  }
}

}  // namespace

bool LogStream::begin(UtcTime now) {
  if (from_) {
    begin_at_cursor();
  } else {
    begin_fresh(now);
  }
  return tail_ != nullptr;
}

void LogStream::begin_at_cursor() {
  const FilePosition place = *from_;
  if (catalog_.format() == nullptr) return;
  const LogEntry* entry = catalog_.find(place.path);
  std::string path = catalog_.whereabouts(place);
  if (catalog_.format()->rewritten_whole && catalog_.exists(place.path)) {
    if (entry == nullptr) return;  // it is being rewritten just now
    path = place.path;
  }
  if (!path.empty()) {
    tail_ = std::make_unique<Tail>(catalog_.full_path(path), catalog_.format(),
                                   catalog_.context(path), place.order, &place);
    if (!place.finished.empty()) finished_ = place.finished.front();
    if (path != place.path && catalog_.exists(place.path)) then_path_ = place.path;
    return;
  }
  if (catalog_.is_closed_to_us(place.path)) {
    condition_ = {LogCondition::State::kUnreadable,
                  catalog_.full_path(place.path) + ": cannot be opened"};
    return;
  }
  ++strange_looks_;
  if (!listing_is_believed()) return;
  if (!std::exchange(told_gone_, true)) {
    note("gap", place.path,
         "is not the file any more that was read last; what it held after record " +
             std::to_string(place.position.record) + " is lost");
  }
  if (entry != nullptr && entry->recognition.stream == name_) {
    follow(*entry, nullptr);
    return;
  }
  for (const LogEntry* file : catalog_.files(name_)) {
    if (file->recognition.order <= place.order) continue;
    follow(*file, nullptr);
    return;
  }
}

void LogStream::begin_fresh(UtcTime now) {
  std::vector<const LogEntry*> files = catalog_.files(name_);
  std::erase_if(files, [&](const LogEntry* file) {
    if (file->problem.empty()) return false;
    condition_ = {LogCondition::State::kUnreadable, file->path + ": " + file->problem};
    return true;
  });
  if (files.empty()) return;
  condition_ = {};
  const bool came_later = std::ranges::none_of(files, &LogEntry::at_start);
  if (came_later || start_ == LogStart::kBeginning) {
    follow(*files.front(), nullptr);
    return;
  }
  const auto newest = std::ranges::find_if(files.rbegin(), files.rend(), &LogEntry::has_records);
  if (newest == files.rend()) {
    follow(*files.back(), nullptr);
    return;
  }
  files.erase(newest.base(), files.end());
  if (start_ == LogStart::kToday && begin_today(files, now)) return;
  begin_at_last(*files.back(), now);
}

/// The first record since midnight; false where there is none.
bool LogStream::begin_today(const std::vector<const LogEntry*>& files, UtcTime now) {
  const auto day = std::chrono::floor<std::chrono::days>(zone_.to_local(now));
  const UtcTime midnight = zone_.to_utc(LocalTime{day});
  const LogEntry* found = nullptr;
  FilePosition place;
  for (auto newest = files.rbegin(); newest != files.rend(); ++newest) {
    const LogEntry* file = *newest;
    follow(*file, nullptr);
    tail_->look();
    bool begins_today = true;
    std::optional<Position> first;
    for_each_row(*tail_, now, [&](Position at, UtcTime time) {
      if (time < midnight) begins_today = false;
      if (time >= midnight) first = at;
      return !first.has_value();
    });
    if (first) {
      found = file;
      place = tail_->at(*first);
    }
    if (!begins_today || !first) break;
  }
  if (found != nullptr) follow(*found, &place);
  return found != nullptr;
}

void LogStream::begin_at_last(const LogEntry& file, UtcTime now) {
  follow(file, nullptr);
  tail_->look();
  std::optional<Position> last;
  for_each_row(*tail_, now, [&](Position at, UtcTime) {
    last = at;
    return true;
  });
  if (!last) {
    follow(file, nullptr);
    return;
  }
  const FilePosition place = tail_->at(*last);
  follow(file, &place);
}

}  // namespace coldwatch
