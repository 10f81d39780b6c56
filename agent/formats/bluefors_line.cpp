#include "agent/formats/bluefors_line.hpp"

namespace coldwatch {
namespace {

constexpr std::size_t kStampBytes = 17;
constexpr std::size_t kMostLinesPerSecond = 16;
constexpr Milliseconds kStepOfASecondPass = std::chrono::minutes{5};  // as LocalClock has it

/// Two digits at `at`; a negative number where they are none.
int two_digits(std::string_view text, std::size_t at) {
  const int tens = text[at] - '0';
  const int ones = text[at + 1] - '0';
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : 10 * tens + ones;
}

}  // namespace

std::optional<LocalTime> take_bluefors_stamp(std::string_view& text) {
  std::string_view rest = text;
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  if (rest.size() <= kStampBytes || rest[2] != '-' || rest[5] != '-' || rest[8] != ',' ||
      rest[11] != ':' || rest[14] != ':' || rest[kStampBytes] != ',') {
    return std::nullopt;
  }
  const int year = two_digits(rest, 6);
  if (year < 0) return std::nullopt;
  const auto time =
      make_local_time(2000 + year, two_digits(rest, 3), two_digits(rest, 0), two_digits(rest, 9),
                      two_digits(rest, 12), two_digits(rest, 15));
  if (time) text = rest.substr(kStampBytes + 1);
  return time;
}

bool is_whole_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

BesideFile::State BesideFile::at(UtcTime time) {
  if (time < asked_) rewind();
  if (time != asked_) texts_.clear();
  asked_ = time;
  for (;;) {
    const bool more = line_ || read_line();
    if (!more || line_->time > time) {
      if (!texts_.empty()) return State::kFound;
      return more ? State::kNone : State::kNotYet;
    }
    last_ = line_->time;
    if (line_->time == time && texts_.size() < kMostLinesPerSecond) {
      texts_.push_back(std::move(line_->text));
    }
    line_.reset();
  }
}

bool BesideFile::read_line() {
  while (!ended_) {
    std::string_view rest = std::string_view{buffer_}.substr(used_);
    Position at;
    if (const auto line = take_line(rest, at)) {
      used_ += at.offset;
      std::string_view text = line->text;
      const auto local = take_bluefors_stamp(text);
      if (!local) continue;  // it has no time, so it is no line of any second
      if (!no_doubt_ || !is_shown_twice(*local)) {
        doubt_.reset();
      } else if (!doubt_) {
        doubt_ = hour_is_in_doubt(*local);
      }
      if (doubt_.value_or(false)) continue;
      line_ = Line{clock_.to_utc(*local, last_), std::string{text}};
      return true;
    }
    offset_ += used_;
    buffer_.erase(0, used_);
    used_ = 0;
    // A piece of this length without an end of line is none: it must not be collected for ever.
    if (buffer_.size() >= kLargestRecordBytes) {
      offset_ += buffer_.size();
      buffer_.clear();
    }
    const std::string more = read_(path_, offset_ + buffer_.size(), kLargestRecordBytes);
    buffer_ += more;
    ended_ = more.empty();
  }
  return false;
}

/// Clocks are changed at a quarter of an hour, so that few lines cost a question to the time zone.
bool BesideFile::is_shown_twice(LocalTime local) {
  const auto quarter = std::chrono::floor<QuarterHours>(local);
  if (quarter != quarter_) {
    quarter_ = quarter;
    const UtcTime first = clock_.zone().to_utc(local);
    quarter_is_twice_ = clock_.zone().to_utc(local, first + Milliseconds{1}) != first;
  }
  return quarter_is_twice_;
}

/// Looks ahead from the first line of the hour: does the file leave it without a step back? Then its
/// lines are of one pass, or of parts of both, and nothing in it tells of which. Where it ends within
/// the hour they are being written now.
bool BesideFile::hour_is_in_doubt(LocalTime local) {
  const std::string ahead = read_(path_, offset_ + used_, kLargestRecordBytes);
  std::string_view rest = ahead;
  Position at;
  while (const auto line = take_line(rest, at)) {
    std::string_view text = line->text;
    const auto next = take_bluefors_stamp(text);
    if (!next) continue;
    if (*next < local - kStepOfASecondPass) return false;
    if (!is_shown_twice(*next)) return true;
    local = *next;
  }
  return false;
}

void BesideFile::rewind() {
  buffer_.clear();
  used_ = 0;
  offset_ = 0;
  line_.reset();
  doubt_.reset();
  texts_.clear();
  last_ = {};
  look_again();
}

}  // namespace coldwatch
