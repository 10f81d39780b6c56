#include "agent/source/follower.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "agent/source/log_stream.hpp"

namespace coldwatch {
namespace {

constexpr Milliseconds kListEvery = std::chrono::seconds{5};
/// What the times of folders do not tell is found so late.
constexpr Milliseconds kListWholeEvery = std::chrono::minutes{10};
/// A folder of many thousand files on a server is listed whole less often.
constexpr Milliseconds kListLaterByFile{1};

}  // namespace

class Follower::Impl {
 public:
  Impl(LogSettings settings, StreamPositions from)
      : settings_(std::move(settings)),
        catalog_(settings_, kMostFilesKept),
        positions_(std::move(from)) {
    for (const auto& [stream, position] : positions_) add_stream(stream, position);
  }

  void poll(UtcTime now) {
    now_ = now;
    list_if_due();
    for (auto& [name, stream] : streams_) {
      stream->look(now);
      keep_position(*stream);
      take_notices_of(*stream);
    }
  }

  std::optional<Chunk> next() {
    LogStream* oldest = nullptr;
    for (auto& [name, stream] : streams_) {
      if (!stream->fill(now_)) continue;
      if (oldest == nullptr || comes_before(*stream, *oldest)) oldest = stream.get();
    }
    if (oldest == nullptr) return std::nullopt;
    return hand_out(*oldest);
  }

  const StreamPositions& positions() const { return positions_; }
  std::vector<LogNotice> take_notices() {
    for (auto& [name, stream] : streams_) take_notices_of(*stream);
    return std::exchange(notices_, {});
  }

  LogCondition condition() const {
    const Listing& listing = catalog_.listing();
    if (listing.state == Listing::State::kMissing) {
      return {LogCondition::State::kMissing, listing.error};
    }
    if (listing.state == Listing::State::kUnreadable) {
      return {LogCondition::State::kUnreadable, listing.error};
    }
    for (const auto& [name, stream] : streams_) {
      if (stream->condition().state != LogCondition::State::kReadable) return stream->condition();
    }
    if (catalog_.streams().empty()) return {LogCondition::State::kMissing, catalog_.seen()};
    return {};
  }

  std::string format() const {
    return catalog_.format() == nullptr ? "" : std::string{catalog_.format()->name};
  }

  std::map<std::string, SharedChannels> channels() const {
    std::map<std::string, SharedChannels> channels;
    for (const auto& [name, stream] : streams_) {
      if (stream->channels()) channels[name] = stream->channels();
    }
    return channels;
  }

  std::uint64_t bytes_behind() const {
    std::uint64_t bytes = 0;
    for (const auto& [name, stream] : streams_) bytes += stream->bytes_behind();
    return bytes;
  }

  std::uint64_t bad_records() const { return bad_records_; }

 private:
  void add_stream(const std::string& name, std::optional<FilePosition> from) {
    streams_.emplace(name, std::make_unique<LogStream>(name, catalog_, settings_.start,
                                                       settings_.zone, std::move(from)));
  }

  void list_if_due() {
    const bool wanted = std::ranges::any_of(
        streams_, [](const auto& stream) { return stream.second->wants_listing(); });
    const bool due = !listed_at_ || now_ < *listed_at_ || now_ >= *listed_at_ + list_every_;
    if (!wanted && !due) return;
    std::set<std::string> followed;
    std::set<std::string> suspects;
    bool whole = wanted || !listed_whole_at_ || now_ < *listed_whole_at_ ||
                 now_ >= *listed_whole_at_ + kListWholeEvery + later_by_files();
    for (const auto& [name, stream] : streams_) {
      const std::string path = stream->path();
      if (!path.empty()) (stream->wants_listing() ? suspects : followed).insert(path);
      whole = whole || (catalog_.bytes_beyond(name) && stream->is_in_last_file());
    }
    using Extent = FolderWatch::Extent;
    catalog_.refresh(followed, suspects, positions_, whole ? Extent::kWhole : Extent::kChanges);
    listed_at_ = now_;
    if (whole) listed_whole_at_ = now_;
    list_every_ = kListEvery + (catalog_.folder_times_tell() ? Milliseconds{} : later_by_files());
    for (const auto& [name, files] : catalog_.streams()) {
      if (!streams_.contains(name)) add_stream(name, std::nullopt);
    }
  }

  Milliseconds later_by_files() const { return kListLaterByFile * catalog_.files_listed(); }

  /// Remarks have no time of their own and go first.
  static bool comes_before(const LogStream& one, const LogStream& other) {
    if (one.given() == one.pending().size()) return true;
    if (other.given() == other.pending().size()) return false;
    return one.pending()[one.given()].time < other.pending()[other.given()].time;
  }

  /// As many rows as come before the oldest one of every other stream.
  Chunk hand_out(LogStream& stream) {
    const RowBatch& pending = stream.pending();
    const std::size_t begin = stream.given();
    std::size_t end = pending.size();
    for (const auto& [name, other] : streams_) {
      if (other.get() == &stream || !other->has_pending()) continue;
      if (other->given() == other->pending().size()) continue;
      const UtcTime limit = other->pending()[other->given()].time;
      std::size_t last = std::min(begin + 1, end);
      while (last < end && pending[last].time <= limit) ++last;
      end = last;
    }
    out_.reset(pending.channels());
    out_.append(pending, begin, end);
    if (begin == 0) out_.remarks = pending.remarks;
    for (const Remark& remark : out_.remarks) {
      if (remark.kind == Remark::Kind::kBadRecord) bad_records_ += remark.count;
    }
    LogStream::Handed handed = stream.hand_out(end);
    positions_[stream.name()] = handed.after;
    take_notices_of(stream);
    return {stream.name(),
            std::move(handed.file),
            &out_,
            std::move(handed.before),
            std::move(handed.after),
            handed.late};
  }

  void keep_position(const LogStream& stream) {
    if (auto position = stream.position()) positions_[stream.name()] = std::move(*position);
  }

  void take_notices_of(LogStream& stream) {
    std::ranges::move(stream.take_notices(), std::back_inserter(notices_));
  }

  LogSettings settings_;
  Catalog catalog_;
  std::map<std::string, std::unique_ptr<LogStream>> streams_;
  StreamPositions positions_;
  std::vector<LogNotice> notices_;
  RowBatch out_;
  UtcTime now_{};
  std::optional<UtcTime> listed_at_;
  std::optional<UtcTime> listed_whole_at_;
  Milliseconds list_every_ = kListEvery;
  std::uint64_t bad_records_ = 0;
};

FilePosition Chunk::after_row(std::size_t index) const {
  FilePosition place = before;
  (late ? place.finished.front() : place).position = (*rows)[index].next;
  return place;
}

Follower::Follower(LogSettings settings, StreamPositions from)
    : impl_(std::make_unique<Impl>(std::move(settings), std::move(from))) {}
Follower::~Follower() = default;
void Follower::poll(UtcTime now) { impl_->poll(now); }
std::optional<Chunk> Follower::next() { return impl_->next(); }
const StreamPositions& Follower::positions() const { return impl_->positions(); }
std::vector<LogNotice> Follower::take_notices() { return impl_->take_notices(); }
LogCondition Follower::condition() const { return impl_->condition(); }
std::string Follower::format() const { return impl_->format(); }
std::map<std::string, SharedChannels> Follower::channels() const { return impl_->channels(); }
std::uint64_t Follower::bytes_behind() const { return impl_->bytes_behind(); }
std::uint64_t Follower::bad_records() const { return impl_->bad_records(); }

}  // namespace coldwatch
