#include "agent/inspect.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "agent/source/catalog.hpp"
#include "agent/source/log_file.hpp"
#include "agent/source/tail.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr std::size_t kShownHeadBytes = 40;

/// Adds up the rows of one file; columns that change inside it are kept by key.
class Tally {
 public:
  explicit Tally(FileReport& report) : report_(report) {}

  void add(const RowBatch& batch) {
    if (batch.channels() != channels_) place(batch.channels());
    for (std::size_t i = 0; i < batch.size(); ++i) add(batch[i]);
    for (const Remark& remark : batch.remarks) add(remark);
  }

  void add(std::string kind, std::uint64_t line, std::string text) {
    if (report_.anomalies.size() < kMostAnomaliesNamed) {
      report_.anomalies.push_back({std::move(kind), line, std::move(text)});
    } else {
      ++report_.anomalies_left_out;
    }
  }

  void place(const SharedChannels& channels) {
    channels_ = channels;
    places_.clear();
    for (const Channel& channel : *channels) {
      const auto known = std::ranges::find(report_.channels, channel.key,
                                           [](const auto& report) { return report.channel.key; });
      places_.push_back(static_cast<std::size_t>(known - report_.channels.begin()));
      if (known == report_.channels.end()) report_.channels.push_back({.channel = channel});
    }
  }

 private:
  void add(const RowView& row) {
    ++report_.rows;
    if (!report_.first_time) report_.first_time = row.time;
    report_.last_time = row.time;
    for (std::size_t i = 0; i < row.values.size(); ++i) {
      ChannelReport& report = report_.channels[places_[i]];
      if (row.quality[i] != Quality::kGood) {
        ++(row.quality[i] == Quality::kStale ? report.stale : report.invalid);
        continue;
      }
      const double value = row.values[i];
      ++report.good;
      report.min = report.min ? std::min(*report.min, value) : value;
      report.max = report.max ? std::max(*report.max, value) : value;
      report.last = value;
    }
  }

  void add(const Remark& remark) {
    if (remark.kind == Remark::Kind::kInstrument) {
      if (report_.words.size() < kMostAnomaliesNamed) {
        report_.words.push_back({remark.line, remark.time, remark.text});
      } else {
        ++report_.words_left_out;
      }
      return;
    }
    if (remark.kind == Remark::Kind::kBadRecord) report_.bad_records += remark.count;
    add(remark.code, remark.line, remark.text);
  }

  FileReport& report_;
  SharedChannels channels_;
  std::vector<std::size_t> places_;  // of each channel of the batch in the report
};

FileReport read_file_of(const Catalog& catalog, const LogEntry& entry, UtcTime now) {
  FileReport report{.path = catalog.full_path(entry.path),
                    .format = std::string{entry.format->name},
                    .title = std::string{entry.format->title},
                    .why = entry.recognition.why};
  Tally tally{report};
  Tail tail{catalog.full_path(entry.path), entry.format, catalog.context(entry.path),
            entry.recognition.order, nullptr};
  Tail::Look look = tail.look();
  if (!tail.trouble().empty()) tally.add("reading", 0, tail.trouble());
  if (look != Tail::Look::kReady) {
    if (look == Tail::Look::kWaiting) tally.add("unfinished", 0, "its head is not complete yet");
    return report;
  }
  if (tail.channels()) tally.place(tail.channels());
  RowBatch batch;
  for (;;) {
    bool moved = tail.read(batch, now);
    if (!moved && tail.more_to_take()) {
      moved = tail.look() == Tail::Look::kReady && tail.read(batch, now);
    }
    if (!moved) break;
    tally.add(batch);
  }
  if (tail.bytes_behind() > 0) {
    tally.add("partial_row", report.rows,
              std::to_string(tail.bytes_behind()) + " bytes at the end are no whole record");
  }
  return report;
}

/// A file that no format knows.
FileReport unknown(const Catalog& catalog, const std::string& path) {
  LogFile file{catalog.full_path(path)};
  const std::string head = read_some(file, 0, kShownHeadBytes).value_or("");
  std::string why = file.state() == LogFile::State::kOpen
                        ? "no format knows it; it begins with \"" +
                              one_line(repair_utf8(head), kShownHeadBytes) + "\""
                        : file.error();
  return {.path = catalog.full_path(path), .why = std::move(why)};
}

}  // namespace

Inspection inspect(const LogSettings& settings, UtcTime now) {
  LogSettings all = settings;
  all.start = LogStart::kBeginning;
  Catalog catalog{all};
  catalog.refresh({}, {});
  const Listing& listing = catalog.listing();
  Inspection inspection{.is_folder = listing.root == settings.folder};
  if (listing.state != Listing::State::kListed) {
    inspection.problem = listing.error;
    return inspection;
  }
  for (const FolderEntry& file : listing.files) {
    const LogEntry* entry = catalog.find(file.path);
    if (entry == nullptr) {
      if (!inspection.is_folder) inspection.files.push_back(unknown(catalog, file.path));
    } else if (!catalog.exists(entry->recognition.beside)) {
      inspection.files.push_back(read_file_of(catalog, *entry, now));
    }
  }
  if (inspection.files.empty()) inspection.problem = catalog.seen();
  std::ranges::sort(inspection.files, [](const FileReport& a, const FileReport& b) {
    return std::tie(a.first_time, a.path) < std::tie(b.first_time, b.path);
  });
  return inspection;
}

}  // namespace coldwatch
