#include "agent/formats/multivu_clock.hpp"

#include <cmath>

#include "common/text.hpp"

namespace coldwatch {
namespace {

// FILEOPENTIME is given to the minute in most files.
constexpr double kSameMomentS = 90;
constexpr double kZoneStepS = 900;
constexpr double kLargestZoneDifferenceS = 26 * 3600;
constexpr double kStepBackS = 60;
constexpr double kYear2000Unix = 946684800;
constexpr double kYear2000Local = 3155673600;  // since 1899-12-30
constexpr double kYear2100Local = 6311433600;
constexpr LocalTime kLocalEpoch{
    std::chrono::local_days{std::chrono::year{1899} / std::chrono::December / 30}};

double seconds_between(UtcTime from, UtcTime to) {
  return static_cast<double>((to - from).count()) / 1000;
}

Milliseconds milliseconds(double seconds) { return Milliseconds{std::llround(seconds * 1000)}; }

/// Takes digits off `text`; nullopt, with `text` as it was, where it begins with none or too many.
std::optional<int> take_number(std::string_view& text) {
  const std::size_t length = std::min(text.find_first_not_of("0123456789"), text.size());
  if (length == 0 || length > 4) return std::nullopt;
  const auto number = parse_integer(text.substr(0, length));
  text.remove_prefix(length);
  return static_cast<int>(*number);
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

/// "4:32 pm", "15:29:28", " 9:16:24 PM" as seconds of the day.
std::optional<int> parse_time_of_day(std::string_view text) {
  const auto hour = take_number(text);
  if (!hour || !take(text, ':')) return std::nullopt;
  const auto minute = take_number(text);
  if (!minute) return std::nullopt;
  const int second = take(text, ':') ? take_number(text).value_or(0) : 0;
  const std::string half = lower_ascii(trim(text)).substr(0, 2);
  const int hours = half == "pm" ? *hour % 12 + 12 : half == "am" ? *hour % 12 : *hour;
  return 3600 * hours + 60 * *minute + second;
}

}  // namespace

std::optional<FileOpenTime> parse_file_open_time(std::string_view value) {
  const std::string_view kBetween = ", \t";
  const auto skip = [&value, kBetween] {
    value.remove_prefix(std::min(value.find_first_not_of(kBetween), value.size()));
  };
  skip();
  const std::size_t length = std::min(value.find_first_of(kBetween), value.size());
  const auto stamp = parse_number(value.substr(0, length));
  value.remove_prefix(length);
  skip();
  const auto month = take_number(value);
  if (!stamp || !month || !take(value, '/')) return std::nullopt;
  const auto day = take_number(value);
  if (!day || !take(value, '/')) return std::nullopt;
  const auto year = take_number(value);
  skip();
  const auto seconds = parse_time_of_day(value);
  if (!year || !seconds) return std::nullopt;
  // Month first in every file seen; a first number above 12 can only be the day.
  const bool day_first = *month > 12;
  const auto midnight =
      make_local_time(*year, day_first ? *day : *month, day_first ? *month : *day, 0, 0, 0);
  if (!midnight) return std::nullopt;
  return FileOpenTime{*stamp, *midnight + std::chrono::seconds{*seconds}};
}

MultiVuClock::MultiVuClock(std::optional<FileOpenTime> opened, TimeZone zone)
    : clock_(std::move(zone)), opened_(opened) {
  if (!opened_) return;
  opened_utc_ = clock_.to_utc(opened_->wall, {});
  const double off_unix = opened_->stamp - seconds_between(UtcTime{}, opened_utc_);
  const double off_local =
      opened_->stamp - static_cast<double>((opened_->wall - kLocalEpoch).count()) / 1000;
  // A difference of whole quarters of an hour is a file from another zone than the config's.
  if (std::abs(off_unix) <= kLargestZoneDifferenceS &&
      std::abs(std::remainder(off_unix, kZoneStepS)) <= kSameMomentS) {
    kind_ = Kind::kUnix;
  } else if (std::abs(off_local) <= kSameMomentS) {
    kind_ = Kind::kLocal;
  } else {
    kind_ = Kind::kController;
  }
}

std::optional<UtcTime> MultiVuClock::to_utc(double stamp, UtcTime before) {
  if (!(std::abs(stamp) < kYear2100Local)) return std::nullopt;
  if (kind_ == Kind::kUnix) return UtcTime{milliseconds(stamp)};
  if (kind_ == Kind::kLocal) return by_wall(stamp, before);
  if (kind_ == Kind::kController) {
    const UtcTime time = opened_utc_ + milliseconds(stamp - opened_->stamp);
    const bool restarted = stamp < opened_->stamp - kStepBackS ||
                           (before != UtcTime{} && seconds_between(time, before) > kStepBackS);
    return restarted ? std::nullopt : std::optional{time};
  }
  if (stamp >= kYear2000Local) return by_wall(stamp, before);
  if (stamp >= kYear2000Unix) return UtcTime{milliseconds(stamp)};
  return std::nullopt;
}

UtcTime MultiVuClock::by_wall(double stamp, UtcTime before) {
  return clock_.to_utc(kLocalEpoch + milliseconds(stamp), before);
}

}  // namespace coldwatch
