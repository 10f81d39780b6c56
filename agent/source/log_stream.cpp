#include "agent/source/log_stream.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "agent/reading/changes.hpp"

namespace coldwatch {
namespace {

/// Stands in the order of a file that is followed although its own order is an earlier one, behind the
/// order of the file before it: no order of a format has it, and every later file comes after it.
constexpr char kSetBack = '\x01';

std::string after_row(const Tail& tail) {
  return "after record " + std::to_string(tail.position().position.record);
}

}  // namespace

LogStream::LogStream(std::string name, const Catalog& catalog, LogStart start, TimeZone zone,
                     std::optional<FilePosition> from)
    : name_(std::move(name)),
      catalog_(catalog),
      start_(start),
      zone_(std::move(zone)),
      from_(std::move(from)) {}

void LogStream::look(UtcTime now) {
  wants_listing_ = false;
  drained_ = false;
  condition_ = {};
  if (!tail_ && !begin(now)) return;
  if (finished_) resume_late(now);
  if (late_) look_late(now);
  const LogEntry* entry = catalog_.find(tail_->path());
  const bool was_set_back = tail_->order().find(kSetBack) != std::string::npos;
  if (entry != nullptr && !was_set_back && entry->identity == tail_->position().identity) {
    tail_->set_order(entry->recognition.order);
  }
  const bool seen_before = tail_->opened();
  const std::uint64_t size_before = tail_->size();
  const Tail::Look look = tail_->look();
  if (seen_before && tail_->size() > size_before) {
    grew_at_ = now;
    still_since_.reset();
  }
  if (look == Tail::Look::kUnreadable || look == Tail::Look::kUnusable) {
    condition_ = {LogCondition::State::kUnreadable, tail_->trouble()};
  }
  const bool strange =
      look == Tail::Look::kMissing || look == Tail::Look::kReplaced || look == Tail::Look::kShrunk;
  if (!strange) {
    strange_looks_ = 0;
    told_gone_ = false;
    return;
  }
  // What was taken in before it happened is read first; what has happened shows in a new listing.
  wants_listing_ = !told_gone_;
  if (++strange_looks_ >= kLooksToConfirm && !fill_from(*tail_, now)) changed(look);
}

/// Does a file that is not in the listing really not exist?
bool LogStream::listing_is_believed() const {
  const Listing& listing = catalog_.listing();
  const bool whole = listing.complete || strange_looks_ >= kLooksAtPartialListing;
  return listing.state == Listing::State::kListed && whole;
}

/// The file in hand is not there any more, or is not itself.
void LogStream::changed(Tail::Look look) {
  if (!listing_is_believed()) return;
  const FilePosition place = tail_->position();
  const std::string now_at = catalog_.whereabouts(place);
  const std::string old_path = tail_->path();
  if (!now_at.empty() && now_at != old_path) {
    if (look != Tail::Look::kMissing) then_path_ = old_path;
    tail_->moved_to(catalog_.full_path(now_at), now_at);
    tail_->look();
    strange_looks_ = 0;
  } else if (look == Tail::Look::kMissing) {
    if (!std::exchange(told_gone_, true) && tail_->bytes_behind() > 0) {
      note("gap", old_path, "was deleted; what it held " + after_row(*tail_) + " is lost");
    }
  } else {
    begin_again(look == Tail::Look::kShrunk ? "was emptied" : "was replaced by another file");
  }
}

void LogStream::begin_again(const std::string& what) {
  const std::string path = tail_->path();
  note("gap", path,
       what + "; what it held " + after_row(*tail_) +
           " cannot be read any more, and it is read from its beginning");
  from_ = position();
  const FileContext context = catalog_.context(path);
  LogFile file{catalog_.full_path(path)};
  const auto entry = examine_file(catalog_.format(), file, context);
  const std::string order = entry ? entry->recognition.order : tail_->order();
  tail_ =
      std::make_unique<Tail>(catalog_.full_path(path), catalog_.format(), context, order, nullptr);
  strange_looks_ = 0;
  tail_->look();
}

bool LogStream::fill(UtcTime now) {
  if (has_pending()) return true;
  if (drained_) return false;
  drained_ = true;
  while (tail_) {
    drained_ = !fill_from(*tail_, now);
    if (!drained_) return true;
    if (tail_->more_to_take() && !told_gone_) return false;
    if (late_ && fill_from(*late_, now)) {
      batch_is_late_ = true;
      late_rest_told_ = false;
      drained_ = false;
      return true;
    }
    if (!advance(now)) return false;
  }
  return false;
}

/// Reads on in `tail` until there is something to hand out; false where it holds nothing more.
bool LogStream::fill_from(Tail& tail, UtcTime now) {
  if (has_pending()) return true;
  for (;;) {
    batch_begin_ = tail.position().position;
    bool moved = tail.read(batch_, now);
    if (!moved && tail.more_to_take()) {
      moved = tail.look() == Tail::Look::kReady && tail.read(batch_, now);
    }
    if (!moved) return false;
    if (tail.take_begun_again()) {
      note("gap", tail.path(), "holds fewer records than before; it is read from its beginning");
    }
    given_ = 0;
    batch_is_late_ = false;
    batch_end_ = tail.position().position;
    remarks_pending_ = !batch_.remarks.empty();
    if (&tail != late_.get()) compare_channels(tail.path());
    if (has_pending()) return true;
  }
}

void LogStream::compare_channels(const std::string& file) {
  const SharedChannels& now = batch_.channels();
  if (now == channels_) return;
  if (channels_ && now && *channels_ != *now) {
    note("format_changed", file, describe_changes(*channels_, *now));
  }
  channels_ = now;
}

LogStream::Handed LogStream::hand_out(std::size_t end) {
  Handed handed;
  const Position before = given_ == 0 ? batch_begin_ : batch_[given_ - 1].next;
  const Position after = end == batch_.size() ? batch_end_ : batch_[end - 1].next;
  if (batch_is_late_ && tail_->opened()) {
    // The cursor is in the next file already and stays there.
    handed = {late_->path(), tail_->position(), tail_->position(), true};
    handed.before.finished = {late_->at(before)};
    handed.after.finished = {late_->at(after)};
  } else if (batch_is_late_) {
    // The next file could not be opened yet: the cursor is still in this one.
    handed = {late_->path(), late_->at(before), late_->at(after)};
    from_ = handed.after;
  } else {
    handed = {tail_->path(), with_finished(tail_->at(before)), with_finished(tail_->at(after))};
  }
  given_ = end;
  remarks_pending_ = false;
  return handed;
}

std::optional<FilePosition> LogStream::position() const {
  if (!tail_ || !tail_->opened()) return from_;
  if (!has_pending() || batch_is_late_) return with_finished(tail_->position());
  return with_finished(tail_->at(given_ == 0 ? batch_begin_ : batch_[given_ - 1].next));
}

std::uint64_t LogStream::bytes_behind() const {
  if (!tail_) return 0;
  std::uint64_t bytes = tail_->bytes_behind();
  if (has_pending() && !batch_is_late_) {
    const Position next = given_ == 0 ? batch_begin_ : batch_[given_ - 1].next;
    bytes += batch_end_.offset - std::min(next.offset, batch_end_.offset);
  }
  for (const LogEntry* file : later_files()) bytes += file->size;
  return bytes + catalog_.bytes_beyond(name_).value_or(0);
}

std::vector<const LogEntry*> LogStream::later_files() const {
  std::vector<const LogEntry*> later;
  const FilePosition own = tail_->position();
  const auto& files = catalog_.files(name_);
  for (auto file = files.rbegin(); file != files.rend(); ++file) {
    const bool follows = std::tie((*file)->recognition.order, (*file)->path) >
                         std::tie(tail_->order(), tail_->path());
    if (!follows) break;
    const bool same_file = (*file)->identity == own.identity && !told_gone_;  // numbers are reused
    const bool is_own =
        same_file || (*file)->path == own.path ||
        ((*file)->recognition.order == own.order && (*file)->head_hash == own.head_hash);
    if (!is_own && (*file)->has_records) later.insert(later.begin(), *file);
  }
  return later;
}

const LogEntry* LogStream::successor() const {
  if (!then_path_.empty()) {
    const LogEntry* entry = catalog_.find(then_path_);
    if (entry != nullptr && entry->has_records) return entry;
  }
  const auto later = later_files();
  return later.empty() ? nullptr : later.front();
}

bool LogStream::advance(UtcTime now) {
  const bool in_doubt = strange_looks_ > 0 && !told_gone_;
  const LogEntry* next = in_doubt ? nullptr : successor();
  std::string order = next == nullptr ? "" : next->recognition.order;
  if (next == nullptr && !in_doubt) {
    next = after_clock_was_set_back(now);
    if (next != nullptr) order = tail_->order() + kSetBack + next->recognition.order;
  }
  if (next == nullptr) return false;
  const bool still_growing = grew_at_ && now >= *grew_at_ && now - *grew_at_ < kLinger;
  if (still_growing) return false;
  drop_late();
  // After a restart nothing may have been read of it, and yet the next file is compared with it.
  if (!channels_ && tail_->opened() && !tail_->channels()->empty()) channels_ = tail_->channels();
  from_ = position();
  if (tail_->opened() && !told_gone_) begin_late(std::move(tail_), now);
  follow(*next, nullptr);
  tail_->set_order(std::move(order));
  tail_->look();
  return true;
}

/// Only what goes on growing while the file in hand does not is believed: a copy that is put into the
/// folder does not.
const LogEntry* LogStream::after_clock_was_set_back(UtcTime now) {
  if (catalog_.format()->rewritten_whole) return nullptr;
  if (!still_since_ || now < *still_since_) {
    still_since_ = now;
    growths_before_.clear();
    for (const LogEntry* file : catalog_.files(name_)) growths_before_[file->path] = file->growths;
  }
  if (now - *still_since_ < kStandsStill) return nullptr;
  for (const LogEntry* file : catalog_.files(name_)) {
    const bool is_own = file->path == tail_->path() || file->identity == tail_->position().identity;
    if (is_own || !file->has_records) continue;
    if (file->growths - growths_before_[file->path] < kGrowthsToBelieve) continue;
    note("gap", file->path,
         "grows although it begins before " + tail_->path() +
             ", as after a clock that was set back; it is followed from its beginning");
    return file;
  }
  return nullptr;
}

void LogStream::follow(const LogEntry& entry, const FilePosition* from) {
  tail_ = std::make_unique<Tail>(catalog_.full_path(entry.path), entry.format,
                                 catalog_.context(entry.path), entry.recognition.order, from);
  then_path_.clear();
  grew_at_.reset();
  still_since_.reset();
  strange_looks_ = 0;
  told_gone_ = false;
}

void LogStream::note(std::string type, const std::string& file, std::string text) {
  notices_.push_back({std::move(type), name_, file, file + " " + std::move(text)});
}

}  // namespace coldwatch
