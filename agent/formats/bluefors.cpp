// Bluefors logs of both generations: ValveControl with a Lake Shore logger ("old"), and Control
// Software 2 ("CS"). A folder for each day, <root>/YY-MM-DD/, and in it a file for each subject,
// "CH6 T 26-06-30.log": case varies, the separator before the date is a blank or '_'. A file begins
// with its first line, so some come late in the day or not at all. CRLF; times are local, without a
// zone, and are written the other way round than in the names: DD-MM-YY,HH:MM:SS.
//
//   CHn T (K), CHn R (Ohm), CHn P, Flowmeter (mmol/s)
//                old:  28-06-26,00:00:36,1.082930E+2     (with a blank before)
//                CS:   30-06-26,00:00:02,1.082760e+02
//   maxigauge    28-06-26,00:00:08,CH1,P1  ,0, 2.00E-2,4,1,CH2,P2 ,1, 5.14E-1,0,1,...,CH6,P6,...,1,
//                for each gauge: channel, name (may be blank), on, mbar, status, 1. Status: 0 ok,
//                1 under range, 2 over range, 3 sensor error, 4 sensor off, 5 no sensor, 6 unknown
//                sensor. A pressure is a reading only where on = 1 and status = 0.
//   Channels     26-06-26,14:38:25,8,v11,0,v2,0,...,ext,0     a number of unknown meaning, then
//                valves and pumps; old: a line at each change, CS: every 10 s and at each change
//   Status       30-06-26,00:00:02,nxdsf,0.000000e+00,nxdspt,3.091500e+02,...   the set of keys
//                varies from line to line: devices that are off are left out
//   heaters      old "heaters_": key,value as in Status; CS "Heaters ": on,W,on,W
//   Errors       28-06-26,00:00:36,Ch6,T. OVER      several in one line, joined by a new stamp:
//                28-06-26,14:55:49,Ch1,T. UNDER 28-06-26,14:55:49,Ch2,T. OVER
//
// T and R of a channel are two files and one stream, "ch6": the rows are those of R, each with the
// T of the same second. T is invalid without it (below its calibration a sensor has R and no T for
// hours, just when the fridge is coldest), and where R <= 0 (seen: R = 0 with T = 20.1 or 308 K in
// two samples running). A channel with T alone is a stream of T.
//
// Not known: what P is; the meaning of the number in Channels; units of Status beyond temperatures;
// which heater is which in CS.
#include "agent/formats/bluefors_line.hpp"
#include "agent/formats/bluefors_pairs.hpp"
#include "common/text.hpp"

namespace coldwatch {

extern const Format kBluefors;

namespace {

constexpr std::string_view kValueExpected = "expected \"DD-MM-YY,HH:MM:SS,number\"";
constexpr Milliseconds kErrorsLead = std::chrono::seconds{1};  // they are written first
constexpr auto kEndOfDay = std::chrono::hours{23} + std::chrono::minutes{58};
constexpr Milliseconds kSameTrouble = std::chrono::minutes{10};

/// What the name of a file says.
struct FileName {
  enum class Kind { kNone, kTemperature, kResistance, kPower, kFlow, kPairs, kGauges, kErrors };
  Kind kind = Kind::kNone;
  std::string subject;     // lower case: "ch6", "status"
  std::string date;        // YY-MM-DD
  std::size_t letter = 0;  // of a channel's file: where its T, R or P stands in the path
};

FileName parse_name(std::string_view path) {
  constexpr std::string_view kEnd = "?00-00-00.log";
  const std::size_t base = path.rfind('/') == path.npos ? 0 : path.rfind('/') + 1;
  const std::string name = lower_ascii(path.substr(base));
  if (name.size() <= kEnd.size() || !name.ends_with(".log")) return {};
  const std::size_t cut = name.size() - kEnd.size();
  if (name[cut] != ' ' && name[cut] != '_') return {};
  FileName file{.subject = name.substr(0, cut), .date = name.substr(cut + 1, 8)};
  for (std::size_t i = 0; i < file.date.size(); ++i) {
    if (i % 3 == 2 ? file.date[i] != '-' : !is_whole_number(file.date.substr(i, 1))) return {};
  }
  using Kind = FileName::Kind;
  if (file.subject == "flowmeter") file.kind = Kind::kFlow;
  if (file.subject == "maxigauge") file.kind = Kind::kGauges;
  if (file.subject == "errors") file.kind = Kind::kErrors;
  if (file.subject == "channels" || file.subject == "status" || file.subject == "heaters") {
    file.kind = Kind::kPairs;
  }
  const auto blank = file.subject.find_first_of(" _");
  if (file.subject.starts_with("ch") && blank + 2 == file.subject.size() &&
      is_whole_number(file.subject.substr(2, blank - 2))) {
    const char letter = file.subject.back();
    if (letter == 't') file.kind = Kind::kTemperature;
    if (letter == 'r') file.kind = Kind::kResistance;
    if (letter == 'p') file.kind = Kind::kPower;
    file.letter = base + blank + 1;
    file.subject.resize(blank);
  }
  return file;
}

/// The path of the other file of a channel: 'r' for that of the temperatures, 't' for R's.
std::string path_beside(std::string path, std::size_t letter_at, char letter) {
  const bool upper = path[letter_at] >= 'A' && path[letter_at] <= 'Z';
  path[letter_at] = static_cast<char>(upper ? letter - 'a' + 'A' : letter);
  return path;
}

/// "26-06-30/CH6 R 26-06-30.log" to "26-06-30/Errors 26-06-30.log".
std::string errors_beside(const std::string& path, std::size_t letter_at) {
  const std::size_t base = path.rfind('/') == path.npos ? 0 : path.rfind('/') + 1;
  return path.substr(0, base) + "Errors" + path.substr(letter_at + 1);
}

std::string upper_channel(const std::string& subject) { return "CH" + subject.substr(2); }

/// What Errors says of a channel in one second.
struct Flags {
  bool temperature = false;  // "T. OVER": outside of the calibration, the number is its end
  bool resistance = false;   // "R. OVER", "VMIX OVL": the bridge itself is overloaded
};

/// `text` is a line of Errors without its stamp, `channel` "CH6".
void add_flags(std::string_view text, const std::string& channel, Flags& flags) {
  bool its = false;
  for (const std::string_view field : split(text, ',')) {
    const std::string word = lower_ascii(trim(field));
    if (word.starts_with("ch")) {
      its = word == lower_ascii(channel);
    } else if (its && word.find(':') == word.npos) {
      flags.temperature = true;
      flags.resistance |= word.starts_with("r.") || word.find("ovl") != word.npos;
    }
  }
}

/// What Errors says of `channel` in the second of a row or the one before.
Flags flags_at(BesideFile& errors, UtcTime time, const std::string& channel) {
  Flags flags;
  for (const UtcTime moment : {time - kErrorsLead, time}) {
    if (errors.at(moment) != BesideFile::State::kFound) continue;
    for (const std::string& error : errors.texts()) add_flags(error, channel, flags);
  }
  return flags;
}

/// One number a line: P, flow, or a T without its R, which Errors judges.
class ValueReader final : public LineReader {
 public:
  ValueReader(const FileContext& context, Channel channel) : clock_(context.zone) {
    set_channels({std::move(channel)});
  }
  ValueReader(const FileContext& context, const std::string& sensor, std::string errors)
      : ValueReader(context, {sensor + "_T", sensor + " T", "K", "temperature"}) {
    sensor_ = sensor;
    errors_.emplace(context, std::move(errors));
  }

 private:
  void begin(Position) override {
    if (errors_) errors_->look_again();
  }

  bool take(const TextLine& line, RowBatch& batch) override {
    std::string_view text = line.text;
    const auto local = take_bluefors_stamp(text);
    const auto value = local ? parse_number(text) : std::nullopt;
    if (!value) {
      batch.remarks.push_back(bad_line(line, "line", kValueExpected));
      return true;
    }
    const UtcTime time = clock_.to_utc(*local, line.next.time);
    const bool good = !errors_ || !flags_at(*errors_, time, sensor_).temperature;
    const RowBatch::Slot slot = add_row(line, time, batch);
    slot.values[0] = *value;
    if (!good) slot.quality[0] = Quality::kInvalid;
    return true;
  }

  LocalClock clock_;
  std::string sensor_;
  std::optional<BesideFile> errors_;
};

/// R, with the T and the errors of the same second beside it.
class ResistanceReader final : public LineReader {
 public:
  ResistanceReader(const FileContext& context, std::string channel, std::string temperatures,
                   std::string errors)
      : channel_(std::move(channel)),
        clock_(context.zone),
        temperatures_(context, std::move(temperatures), true),
        errors_(context, std::move(errors)) {
    set_channels({{channel_ + "_T", channel_ + " T", "K", "temperature"},
                  {channel_ + "_R", channel_ + " R", "Ohm", "resistance"}});
  }

 private:
  void begin(Position) override {
    temperatures_.look_again();
    errors_.look_again();
  }

  bool take(const TextLine& line, RowBatch& batch) override {
    std::string_view text = line.text;
    const auto local = take_bluefors_stamp(text);
    const auto resistance = local ? parse_number(text) : std::nullopt;
    if (!resistance) {
      batch.remarks.push_back(bad_line(line, "line", kValueExpected));
      return true;
    }
    const UtcTime time = clock_.to_utc(*local, line.next.time);
    const BesideFile::State found = temperatures_.at(time);
    if (found == BesideFile::State::kNotYet && must_wait(line, *local)) return false;
    const auto temperature = found == BesideFile::State::kFound
                                 ? parse_number(temperatures_.texts().back())
                                 : std::nullopt;
    Flags flags = flags_at(errors_, time, channel_);
    flags.temperature |= !temperature;
    flags.resistance |= !(*resistance > 0);
    const RowBatch::Slot slot = add_row(line, time, batch);
    slot.values[0] = temperature.value_or(0);
    slot.values[1] = *resistance;
    if (flags.temperature || flags.resistance) slot.quality[0] = Quality::kInvalid;
    if (flags.resistance) slot.quality[1] = Quality::kInvalid;
    return true;
  }

  /// The two lines of a second are not written at once. The T of the newest R is waited for until
  /// the next R is there, unless T was missing before or the day, and the file with it, ends.
  bool must_wait(const TextLine& line, LocalTime local) const {
    const bool newest = line.rest.find('\n') == std::string_view::npos;
    const bool silent_before = line.next.time != UtcTime{} && temperatures_.last() < line.next.time;
    const bool day_ends = local - std::chrono::floor<std::chrono::days>(local) >= kEndOfDay;
    return newest && !silent_before && !day_ends;
  }

  std::string channel_;
  LocalClock clock_;
  BesideFile temperatures_;
  BesideFile errors_;
};

/// The instrument's own words. What is said again every minute is told once.
class ErrorsReader final : public LineReader {
 public:
  explicit ErrorsReader(const FileContext& context) : clock_(context.zone) {}

 private:
  bool take(const TextLine& line, RowBatch& batch) override {
    std::string_view text = line.text;
    const auto local = take_bluefors_stamp(text);
    if (!local) {
      batch.remarks.push_back(bad_line(line, "line", "expected \"DD-MM-YY,HH:MM:SS,error\""));
      return true;
    }
    const UtcTime time = clock_.to_utc(*local, last_time_);
    std::string words;
    for (std::size_t i = 0; i < text.size();) {
      std::string_view rest = text.substr(i);
      if (rest.front() == ' ' && take_bluefors_stamp(rest)) {
        words += "; ";
        i = text.size() - rest.size();
      } else {
        words.push_back(text[i++]);
      }
    }
    if (words != last_words_ || time - last_time_ > kSameTrouble) {
      batch.remarks.push_back(instrument_words(line, "error", time, words));
    }
    last_words_ = std::move(words);
    last_time_ = time;
    return true;
  }

  LocalClock clock_;
  std::string last_words_;
  UtcTime last_time_{};
};

Recognition recognise(std::string_view name, std::string_view) {
  using Kind = FileName::Kind;
  const FileName file = parse_name(name);
  if (file.kind == Kind::kNone) return {};
  Recognition found{.mine = true,
                    .stream = file.subject,
                    .order = file.date,
                    .why = "is named like the Bluefors log of " + file.subject};
  if (file.kind == Kind::kPower) found.stream += "_p";
  if (file.kind == Kind::kTemperature) {
    found.beside = path_beside(std::string{name}, file.letter, 'r');
  }
  return found;
}

std::unique_ptr<FileReader> make_reader(const FileContext& context, const FileName& file,
                                        std::string_view head) {
  using Kind = FileName::Kind;
  switch (file.kind) {
    case Kind::kTemperature:
      return std::make_unique<ValueReader>(context, upper_channel(file.subject),
                                           errors_beside(context.path, file.letter));
    case Kind::kPower: {
      const std::string name = upper_channel(file.subject);
      return std::make_unique<ValueReader>(context, Channel{name + "_P", name + " P", "", ""});
    }
    case Kind::kFlow:
      return std::make_unique<ValueReader>(context,
                                           Channel{"Flowmeter", "Flowmeter", "mmol/s", "flow"});
    case Kind::kResistance:
      return std::make_unique<ResistanceReader>(context, upper_channel(file.subject),
                                                path_beside(context.path, file.letter, 't'),
                                                errors_beside(context.path, file.letter));
    case Kind::kErrors:
      return std::make_unique<ErrorsReader>(context);
    case Kind::kPairs:
    case Kind::kGauges:
      return make_bluefors_pairs_reader(context, file.kind == Kind::kGauges, head);
    case Kind::kNone:
      break;
  }
  return nullptr;
}

Opened open(const FileContext& context, std::string_view head) {
  Opened opened{.reader = make_reader(context, parse_name(context.path), head)};
  if (!opened.reader) {
    opened.why =
        "\"" + context.path + "\" is no name of a Bluefors log, such as \"CH6 T 26-06-30.log\"";
  }
  return opened;
}

}  // namespace

const Format kBluefors{
    .name = "bluefors", .title = "Bluefors log folder", .recognise = recognise, .open = open};

}  // namespace coldwatch
