#include "agent/source/tail.hpp"

#include <algorithm>
#include <utility>

#include "agent/source/fingerprint.hpp"

namespace coldwatch {
namespace {

constexpr std::size_t kLastBytes = 64;

}  // namespace

Tail::Tail(std::string full_path, const Format* format, FileContext context, std::string order,
           const FilePosition* from)
    : full_path_(std::move(full_path)),
      format_(format),
      context_(std::move(context)),
      order_(std::move(order)) {
  if (from == nullptr) return;
  identity_ = from->identity;
  head_hash_ = from->head_hash;
  position_ = from->position;
  resumed_ = true;
}

Tail::Look Tail::look() {
  LogFile file{full_path_};
  if (file.state() == LogFile::State::kMissing) return Look::kMissing;
  if (file.state() == LogFile::State::kUnreadable) {
    trouble_ = file.error();
    return Look::kUnreadable;
  }
  if (format_->rewritten_whole) return take_in_whole(file);
  if (const auto other = compare(file)) return *other;
  if (!reader_) {
    const Look opened = open_reader(file);
    if (opened != Look::kReady) return opened;
  }
  return take_in(file);
}

/// nullopt where it is the file it was; then identity, size and first bytes are those of now.
std::optional<Tail::Look> Tail::compare(LogFile& file) {
  const bool same_file = file.identity() == identity_;
  const bool untouched = same_file && file.size() == size_ && file.changed() == changed_;
  if (untouched) return std::nullopt;
  const std::size_t telling = fingerprint_bytes(head_hash_);
  if (telling > 0) {
    const auto same_head = begins_with(file, head_hash_);
    if (!same_head) {
      trouble_ = file.error();
      return Look::kUnreadable;
    }
    const bool shorter = file.size() < position_.offset;
    // A share that comes back, or a restored copy, may have other file numbers.
    const bool same = *same_head && (same_file || (telling >= kFewestTellingBytes && !shorter));
    // Emptied, it has no first bytes to compare; that may be a glitch of a network's cache.
    const bool emptied = same_file && file.size() < telling;
    if (!same && !emptied) return Look::kReplaced;
    if (shorter || emptied) return Look::kShrunk;
    if (!last_bytes_.empty() &&
        read_some(file, position_.offset - last_bytes_.size(), last_bytes_.size()) != last_bytes_) {
      return Look::kReplaced;
    }
  } else if (!identity_.empty() && !same_file) {
    return Look::kReplaced;
  }
  identity_ = file.identity();
  size_ = file.size();
  changed_ = file.changed();
  if (telling < kFingerprintBytes && size_ > telling) {
    head_hash_ = fingerprint(read_some(file, 0, kFingerprintBytes).value_or(""));
  }
  return std::nullopt;
}

Tail::Look Tail::open_reader(LogFile& file) {
  const auto head = read_some(file, 0, kHeadBytes);
  if (!head) {
    trouble_ = file.error();
    return Look::kUnreadable;
  }
  Opened opened = format_->open(context_, *head);
  if (opened.need_more) return Look::kWaiting;
  trouble_ = opened.why.empty() ? "" : context_.path + ": " + opened.why;
  if (!opened.reader) return Look::kUnusable;
  reader_ = std::move(opened.reader);
  if (!std::exchange(resumed_, true)) position_ = reader_->start();
  return Look::kReady;
}

Tail::Look Tail::take_in(LogFile& file) {
  const std::size_t have = taken_.size() - used_;
  if (have >= kMostBytesPerLook || position_.offset + have >= size_) return Look::kReady;
  const auto more = read_some(file, position_.offset + have, kMostBytesPerLook - have);
  if (!more) {
    trouble_ = file.error();
    return Look::kUnreadable;
  }
  taken_.erase(0, std::exchange(used_, 0));
  taken_ += *more;
  return Look::kReady;
}

/// A file that is rewritten whole has a new identity and new first bytes at each save; only its
/// records count.
Tail::Look Tail::take_in_whole(LogFile& file) {
  const bool untouched = whole_is_read_ && file.identity() == identity_ && file.size() == size_ &&
                         file.changed() == changed_;
  if (untouched) return Look::kReady;
  if (file.size() > kLargestWholeFileBytes) {
    trouble_ = full_path_ + ": has " + std::to_string(file.size()) + " bytes, expected at most " +
               std::to_string(kLargestWholeFileBytes);
    return Look::kUnusable;
  }
  if (!reader_) {
    const Look opened = open_reader(file);
    if (opened != Look::kReady) return opened;
  }
  auto whole = read_some(file, 0, kLargestWholeFileBytes);
  if (!whole) {
    trouble_ = file.error();
    return Look::kUnreadable;
  }
  identity_ = file.identity();
  size_ = file.size();
  changed_ = file.changed();
  taken_ = std::move(*whole);
  whole_is_read_ = true;
  return Look::kReady;
}

bool Tail::read(RowBatch& batch, UtcTime now) {
  const SharedChannels before = channels();
  if (read_once(batch, now)) return true;
  // A reader that has met other channels before it could add anything is to be asked again.
  return reader_ && channels() != before && read_once(batch, now);
}

bool Tail::read_once(RowBatch& batch, UtcTime now) {
  batch.reset(channels());
  batch.arrival = now;
  if (!reader_ || unread().empty()) return false;
  if (format_->rewritten_whole) return read_whole(batch);
  Position next = reader_->read(unread(), position_, batch);
  if (next == position_ && unread().size() >= kMostBytesPerLook) {
    next.offset += kLargestRecordBytes;  // whatever it is, it must not stop the log for ever
    batch.remarks.push_back({Remark::Kind::kBadRecord, "damage", position_.record, std::nullopt,
                             std::to_string(kLargestRecordBytes) + " bytes hold no record"});
  }
  if (next == position_) return false;
  use(static_cast<std::size_t>(next.offset - position_.offset));
  position_ = next;
  if (taken_.empty() && !more_to_take()) taken_.shrink_to_fit();
  return true;
}

bool Tail::read_whole(RowBatch& batch) {
  Position next = reader_->read(taken_, position_, batch);
  if (next.record < position_.record) {
    begun_again_ = true;
    batch.reset(channels());
    position_ = reader_->start();
    next = reader_->read(taken_, position_, batch);
  }
  const bool moved = next != position_;
  position_ = next;
  if (!moved && batch.channels() == channels()) taken_ = {};
  return moved;
}

void Tail::use(std::size_t bytes) {
  const std::size_t last = std::min(bytes, kLastBytes);
  last_bytes_ = taken_.substr(used_ + bytes - last, last);
  used_ += bytes;
  if (used_ < taken_.size()) return;
  used_ = 0;
  taken_.clear();
}

bool Tail::more_to_take() const {
  if (!reader_ || format_->rewritten_whole) return false;
  return position_.offset + unread().size() < size_;
}

void Tail::moved_to(std::string full_path, std::string path) {
  full_path_ = std::move(full_path);
  context_.path = std::move(path);
}

FilePosition Tail::position() const { return at(position_); }

FilePosition Tail::at(Position position) const {
  return {context_.path, identity_, format_->rewritten_whole ? "" : head_hash_, order_, position};
}

SharedChannels Tail::channels() const { return reader_ ? reader_->channels() : nullptr; }

std::vector<std::string> Tail::names() const {
  return reader_ ? reader_->names() : std::vector<std::string>{};
}

std::uint64_t Tail::bytes_behind() const {
  if (format_->rewritten_whole) return unread().size();
  return size_ > position_.offset ? size_ - position_.offset : 0;
}

}  // namespace coldwatch
