// The file before the one in hand: its last rows may come late, also while nobody looked.
#include <utility>

#include "agent/source/log_stream.hpp"

namespace coldwatch {

void LogStream::begin_late(std::unique_ptr<Tail> tail, UtcTime now) {
  late_ = std::move(tail);
  late_since_ = now;
  late_rest_told_ = false;
  strange_late_looks_ = 0;
}

/// Goes on in the file that an earlier run had finished, where it can be found.
void LogStream::resume_late(UtcTime now) {
  if (catalog_.listing().state != Listing::State::kListed) return;
  const bool whole = catalog_.format()->rewritten_whole;
  const std::string path = whole ? finished_->path : catalog_.whereabouts(*finished_);
  if (path.empty() || !catalog_.exists(path)) {
    if (catalog_.listing().complete) finished_.reset();
    return;
  }
  begin_late(std::make_unique<Tail>(catalog_.full_path(path), catalog_.format(),
                                    catalog_.context(path), finished_->order, &*finished_),
             now);
  late_rest_told_ = true;  // by the earlier run, unless something comes
  finished_.reset();
}

void LogStream::look_late(UtcTime now) {
  const bool long_ago = now - late_since_ > kLateLines;
  if (long_ago) tell_rest_of_late();
  if (long_ago && now >= late_looked_ && now - late_looked_ < kLateLines) return;
  late_looked_ = now;
  const Tail::Look look = late_->look();
  const bool strange =
      look == Tail::Look::kMissing || look == Tail::Look::kReplaced || look == Tail::Look::kShrunk;
  strange_late_looks_ = strange ? strange_late_looks_ + 1 : 0;
  if (strange_late_looks_ < kLooksToConfirm || has_pending()) return;
  const Listing& listing = catalog_.listing();
  if (listing.state != Listing::State::kListed || !listing.complete) return;
  const std::string now_at = catalog_.whereabouts(late_->position());
  if (now_at.empty()) {
    drop_late();
  } else {
    late_->moved_to(catalog_.full_path(now_at), now_at);
  }
}

void LogStream::tell_rest_of_late() {
  if (std::exchange(late_rest_told_, true) || late_->bytes_behind() == 0) return;
  note("gap", late_->path(),
       "ends with " + std::to_string(late_->bytes_behind()) + " bytes that are no whole record");
}

/// The file before is finished for good; what is left of it never became a record.
void LogStream::drop_late() {
  finished_.reset();
  if (!late_) return;
  tell_rest_of_late();
  late_.reset();
}

/// A place in the file in hand, with where the one before has been read to.
FilePosition LogStream::with_finished(FilePosition place) const {
  if (late_ && batch_is_late_ && has_pending()) {
    place.finished = {late_->at(given_ == 0 ? batch_begin_ : batch_[given_ - 1].next)};
  } else if (late_) {
    place.finished = {late_->position()};
  } else if (finished_) {
    place.finished = {*finished_};
  }
  return place;
}

}  // namespace coldwatch
