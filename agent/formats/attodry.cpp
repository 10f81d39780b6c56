// attocube attoDRY 800 and 2100, text log, tab separated:
//
//   05 Mar 2024_10:11:12                                          the start, local time
//   time (s)<tab>Turbo Pump Frequency (Hz)<tab>Sample Temperature (K)<tab>Cryo In Pressure (mbar)...
//   0.000<tab>1500.0<tab>4.2<tab>1.5e-3...                        seconds since the start
//
// Known from one public excerpt. Not known: names of the files, rotation, how a missing value is
// written (a field that is no number is invalid here).
#include "agent/formats/delimited_reader.hpp"
#include "common/text.hpp"

namespace coldwatch {

extern const Format kAttodry;

namespace {

constexpr std::string_view kStart = "%d %b %Y_%H:%M:%S";
constexpr std::string_view kTimeName = "time (s)";

std::optional<TimeText> pattern(std::string_view text) {
  std::string error;
  return TimeText::make(text, error);
}

Recognition recognise(std::string_view name, std::string_view head) {
  if (!looks_like_text(name, head)) return {};
  const std::string_view first = head.substr(0, head.find('\n'));
  const auto start = pattern(kStart)->read(first);
  if (!start || first.size() == head.size()) return {};
  const std::string_view second = head.substr(first.size() + 1);
  if (!lower_ascii(second.substr(0, kTimeName.size())).starts_with(kTimeName)) return {};
  return {.mine = true,
          .stream = "main",
          .order = to_rfc3339(UtcTime{start->time.time_since_epoch()}),
          .why = "begins with the time of its start, and then \"time (s)\""};
}

Opened open(const FileContext& context, std::string_view head) {
  if (std::string why = unknown_option(context, {}); !why.empty()) return {.why = why};
  return open_delimited({.separator = '\t',
                         .decimal_comma = true,
                         .time = *pattern("elapsed"),
                         .start = pattern(kStart)},
                        context, head);
}

}  // namespace

const Format kAttodry{
    .name = "attodry", .title = "attocube attoDRY log", .recognise = recognise, .open = open};

}  // namespace coldwatch
