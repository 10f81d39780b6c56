// Leiden Cryogenics, text logs of the programs TC (temperatures) and FP (front panel). Tab
// separated, local time, a new file at each start of the program.
//
//   TC  LogAVS___2020-12-27-17-41-55.dat, 26 columns: Date1, Date2, R0-R9, T0-T9, I0-I3
//       2020-12-27 17:41:55<tab>0.0<tab>1021.3<tab>...    T in mK, R in Ohm or kOhm, I in uA or mA
//       of the 8-channel AVS-47: time, R in 1-8, 9, T in 10-17, heaters 18-21; "#" comments
//   FP  logFP___2020-12-27-17-41-53.dat, 26 columns: Date, P1-P7, Flow, MG0-MG5 (mbar), PT on, W_in,
//       W_out, He, Oil, P_low, P_high, PT current, State0-State2
//
// Header lines come in any number, or none: names, sensor labels, calibrations. Options:
//   time_format   of the first column, which the program's "Data Logging Settings" set; default
//                 "%Y-%m-%d %H:%M:%S"
//   kelvin        "yes" gives T0-T9 in K; else they stay in mK, as logged
// A decimal comma, of a Windows set to one, is read.
//
// T is invalid where its R is not above zero. That is an assumption: no real log is public. Not known
// either: Date2, units of R and I, layouts of other widths.
#include <array>

#include "agent/formats/delimited_reader.hpp"
#include "common/text.hpp"

namespace coldwatch {

extern const Format kLeiden;
extern const Format kLeidenTc;
extern const Format kLeidenFp;

namespace {

constexpr std::array<std::string_view, 2> kOptions{"time_format", "kelvin"};
constexpr std::size_t kSensors = 10;
constexpr double kKelvinPerMillikelvin = 1e-3;

std::vector<std::string> numbered(std::vector<std::string> names, const std::string& stem,
                                  std::size_t first, std::size_t last) {
  for (std::size_t i = first; i <= last; ++i) names.push_back(stem + std::to_string(i));
  return names;
}

std::vector<std::string> tc_names() {
  return numbered(numbered(numbered({"Date1", "Date2"}, "R", 0, 9), "T", 0, 9), "I", 0, 3);
}

std::vector<std::string> fp_names() {
  std::vector<std::string> names = numbered({"Date"}, "P", 1, 7);
  names.push_back("Flow");
  names = numbered(std::move(names), "MG", 0, 5);
  for (const char* name :
       {"PT on", "W_in", "W_out", "He", "Oil", "P_low", "P_high", "PT current"}) {
    names.emplace_back(name);
  }
  return numbered(std::move(names), "State", 0, 2);
}

/// From the first digit of the stamp in the name on, so that user suffixes do not sort.
std::string order_of(std::string_view name) {
  constexpr std::string_view kStamp = "0000-00-00-00-00-00";
  for (std::size_t at = 0; at + kStamp.size() <= name.size(); ++at) {
    std::size_t i = 0;
    while (i < kStamp.size() &&
           (kStamp[i] == '-' ? name[at + i] == '-' : name[at + i] >= '0' && name[at + i] <= '9')) {
      ++i;
    }
    if (i == kStamp.size()) return std::string{name.substr(at)};
  }
  return std::string{name};
}

Recognition recognise_program(std::string_view name, std::string_view head,
                              const std::string& program, const std::string& stream) {
  const std::string base = lower_ascii(name.substr(name.rfind('/') + 1));
  if (!base.starts_with(program) || !looks_like_text(name, head)) return {};
  return {.mine = true,
          .stream = stream,
          .order = order_of(name),
          .why = "is named like a Leiden log, \"" + program + "...\""};
}

Opened open_program(const FileContext& context, std::string_view head,
                    std::vector<std::string> known_names, std::vector<ColumnNote> notes) {
  if (std::string why = unknown_option(context, kOptions); !why.empty()) return {.why = why};
  std::string error;
  const auto time = TimeText::make(option_or(context, "time_format", "%Y-%m-%d %H:%M:%S"), error);
  if (!time) return {.why = "option time_format: " + error};
  return open_delimited({.separator = '\t',
                         .decimal_comma = true,
                         .time = *time,
                         .notes = std::move(notes),
                         .known_names = {std::move(known_names)}},
                        context, head);
}

Recognition recognise_tc(std::string_view name, std::string_view head) {
  return recognise_program(name, head, "logavs", "tc");
}

Recognition recognise_fp(std::string_view name, std::string_view head) {
  return recognise_program(name, head, "logfp", "fp");
}

Opened open_tc(const FileContext& context, std::string_view head) {
  const std::string kelvin = option_or(context, "kelvin", "no");
  if (kelvin != "yes" && kelvin != "no") {
    return {.why = "option kelvin: found \"" + kelvin + "\", expected \"yes\" or \"no\""};
  }
  std::vector<ColumnNote> notes;
  for (std::size_t i = 0; i < kSensors; ++i) {
    const std::string number = std::to_string(i);
    notes.push_back({.name = "T" + number,
                     .unit = kelvin == "yes" ? "K" : "mK",
                     .scale = kelvin == "yes" ? kKelvinPerMillikelvin : 1,
                     .partner = "R" + number});
  }
  return open_program(context, head, tc_names(), std::move(notes));
}

Opened open_fp(const FileContext& context, std::string_view head) {
  std::vector<ColumnNote> notes;
  for (int i = 0; i < 6; ++i) notes.push_back({.name = "MG" + std::to_string(i), .unit = "mbar"});
  return open_program(context, head, fp_names(), std::move(notes));
}

/// Both programs, of which each gives a stream.
Recognition recognise_either(std::string_view name, std::string_view head) {
  Recognition tc = recognise_tc(name, head);
  return tc.mine ? tc : recognise_fp(name, head);
}

Opened open_either(const FileContext& context, std::string_view head) {
  return recognise_tc(context.path, head).mine ? open_tc(context, head) : open_fp(context, head);
}

}  // namespace

const Format kLeiden{.name = "leiden",
                     .title = "Leiden Cryogenics logs (TC and FP)",
                     .recognise = recognise_either,
                     .open = open_either};

const Format kLeidenTc{.name = "leiden_tc",
                       .title = "Leiden Cryogenics temperature log (TC)",
                       .recognise = recognise_tc,
                       .open = open_tc,
                       .only_by_name = true};

const Format kLeidenFp{.name = "leiden_fp",
                       .title = "Leiden Cryogenics front panel log (FP)",
                       .recognise = recognise_fp,
                       .open = open_fp,
                       .only_by_name = true};

}  // namespace coldwatch
