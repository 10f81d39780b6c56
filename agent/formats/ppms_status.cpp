#include "agent/formats/ppms_status.hpp"

#include <array>

namespace coldwatch {
namespace {

using Words = std::array<std::string_view, 16>;

constexpr Words kTemperature{"unknown",
                             "stable",
                             "tracking",
                             "",
                             "",
                             "near",
                             "chasing",
                             "filling or emptying reservoir",
                             "",
                             "",
                             "standby",
                             "",
                             "",
                             "control disabled",
                             "impedance not functioning",
                             "failure"};
constexpr Words kMagnet{"unknown",
                        "persistent",
                        "switch warming",
                        "switch cooling",
                        "driven, holding",
                        "driven, final approach",
                        "charging",
                        "discharging",
                        "current error",
                        "",
                        "",
                        "",
                        "",
                        "",
                        "",
                        "failure"};
constexpr Words kChamber{"unknown",
                         "purged and sealed",
                         "vented and sealed",
                         "sealed, condition unknown",
                         "purging and sealing",
                         "venting and sealing",
                         "pre-high-vacuum",
                         "high vacuum",
                         "pumping continuously",
                         "venting continuously",
                         "",
                         "",
                         "",
                         "",
                         "high-vacuum error",
                         "failure"};
constexpr Words kPosition{"unknown",  "stopped",  "", "", "", "moving", "", "",
                          "at limit", "at index", "", "", "", "",       "", "failure"};

constexpr unsigned kFirstTemperatureTrouble = 10;
constexpr unsigned kMagnetError = 8;
constexpr unsigned kFailure = 15;

std::string_view word(const Words& words, unsigned code) {
  const std::string_view found = words[code & 15];
  return found.empty() ? words[0] : found;
}

}  // namespace

PpmsStatus decode_ppms_status(unsigned code) {
  return {word(kTemperature, code), word(kMagnet, code >> 4), word(kChamber, code >> 8),
          word(kPosition, code >> 12)};
}

std::string ppms_status_words(unsigned code) {
  const PpmsStatus status = decode_ppms_status(code);
  std::string words{"temperature "};
  words.append(status.temperature).append(", magnet ").append(status.magnet);
  words.append(", chamber ").append(status.chamber);
  return words.append(", position ").append(status.position);
}

unsigned ppms_trouble(unsigned code) {
  const unsigned temperature = code & 15;
  const unsigned magnet = code >> 4 & 15;
  const unsigned position = code >> 12 & 15;
  return (temperature >= kFirstTemperatureTrouble ? temperature : 0) |
         (magnet >= kMagnetError ? magnet : 0) << 4 | (code & 0xF00) |
         (position == kFailure ? position : 0) << 12;
}

}  // namespace coldwatch
