#include <array>

#include "agent/formats/format.hpp"

namespace coldwatch {

extern const Format kAttodry;
extern const Format kBluefors;
extern const Format kDelimited;
extern const Format kLeiden;
extern const Format kLeidenFp;
extern const Format kLeidenTc;
extern const Format kLive;
extern const Format kQuantumDesign;
extern const Format kVcl;
extern const Format kXs400;

namespace {
constexpr std::array kFormats{&kVcl,      &kBluefors, &kQuantumDesign, &kLeiden, &kLeidenTc,
                              &kLeidenFp, &kXs400,    &kAttodry,       &kLive,   &kDelimited};
}

std::span<const Format* const> formats() { return kFormats; }

const Format* find_format(std::string_view name) {
  for (const Format* format : kFormats) {
    if (format->name == name) return format;
  }
  return nullptr;
}

}  // namespace coldwatch
