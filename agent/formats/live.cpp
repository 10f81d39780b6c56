// The journal that Coldwatch itself writes of a live source (agent/live/journal.hpp), tab separated:
//
//   # Coldwatch live journal: triton_scpi at localhost:33576
//   time (ms)<tab>T8 (K)<tab>P1 (B)               UTC since 1970; a new line of names where they change
//   1792684800000<tab>1.47628<tab>1.0134          a reading
//   1792684810000<tab>~1.47628<tab>-              stale; invalid
//   # triton_scpi at localhost:33576: no complete answer within 10 s       words: an event
//
// Named "live 000012 2026-11-22.log", in the order of the numbers.
#include "agent/formats/delimited_reader.hpp"

namespace coldwatch {

extern const Format kLive;

namespace {

constexpr std::string_view kHead = "# Coldwatch live journal";

Recognition recognise(std::string_view name, std::string_view head) {
  if (!looks_like_text(name, head) || !head.starts_with(kHead)) return {};
  return {.mine = true,
          .stream = "main",
          .order = std::string{name},
          .why = "begins with \"" + std::string{kHead} + "\""};
}

Opened open(const FileContext& context, std::string_view head) {
  if (std::string why = unknown_option(context, {}); !why.empty()) return {.why = why};
  std::string error;
  return open_delimited(
      {.separator = '\t', .time = *TimeText::make("unix_ms", error), .stale_mark = '~'}, context,
      head);
}

}  // namespace

const Format kLive{
    .name = "live", .title = "Journal of a live source", .recognise = recognise, .open = open};

}  // namespace coldwatch
