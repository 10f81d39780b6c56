// How a catalog stays small beside an archive of years: what it remembers, and what it looks at
// although the folder's time says nothing of it.
#include <algorithm>
#include <tuple>
#include <utility>

#include "agent/source/catalog.hpp"
#include "agent/source/catalog_look.hpp"
#include "agent/source/fingerprint.hpp"

namespace coldwatch {
namespace {

/// Files that are asked themselves at each look, because they may grow.
constexpr std::size_t kMostLively = 128;
constexpr Milliseconds kLivelyFor = std::chrono::days{2};
/// Of each stream so many are kept that come before the place where it is read, and of earlier ones
/// those that appeared or grew last: the clock may have been set back.
constexpr std::ptrdiff_t kBefore = 50;
constexpr std::size_t kMovedLast = 8;
constexpr std::size_t kFewestAhead = 8;
/// A listing that lacks a folder below is believed after so many.
constexpr int kLooksAtPart = 30;

}  // namespace

void Catalog::look_at_lively(const Look& look) {
  std::vector<Files::iterator> lively;
  const UtcTime newest = std::max(watch_.newest(), UtcTime::min() + kLivelyFor);
  for (auto at = known_.begin(); at != known_.end(); ++at) {
    const KnownFile& known = at->second;
    if (known.seen_in == refresh_ || (known.ready() && look.followed.contains(at->first))) continue;
    const bool is_new = known.listed.modified >= newest - kLivelyFor;
    if (is_new || !known.ready() || known.moved_in > 0) lively.push_back(at);
  }
  const auto rank = [](Files::iterator at) {
    const KnownFile& known = at->second;
    return std::tuple{known.entry && !known.ready(), known.moved_in, known.listed.modified};
  };
  std::ranges::sort(lively, std::ranges::greater{}, rank);
  if (lively.size() > kMostLively) lively.resize(kMostLively);
  for (const auto at : lively) {
    KnownFile& known = at->second;
    if (const auto item = ask_item(full_path(at->first)))
      known.listed = {item->size, item->modified};
    if (!known.ready() || known.examined != known.listed) examine(at->first, known);
    if (known.entry) known.entry->modified = known.listed.modified;
    note_format(at->first, known);
  }
}

/// Remembers a file as one of the newest that are not known; `for_good`: until it changes.
void Catalog::leave_out(FolderEntry file, bool for_good) {
  if (for_good) passed_.add(file);
  left_out_.push_back(std::move(file));
  keep_newest(left_out_);
}

void Catalog::keep_newest(std::vector<FolderEntry>& files) {
  if (files.size() < 2 * kMostSiblings) return;
  std::ranges::sort(files, std::ranges::greater{},
                    [](const FolderEntry& file) { return std::tie(file.modified, file.path); });
  const auto same = std::ranges::unique(files, {}, &FolderEntry::path);
  files.erase(same.begin(), same.end());
  if (files.size() > kMostSiblings) files.resize(kMostSiblings);
}

/// May it be one that was followed?
bool Catalog::is_sought(const Look& look, const std::string& path, const KnownFile& known) const {
  if (look.followed.contains(path) || look.suspects.contains(path)) return true;
  const auto is = [&](const FilePosition& place) {
    const bool same_head = look.search && known.head_hash() == place.head_hash &&
                           fingerprint_bytes(place.head_hash) >= kFewestTellingBytes;
    return same_head || (!place.identity.empty() && known.identity() == place.identity);
  };
  return std::ranges::any_of(look.places, [&](const auto& stream) {
    return is(stream.second) || std::ranges::any_of(stream.second.finished, is);
  });
}

bool Catalog::is_beyond(const LogEntry& entry) const {
  const auto found = beyond_.find({entry.format, entry.recognition.stream});
  return found != beyond_.end() && Place{entry.recognition.order, entry.path} > found->second.last;
}

std::optional<std::uint64_t> Catalog::bytes_beyond(const std::string& stream) const {
  const auto found = beyond_.find({format_, stream});
  return found == beyond_.end() ? std::nullopt : std::optional{found->second.bytes};
}

/// Keeps a file that was found just now only where it is needed.
void Catalog::bound(const Look& look, Files::iterator file, bool archived) {
  const KnownFile& known = file->second;
  if (known.entry && !is_sought(look, file->first, known)) {
    const LogEntry& entry = *known.entry;
    const auto place = look.places.find(entry.recognition.stream);
    const bool is_old =
        archived && !look.places.empty() &&
        (place == look.places.end() || entry.recognition.order < place->second.order);
    const bool comes_later = is_beyond(entry);
    if (comes_later && look.whole) {
      beyond_[{entry.format, entry.recognition.stream}].bytes += entry.size;
    }
    if (is_old) leave_out({file->first, known.listed.size, known.listed.modified}, false);
    if (is_old || comes_later) forget(file);
  }
  if (known_.size() > std::max(most_files_, keep_fewer_at_)) keep_fewer(look);
}

void Catalog::keep_fewer(const Look& look) {
  std::map<Stream, std::vector<Files::iterator>> streams;
  std::vector<Files::iterator> unknown;
  for (auto at = known_.begin(); at != known_.end(); ++at) {
    const auto& entry = at->second.entry;
    (entry ? streams[{entry->format, entry->recognition.stream}] : unknown).push_back(at);
  }
  const std::size_t share = most_files_ / 2 / (streams.size() + 1);
  for (auto& [stream, files] : streams) {
    keep_window(look, files, std::max(share, kFewestAhead));
  }
  const auto rank = [](Files::iterator at) {
    return std::tuple{at->second.moved_in, at->second.listed.modified};
  };
  std::ranges::sort(unknown, std::ranges::greater{}, rank);
  for (std::size_t i = kMostLively; i < unknown.size(); ++i) pass(look, unknown[i]);
  keep_fewer_at_ = known_.size() + known_.size() / 4;
}

/// Of one stream those from a little before the place where it is read to `share` that come later.
void Catalog::keep_window(const Look& look, std::vector<Files::iterator>& files,
                          std::size_t share) {
  const auto place_of = [](Files::iterator at) {
    return Place{at->second.entry->recognition.order, at->first};
  };
  std::ranges::sort(files, {}, place_of);
  const Stream stream{files.front()->second.entry->format,
                      files.front()->second.entry->recognition.stream};
  const auto place = look.places.find(stream.second);
  const bool came_later =
      std::ranges::none_of(files, [](Files::iterator at) { return at->second.entry->at_start; });
  auto begin = files.begin();
  if (place != look.places.end()) {
    begin = std::ranges::lower_bound(files, Place{place->second.order, ""}, {}, place_of);
  } else if (settings_.start != LogStart::kBeginning && !came_later) {
    begin = files.end() - static_cast<std::ptrdiff_t>(std::min(share, files.size()));
  }
  auto end = begin;
  for (std::size_t ready = 0; end != files.end() && ready < share; ++end) {
    if ((*end)->second.ready()) ++ready;
  }
  if (end != files.end()) {
    Beyond& beyond = beyond_[stream];
    beyond.last = place_of(*std::prev(end));
    for (auto at = end; at != files.end(); ++at) {
      beyond.bytes += (*at)->second.entry->size;
      if (!is_sought(look, (*at)->first, (*at)->second)) forget(*at);
    }
  }
  if (place != look.places.end()) begin -= std::min(begin - files.begin(), kBefore);
  const auto moved_in = [](Files::iterator at) { return at->second.moved_in; };
  std::ranges::stable_sort(files.begin(), begin, std::ranges::less{}, moved_in);
  std::size_t earlier = static_cast<std::size_t>(begin - files.begin());
  for (auto at = files.begin(); at != begin; ++at, --earlier) {
    if (earlier > kMovedLast || moved_in(*at) == 0) pass(look, *at);
  }
}

/// Forgets a file until it changes.
void Catalog::pass(const Look& look, Files::iterator file) {
  const KnownFile& known = file->second;
  if (is_sought(look, file->first, known)) return;
  // One that could not be read is to be tried again.
  if (known.entry || known.changed) {
    leave_out({file->first, known.listed.size, known.listed.modified}, true);
  }
  forget(file);
}

/// A look at only a part of the folder does not say which files come next.
void Catalog::end_look(const Look& look, std::map<Stream, Beyond> before) {
  partial_looks_ = listing_.complete ? 0 : partial_looks_ + 1;
  const bool believed = listing_.complete || partial_looks_ > kLooksAtPart;
  passed_.end_look(look.whole && believed);
  if (!look.whole || believed) return;
  for (auto& [stream, beyond] : before) {
    const auto [found, is_new] = beyond_.try_emplace(stream, beyond);
    if (!is_new) found->second.last = std::min(found->second.last, beyond.last);
  }
}

}  // namespace coldwatch
