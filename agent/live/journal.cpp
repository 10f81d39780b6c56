#include "agent/live/journal.hpp"

#include <algorithm>
#include <filesystem>

#include "agent/source/log_folder.hpp"
#include "common/files.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr std::string_view kPrefix = "live ";
constexpr std::size_t kNumberDigits = 6;
constexpr std::size_t kLongestNameBytes = 200;
constexpr std::size_t kLongestWordsBytes = 1000;
constexpr std::size_t kDayBytes = 10;  // of "2026-11-22"

std::filesystem::path path_of(const std::string& utf8) {
  return {std::u8string{utf8.begin(), utf8.end()}};
}

/// The number in "live 000012 2026-11-22.log"; 0 for a file that is none of ours.
long long number_in(std::string_view name) {
  if (!name.starts_with(kPrefix) || !name.ends_with(".log")) return 0;
  name.remove_prefix(kPrefix.size());
  return parse_integer(name.substr(0, std::min(name.find(' '), name.size()))).value_or(0);
}

std::string padded(long long number) {
  const std::string digits = std::to_string(number);
  return std::string(kNumberDigits - std::min(kNumberDigits, digits.size()), '0') + digits;
}

void append_value(std::string& line, const LiveValue* value) {
  line += '\t';
  if (value == nullptr || value->quality == Quality::kInvalid) {
    line += '-';
    return;
  }
  if (value->quality == Quality::kStale) line += '~';
  append_json_number(line, value->value);
}

}  // namespace

LiveJournal::LiveJournal(std::string folder, std::string source, Milliseconds keep)
    : folder_(std::move(folder)), source_(std::move(source)), keep_(keep) {}

bool LiveJournal::add(const LiveSample& sample, UtcTime now, std::string& error) {
  if (take_columns(sample) && !path_.empty() && !append(header(), now, error)) return false;
  std::vector<const LiveValue*> cells(columns_.size(), nullptr);
  for (const LiveValue& value : sample.values) {
    const auto place = places_.find(value.name);
    if (place != places_.end()) cells[place->second] = &value;
  }
  std::string text = std::to_string(now.time_since_epoch().count());
  for (const LiveValue* cell : cells) append_value(text, cell);
  text += '\n';
  for (const auto& [name, words] : sample.words) {
    const auto [said, is_new] = words_.try_emplace(name, words);
    if (!is_new && said->second == words) continue;
    said->second = words;
    text += "# " + one_line(to_utf8(name + ": " + words), kLongestWordsBytes) + '\n';
  }
  return append(text, now, error);
}

bool LiveJournal::say(std::string_view words, UtcTime now, std::string& error) {
  return append("# " + one_line(to_utf8(words), kLongestWordsBytes) + '\n', now, error);
}

/// Columns stay for good: a value that is missing once must not change the layout of the log. True
/// where there are new ones.
bool LiveJournal::take_columns(const LiveSample& sample) {
  const std::size_t before = columns_.size();
  for (const LiveValue& value : sample.values) {
    if (columns_.size() == kMostLiveColumns || places_.contains(value.name)) continue;
    places_[value.name] = columns_.size();
    columns_.push_back(one_line(to_utf8(value.name), kLongestNameBytes));
  }
  return columns_.size() != before;
}

std::string LiveJournal::header() const {
  std::string line = "time (ms)";
  for (const std::string& name : columns_) line += '\t' + name;
  return line + '\n';
}

bool LiveJournal::append(const std::string& text, UtcTime now, std::string& error) {
  const bool new_day = to_rfc3339(now).substr(0, kDayBytes) != day_;
  if ((path_.empty() || new_day || bytes_ > kLargestJournalBytes) && !begin_file(now, error)) {
    return false;
  }
  bytes_ += text.size();
  if (append_to_file(path_, text, error)) return true;
  path_.clear();  // its last line may be torn
  return false;
}

/// Numbered, because a clock that was set back must not bring the files out of order.
bool LiveJournal::begin_file(UtcTime now, std::string& error) {
  std::error_code failed;
  std::filesystem::create_directories(path_of(folder_), failed);
  if (failed) {
    error = folder_ + ": cannot be made: " + failed.message();
    return false;
  }
  long long newest = 0;
  for (const FolderItem& item : items_of(folder_)) {
    newest = std::max(newest, number_in(item.name));
  }
  delete_old(now);
  day_ = to_rfc3339(now).substr(0, kDayBytes);
  path_ = folder_ + "/" + std::string{kPrefix} + padded(newest + 1) + " " + day_ + ".log";
  const std::string head =
      "# Coldwatch live journal: " + source_ + '\n' + (columns_.empty() ? "" : header());
  bytes_ = head.size();
  if (append_to_file(path_, head, error)) return true;
  path_.clear();
  return false;
}

void LiveJournal::delete_old(UtcTime now) const {
  for (const FolderItem& item : items_of(folder_)) {
    if (number_in(item.name) == 0 || item.is_folder || item.modified > now - keep_) continue;
    std::error_code ignored;  // tried again with the next file
    std::filesystem::remove(path_of(folder_ + "/" + item.name), ignored);
  }
}

}  // namespace coldwatch
