// What files know of each other, and what a person is told of a folder.
#include <algorithm>

#include "agent/source/catalog.hpp"

namespace coldwatch {

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

/// The newest files beside the one that was named itself.
std::vector<FolderEntry> Catalog::neighbours() const {
  std::vector<FolderEntry> files;
  list_level(listing_.root.empty() ? "." : listing_.root, [&](FolderItem item) {
    if (item.is_folder) return;
    files.push_back({std::move(item.name), item.size, item.modified});
    keep_newest(files);
  });
  return files;
}

/// The other logs that may know names, the likeliest first. A single file that was named itself has
/// neighbours that were not listed.
std::vector<LogEntry> Catalog::siblings(std::string_view path) const {
  std::vector<LogEntry> siblings;
  for (const auto& [other, known] : known_) {
    if (known.entry && other != path) siblings.push_back(*known.entry);
  }
  for (const FolderEntry& other : listing_.root == settings_.folder ? left_out_ : neighbours()) {
    if (other.path == path) continue;
    FileContext alone = context(other.path);
    alone.names_of_sibling = nullptr;
    LogFile file{full_path(other.path)};
    auto entry = examine_file(find_format(settings_.format), file, alone);
    if (entry) siblings.push_back(std::move(*entry));
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
  return settings_.folder + ": none of the " + std::to_string(watch_.files()) + " files found" +
         among + " is a log " +
         (settings_.format == "auto" ? "of a known format" : "of the format " + settings_.format);
}

}  // namespace coldwatch
