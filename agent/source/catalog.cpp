#include "agent/source/catalog.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "agent/source/fingerprint.hpp"

namespace coldwatch {
namespace {

constexpr std::size_t kMostSiblings = 50;
/// Files that were changed so long before the newest one are not opened, because an archive of years
/// may lie in the folder, on a slow server.
constexpr Milliseconds kArchivedAfter = std::chrono::days{30};
constexpr Milliseconds kOverlap = std::chrono::days{1};

/// The first format that takes the file for its own.
std::pair<const Format*, Recognition> recognise(const Format* only, std::string_view path,
                                                std::string_view head) {
  for (const Format* format : formats()) {
    if (only == nullptr ? format->only_by_name : format != only) continue;
    Recognition found = format->recognise(path, head);
    if (found.mine) return {format, std::move(found)};
  }
  return {nullptr, {}};
}

}  // namespace

bool is_same_log(const LogEntry& one, const LogEntry& other) {
  const bool copy =
      one.recognition.order == other.recognition.order && one.head_hash == other.head_hash;
  return copy || one.identity == other.identity;
}

std::optional<LogEntry> examine_file(const Format* format, LogFile& file,
                                     const FileContext& context) {
  if (file.state() != LogFile::State::kOpen) return std::nullopt;
  const auto head = read_some(file, 0, kHeadBytes);
  if (!head) return std::nullopt;
  auto [known, recognition] = recognise(format, context.path, *head);
  if (known == nullptr) return std::nullopt;
  LogEntry entry{.path = context.path,
                 .format = known,
                 .recognition = std::move(recognition),
                 .identity = file.identity(),
                 .head_hash = fingerprint(*head),
                 .size = file.size()};
  const Opened opened = known->open(context, *head);
  if (opened.reader) {
    entry.has_records = known->rewritten_whole || file.size() > opened.reader->start().offset;
  } else if (!opened.need_more) {
    entry.problem = opened.why;
  }
  return entry;
}

void Catalog::refresh(const std::set<std::string>& followed,
                      const std::set<std::string>& suspects) {
  Listing fresh = list_folder(settings_.folder);
  if (fresh.state != Listing::State::kListed) {
    fresh.root = listing_.root;
    listing_ = std::move(fresh);
    return;
  }
  listing_ = std::move(fresh);
  const UtcTime archived_before = oldest_wanted(followed, suspects);
  std::map<std::string, Known> before = std::exchange(known_, {});
  for (const FolderEntry& file : listing_.files) {
    const auto old = before.find(file.path);
    const bool is_followed = followed.contains(file.path);
    Known known = old == before.end() ? Known{} : std::move(old->second);
    const bool ready = known.entry && known.entry->has_records;
    known.listed = file;
    const bool changed = !is_followed && known.examined != file;
    known.archived = !ready && file.modified < archived_before;
    if (known.archived) {
      known_.emplace(file.path, std::move(known));
      continue;
    }
    if (!ready || changed || suspects.contains(file.path)) examine(known);
    if (known.entry) known.entry->modified = file.modified;
    if (known.entry && !ever_listed_) known.entry->at_start = true;
    known_.emplace(file.path, std::move(known));
  }
  if (!listing_.complete) known_.merge(before);
  ever_listed_ = true;
  choose_format();
  sort_streams();
}

/// Nothing is archived where all is to be read, or where a file that was followed may be anywhere.
UtcTime Catalog::oldest_wanted(const std::set<std::string>& followed,
                               const std::set<std::string>& suspects) const {
  if (settings_.start == LogStart::kBeginning || !suspects.empty()) return UtcTime::min();
  UtcTime newest = UtcTime::min() + kArchivedAfter;
  std::size_t found = 0;
  for (const FolderEntry& file : listing_.files) newest = std::max(newest, file.modified);
  UtcTime oldest = newest - kArchivedAfter;
  for (const FolderEntry& file : listing_.files) {
    if (!followed.contains(file.path)) continue;
    oldest = std::min(oldest, file.modified - kOverlap);
    ++found;
  }
  return found == followed.size() ? oldest : UtcTime::min();
}

void Catalog::examine(Known& known) const {
  const bool at_start = known.entry && known.entry->at_start;
  const std::uint64_t size_before = known.entry ? known.entry->size : 0;
  const int growths = known.entry ? known.entry->growths : 0;
  known.examined = known.listed;
  LogFile file{full_path(known.listed.path)};
  // A listing may hide that a file has changed, so that it is asked itself.
  const bool same = known.changed == file.changed() && known.size == file.size() &&
                    known.identity == file.identity();
  if (same) return;
  known.changed.reset();
  known.entry = examine_file(find_format(settings_.format), file, context(known.listed.path));
  if (known.entry) {
    known.entry->at_start = at_start;
    known.entry->growths = growths + (size_before > 0 && known.entry->size > size_before ? 1 : 0);
    known.identity = known.entry->identity;
    known.head_hash = known.entry->head_hash;
    return;
  }
  // Also a file that no format knows by its name may be one of ours that was renamed.
  known.identity = file.identity();
  known.head_hash = fingerprint(read_some(file, 0, kFingerprintBytes).value_or(""));
  if (!file.error().empty()) return;
  known.changed = file.changed();
  known.size = file.size();
}

void Catalog::choose_format() {
  if (format_ != nullptr) return;
  format_ = find_format(settings_.format);
  UtcTime newest = UtcTime::min();
  for (const auto& [path, known] : known_) {
    if (find_format(settings_.format) != nullptr || !known.entry) continue;
    if (format_ != nullptr && known.entry->modified <= newest) continue;
    format_ = known.entry->format;
    newest = known.entry->modified;
  }
}

void Catalog::sort_streams() {
  streams_.clear();
  copies_.clear();
  for (const auto& [path, known] : known_) {
    if (!known.entry || known.entry->format != format_) continue;
    if (exists(known.entry->recognition.beside)) continue;
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
  const auto known = known_.find(std::string{path});
  return known == known_.end() || !known->second.entry ? nullptr : &*known->second.entry;
}

bool Catalog::is_closed_to_us(std::string_view path) const {
  const auto known = known_.find(std::string{path});
  return known != known_.end() && known->second.identity.empty();
}

bool Catalog::reaches(const std::string& path, const FilePosition& place, bool same_file) const {
  LogFile file{full_path(path)};
  if (file.state() != LogFile::State::kOpen || file.size() < place.position.offset) return false;
  if (same_file && file.identity() != place.identity) return false;
  return begins_with(file, place.head_hash).value_or(false);
}

std::string Catalog::whereabouts(const FilePosition& known) const {
  for (const auto& [path, file] : known_) {
    if (file.identity == known.identity && reaches(path, known, true)) return path;
  }
  if (fingerprint_bytes(known.head_hash) < kFewestTellingBytes) return {};
  if (exists(known.path) && reaches(known.path, known, false)) return known.path;
  const bool whole = fingerprint_bytes(known.head_hash) == kFingerprintBytes;
  for (const auto& [path, file] : known_) {
    if (whole && file.head_hash == known.head_hash && reaches(path, known, false)) return path;
  }
  return {};
}

std::string Catalog::full_path(std::string_view path) const {
  const bool separated = listing_.root.ends_with('/') || listing_.root.ends_with('\\');
  return listing_.root + (separated || listing_.root.empty() ? "" : "/") + std::string{path};
}

FileContext Catalog::context(std::string_view path) const {
  return {.path = std::string{path},
          .zone = settings_.zone,
          .names = settings_.names,
          .options = settings_.options,
          .names_of_sibling = [this, own = std::string{path}](
                                  std::size_t columns) { return sibling_names(own, columns); },
          .read_beside =
              [this](const std::string& other, std::uint64_t offset, std::size_t max_bytes) {
                LogFile file{full_path(other)};
                return read_some(file, offset, max_bytes).value_or("");
              }};
}

/// The other logs that may know names, the likeliest first. A single file that was named itself has
/// neighbours that were not listed.
std::vector<LogEntry> Catalog::siblings(std::string_view path) const {
  std::vector<LogEntry> siblings;
  for (const auto& [other, known] : known_) {
    if (known.entry && other != path) siblings.push_back(*known.entry);
    if (!known.archived || siblings.size() >= kMostSiblings) continue;
    FileContext alone = context(other);
    alone.names_of_sibling = nullptr;
    LogFile file{full_path(other)};
    auto entry = examine_file(find_format(settings_.format), file, alone);
    if (entry) siblings.push_back(std::move(*entry));
  }
  if (listing_.root != settings_.folder) {
    FolderLevel level = list_level(listing_.root.empty() ? "." : listing_.root);
    std::ranges::sort(level.items, std::ranges::greater{}, &FolderItem::modified);
    if (level.items.size() > kMostSiblings) level.items.resize(kMostSiblings);
    for (const FolderItem& item : level.items) {
      FileContext alone = context(item.name);
      alone.names_of_sibling = nullptr;
      if (item.is_folder || item.name == path) continue;
      LogFile file{full_path(item.name)};
      auto entry = examine_file(find_format(settings_.format), file, alone);
      if (entry) siblings.push_back(std::move(*entry));
    }
  }
  std::ranges::sort(siblings, [](const LogEntry& a, const LogEntry& b) {
    return a.recognition.order > b.recognition.order;
  });
  if (siblings.size() > kMostSiblings) siblings.resize(kMostSiblings);
  return siblings;
}

std::vector<std::string> Catalog::sibling_names(std::string_view path, std::size_t columns) const {
  LogFile own_file{full_path(path)};
  const auto own = recognise(find_format(settings_.format), path,
                             read_some(own_file, 0, kHeadBytes).value_or(""));
  for (const LogEntry& sibling : siblings(path)) {
    if (sibling.format != own.first || sibling.recognition.stream != own.second.stream) continue;
    LogFile file{full_path(sibling.path)};
    const auto head = read_some(file, 0, kHeadBytes);
    FileContext alone = context(sibling.path);
    alone.names_of_sibling = nullptr;
    const Opened opened = sibling.format->open(alone, head.value_or(""));
    if (!opened.reader) continue;
    std::vector<std::string> names = opened.reader->names();
    if (names.size() == columns) return names;
  }
  return {};
}

std::vector<std::string> Catalog::copies() const {
  std::vector<std::string> sentences;
  for (const auto& [copy, original] : copies_) {
    sentences.push_back(copy + " begins as " + original + " does and is taken for a copy of it");
  }
  return sentences;
}

std::vector<std::string> Catalog::other_formats(const Format* followed) const {
  std::map<const Format*, std::pair<std::size_t, std::string>> others;  // count, first path
  for (const auto& [path, known] : known_) {
    if (!known.entry || known.entry->format == followed) continue;
    ++others.try_emplace(known.entry->format, 0, path).first->second.first;
  }
  std::vector<std::string> sentences;
  for (const auto& [format, found] : others) {
    const std::string name{format->name};
    sentences.push_back("the folder also holds " + std::to_string(found.first) +
                        " logs of format " + name + ", such as " + found.second +
                        "; an agent of its own with \"format\": \"" + name + "\" can follow them");
  }
  return sentences;
}

std::string Catalog::seen() const {
  const std::string among = known_.empty() ? "" : ", among them \"" + known_.begin()->first + "\"";
  return settings_.folder + ": none of the " + std::to_string(known_.size()) + " files found" +
         among + " is a log " +
         (settings_.format == "auto" ? "of a known format" : "of the format " + settings_.format);
}

}  // namespace coldwatch
