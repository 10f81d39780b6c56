#include "agent/source/catalog.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "agent/source/catalog_look.hpp"
#include "agent/source/fingerprint.hpp"

namespace coldwatch {
namespace {

/// Files that were changed so long before the newest one are not opened, because an archive of years
/// may lie in the folder, on a slow server.
constexpr Milliseconds kArchivedAfter = std::chrono::days{30};
constexpr Milliseconds kOverlap = std::chrono::days{1};

}  // namespace

void Catalog::refresh(const std::set<std::string>& followed, const std::set<std::string>& suspects,
                      const StreamPositions& places, FolderWatch::Extent extent) {
  ++refresh_;
  Look look{followed, suspects, places};
  look.whole = extent == FolderWatch::Extent::kWhole || !bounded() || !ever_listed_;
  extent = look.whole ? FolderWatch::Extent::kWhole : FolderWatch::Extent::kChanges;
  // The newest time is to be known before the first file is opened.
  if (!ever_listed_) listing_.root = watch_.look(extent, {}, [](const FolderEntry&) {}).root;
  look.oldest = oldest_wanted(look);
  std::set<std::string> folders;
  for (const std::string& path : followed) folders.emplace(folder_of(path));
  std::map<Stream, Beyond> beyond = beyond_;
  std::vector<FolderEntry> all;
  if (look.whole) beyond_.clear();
  Listing fresh = watch_.look(extent, folders, [&](FolderEntry file) {
    if (!bounded()) all.push_back(file);
    take(look, std::move(file));
  });
  if (fresh.state != Listing::State::kListed) {
    beyond_ = std::move(beyond);
    fresh.root = listing_.root;
    listing_ = std::move(fresh);
    passed_.end_look(false);
    if (std::exchange(stale_, false)) sort_streams();  // it may have failed half-way
    return;
  }
  std::ranges::sort(all, {}, &FolderEntry::path);
  listing_ = std::move(fresh);
  listing_.files = std::move(all);
  forget_vanished();
  look_at_lively(look);
  end_look(look, std::move(beyond));
  ever_listed_ = true;
  choose_format();
  if (std::exchange(stale_, false)) sort_streams();
}

/// Nothing is archived where all is to be read, or where a file that was followed may be anywhere.
UtcTime Catalog::oldest_wanted(Look& look) const {
  UtcTime oldest = std::max(watch_.newest(), UtcTime::min() + kArchivedAfter) - kArchivedAfter;
  look.search = !look.suspects.empty();
  for (const std::string& path : look.followed) {
    const auto item = ask_item(full_path(path));
    look.search = look.search || !item;
    if (item) oldest = std::min(oldest, item->modified - kOverlap);
  }
  return settings_.start == LogStart::kBeginning ? UtcTime::min() : oldest;
}

void Catalog::take(const Look& look, FolderEntry file) {
  const bool is_followed = look.followed.contains(file.path);
  const bool is_suspect = look.suspects.contains(file.path);
  auto found = known_.find(file.path);
  const bool is_new = found == known_.end();
  const bool archived = file.modified < look.oldest && (is_new || !found->second.ready());
  if (archived && !look.search) {
    if (!is_new) forget(found);
    leave_out(std::move(file), false);
    return;
  }
  if (is_new && !look.search && !is_followed && passed_.contains(file)) {
    leave_out(std::move(file), true);
    return;
  }
  if (is_new) {
    found = known_.emplace(file.path, KnownFile{}).first;
    found->second.moved_in = ever_listed_ ? refresh_ : 0;
    stale_ = true;
  }
  KnownFile& known = found->second;
  known.seen_in = refresh_;
  known.listed = {file.size, file.modified};
  const bool changed = !is_followed && known.examined != known.listed;
  if (!known.ready() || changed || is_suspect) examine(found->first, known);
  if (known.entry) known.entry->modified = file.modified;
  if (known.entry && !ever_listed_) known.entry->at_start = true;
  note_format(found->first, known);
  if (bounded() && is_new) bound(look, found, archived);
}

void Catalog::forget(Files::iterator known) {
  known_.erase(known);
  stale_ = true;
}

/// Those of a folder that could not be read now stay known.
void Catalog::forget_vanished() {
  for (auto known = known_.begin(); known != known_.end();) {
    const auto here = known++;
    if (here->second.seen_in == refresh_) continue;
    if (watch_.seen(folder_of(here->first)) != FolderWatch::Seen::kAsBefore) forget(here);
  }
}

void Catalog::examine(const std::string& path, KnownFile& known) {
  const bool at_start = known.entry && known.entry->at_start;
  const std::uint64_t size_before = known.entry ? known.entry->size : 0;
  const int growths = known.entry ? known.entry->growths : 0;
  known.examined = known.listed;
  LogFile file{full_path(path)};
  // A listing may hide that a file has changed, so that it is asked itself.
  const bool same = known.changed == file.changed() && known.size == file.size() &&
                    known.identity() == file.identity();
  if (same) return;
  stale_ = true;
  known.changed.reset();
  known.entry = examine_file(find_format(settings_.format), file, context(path));
  if (known.entry) {
    const bool grew = size_before > 0 && known.entry->size > size_before;
    known.entry->at_start = at_start;
    known.entry->growths = growths + (grew ? 1 : 0);
    if (grew) known.moved_in = refresh_;
    if (bounded()) known.entry->recognition.why = {};
    return;
  }
  // Also a file that no format knows by its name may be one of ours that was renamed.
  known.own_identity = file.identity();
  known.own_head_hash = fingerprint(read_some(file, 0, kFingerprintBytes).value_or(""));
  if (!file.error().empty()) return;
  known.changed = file.changed();
  known.size = file.size();
}

/// Remembers the format of the newest file that any knows.
void Catalog::note_format(const std::string& path, const KnownFile& known) {
  if (format_ != nullptr || !known.entry) return;
  const UtcTime modified = known.entry->modified;
  const bool is_newer = newest_format_ == nullptr || modified > newest_modified_ ||
                        (modified == newest_modified_ && path < newest_path_);
  if (!is_newer) return;
  newest_format_ = known.entry->format;
  newest_modified_ = modified;
  newest_path_ = path;
}

void Catalog::choose_format() {
  if (format_ != nullptr) return;
  format_ = find_format(settings_.format);
  if (format_ == nullptr) format_ = newest_format_;
  stale_ = true;
}

void Catalog::sort_streams() {
  streams_.clear();
  copies_.clear();
  for (const auto& [path, known] : known_) {
    if (!known.entry || known.entry->format != format_) continue;
    if (is_beyond(*known.entry) || exists(known.entry->recognition.beside)) continue;
    streams_[known.entry->recognition.stream].push_back(&*known.entry);
  }
  for (auto& [stream, files] : streams_) {
    std::ranges::sort(files, [](const LogEntry* a, const LogEntry* b) {
      return std::tie(a->recognition.order, b->size, a->path) <
             std::tie(b->recognition.order, a->size, b->path);
    });
    std::vector<const LogEntry*> originals;
    std::set<std::string_view> identities;
    for (const LogEntry* file : files) {
      const bool known = !originals.empty() && is_same_log(*originals.back(), *file);
      const bool is_new = identities.insert(file->identity).second;
      if (is_new && !known) {
        originals.push_back(file);
      } else if (!originals.empty()) {
        copies_[file->path] = originals.back()->path;
      }
    }
    files = std::move(originals);
  }
}

const std::vector<const LogEntry*>& Catalog::files(const std::string& stream) const {
  static const std::vector<const LogEntry*> kNone;
  const auto found = streams_.find(stream);
  return found == streams_.end() ? kNone : found->second;
}

const LogEntry* Catalog::find(std::string_view path) const {
  const auto known = known_.find(path);
  return known == known_.end() || !known->second.entry ? nullptr : &*known->second.entry;
}

bool Catalog::exists(std::string_view path) const {
  if (known_.contains(path)) return true;
  // It may be one that is not remembered; of a file that was named itself there are no others.
  if (path.empty() || listing_.root != settings_.folder) return false;
  const auto item = ask_item(full_path(path));
  return item && !item->is_folder;
}

bool Catalog::is_closed_to_us(std::string_view path) const {
  const auto known = known_.find(path);
  return known != known_.end() && known->second.identity().empty();
}

bool Catalog::reaches(const std::string& path, const FilePosition& place, bool same_file) const {
  LogFile file{full_path(path)};
  if (file.state() != LogFile::State::kOpen || file.size() < place.position.offset) return false;
  if (same_file && file.identity() != place.identity) return false;
  return begins_with(file, place.head_hash).value_or(false);
}

std::string Catalog::whereabouts(const FilePosition& known) const {
  for (const auto& [path, file] : known_) {
    if (file.identity() == known.identity && reaches(path, known, true)) return path;
  }
  if (fingerprint_bytes(known.head_hash) < kFewestTellingBytes) return {};
  if (exists(known.path) && reaches(known.path, known, false)) return known.path;
  const bool whole = fingerprint_bytes(known.head_hash) == kFingerprintBytes;
  for (const auto& [path, file] : known_) {
    if (whole && file.head_hash() == known.head_hash && reaches(path, known, false)) return path;
  }
  return {};
}

std::string Catalog::full_path(std::string_view path) const {
  const bool separated = listing_.root.ends_with('/') || listing_.root.ends_with('\\');
  return listing_.root + (separated || listing_.root.empty() ? "" : "/") + std::string{path};
}

}  // namespace coldwatch
