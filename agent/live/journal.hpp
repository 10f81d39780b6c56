// The log of a fridge that writes none: what a live source says becomes rows of a text file, which the
// agent follows like any other log, so that an outage of the broker, a crash or a restart loses no row.
// agent/formats/live.cpp has the layout and reads it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/live/live_protocol.hpp"

namespace coldwatch {

inline constexpr std::size_t kMostLiveColumns = 2000;
/// A journal that is longer is followed by a new one, as it is at each start and at midnight UTC.
inline constexpr std::size_t kLargestJournalBytes = 64 * 1024 * 1024;

class LiveJournal {
 public:
  /// Makes `folder` where there is none; journals that were last written `keep` ago are deleted.
  LiveJournal(std::string folder, std::string source, Milliseconds keep);

  /// Appends a row, and a line for each word that is another than before. False, with a sentence in
  /// `error`, where the disk refuses; the next row then begins a new file.
  [[nodiscard]] bool add(const LiveSample& sample, UtcTime now, std::string& error);
  /// Appends a line of words; they become an event.
  [[nodiscard]] bool say(std::string_view words, UtcTime now, std::string& error);

 private:
  bool append(const std::string& text, UtcTime now, std::string& error);
  bool begin_file(UtcTime now, std::string& error);
  void delete_old(UtcTime now) const;
  bool take_columns(const LiveSample& sample);
  std::string header() const;

  std::string folder_;
  std::string source_;
  Milliseconds keep_;
  std::string path_;  // "" where a new file is due
  std::string day_;
  std::size_t bytes_ = 0;
  std::vector<std::string> columns_;
  std::map<std::string, std::size_t> places_;  // in columns_, by name
  std::map<std::string, std::string> words_;   // said last, by name
};

}  // namespace coldwatch
