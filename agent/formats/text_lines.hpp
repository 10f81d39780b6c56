// What every text log has in common: complete lines of bounded length, fields, stamps that are
// local times, and rows in the order of the file. The formats say only what one line means.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/formats/format.hpp"
#include "agent/reading/sequence.hpp"

namespace coldwatch {

/// Remarks that one call of read() appends before it returns early.
inline constexpr std::size_t kMostRemarksPerRead = 500;

/// A complete line, without its LF or CRLF.
struct TextLine {
  std::string_view text;
  std::uint64_t number;  // in the file, from 1
  Position next;         // where the line after it begins; its time is still that of the row before
  std::string_view rest = {};  // the bytes from there on
};

/// Cuts the next complete line off `bytes` and moves `at` behind it; nullopt where none is
/// complete.
std::optional<TextLine> take_line(std::string_view& bytes, Position& at);

/// May a record stand in it: not blank, of bounded length, without NUL?
bool is_legible(std::string_view line);

/// Splits `line` into `fields` (emptied first) at every `separator`; fields are not trimmed.
void split_fields(std::string_view line, char separator, std::vector<std::string_view>& fields);

/// The number of a field, or nullopt; a decimal comma is read where no dot can be meant.
std::optional<double> field_number(std::string_view field, bool comma_allowed);

/// "<what>: "<start of the line>"", as a remark that this line was skipped.
Remark bad_line(const TextLine& line, std::string code, std::string_view what);

/// A record of an instrument's own words, cut to a bounded length.
Remark instrument_words(const TextLine& line, std::string code, std::optional<UtcTime> time,
                        std::string_view words);

/// Local times of one file to UTC. Asks the time zone once for each quarter of an hour that has
/// nothing special about it.
class LocalClock {
 public:
  explicit LocalClock(TimeZone zone) : zone_(std::move(zone)) {}

  /// `before` is the time of the row before, or the epoch where none is known. In the hour that is
  /// shown twice, a step back of more than five minutes begins the second pass.
  UtcTime to_utc(LocalTime local, UtcTime before);

  const TimeZone& zone() const { return zone_; }

 private:
  TimeZone zone_;
  LocalTime begin_{};  // of the quarter with one offset
  LocalTime end_{};
  Milliseconds offset_{};
};

/// The loop over the lines of a growing text log.
class LineReader : public FileReader {
 public:
  SharedChannels channels() const final { return channels_; }
  Position start() const override { return {}; }
  Position read(std::string_view bytes, Position at, RowBatch& batch) final;

 protected:
  /// Appends what one line says to `batch`. False leaves the line for a later call: where it needs
  /// other channels (set_channels() was called), or must wait.
  virtual bool take(const TextLine& line, RowBatch& batch) = 0;
  /// Called before the lines of each read(), with the place of the first one. Where it sets other
  /// channels, read() returns without rows, as it does where they change later.
  virtual void begin(Position /*at*/) {}

  /// Adds a row at `time`, with a remark where the order of times is strange.
  RowBatch::Slot add_row(const TextLine& line, UtcTime time, RowBatch& batch);
  void set_channels(Channels channels);

 private:
  SharedChannels channels_ = std::make_shared<const Channels>();
  RowSequence sequence_;
};

}  // namespace coldwatch
