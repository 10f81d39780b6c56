#include "agent/formats/format.hpp"
#include "common/text.hpp"

namespace coldwatch {

extern const Format kXs400;

namespace {

Recognition recognise(std::string_view name, std::string_view) {
  if (!lower_ascii(name).ends_with(".xlsx")) return {};
  return {.mine = true, .stream = "main", .order = std::string{name}, .why = "is named .xlsx"};
}

Opened open(const FileContext&, std::string_view) {
  return {.why =
              "this build of the agent reads no workbooks, because zlib or expat was not found "
              "when it was made; use another build"};
}

}  // namespace

const Format kXs400{.name = "xs400",
                    .title = "CETC XS400 workbook (not in this build)",
                    .rewritten_whole = true,
                    .recognise = recognise,
                    .open = open};

}  // namespace coldwatch
