// coldwatch-simulator: writes the growing log of a fridge that is not there.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>

#include "common/stop.hpp"
#include "tests/simulator/log_writer.hpp"
#include "tests/simulator/simulation.hpp"
#include "tests/simulator/written_log.hpp"

namespace coldwatch::simulator {
namespace {

constexpr const char* kGrowing = "triton";
constexpr std::int64_t kRowsOfAWholeLog = 1440;  // a day, unless something else is wanted
constexpr std::int64_t kMostRowsOfAWholeLog = 1'000'000;

struct Options {
  std::string folder;
  std::string kind = kGrowing;
  std::string start = "now";
  std::string interval = "60s";
  std::string zone = "local";
  std::string torn;
  std::vector<std::string> at;
  std::int64_t rows = 0;
  double speed = 1;
  std::uint64_t seed = 1;
  bool warm = false;
  bool fast = false;
  bool quiet = false;
};

void declare(CLI::App& app, Options& options) {
  app.add_option("--folder", options.folder, "Folder of the log, made where it is missing")
      ->required();
  std::vector<std::string> kinds{kGrowing};
  for (const LogKind& kind : log_kinds()) kinds.emplace_back(kind.word);
  app.add_option(
         "--kind", options.kind,
         "Which fridge. Only the triton lives and grows; the others are written whole, with the "
         "traps of real files in them, and know --start, --interval, --rows, --seed and --zone")
      ->check(CLI::IsMember(kinds));
  app.add_option("--start", options.start, "Time of the first row, RFC 3339, or \"now\"");
  app.add_option("--interval", options.interval, "Between two rows: 60s, 250ms");
  app.add_option("--speed", options.speed,
                 "How many seconds the fridge lives in one second of its log. The times in the "
                 "log stay those of a clock on the wall: with --speed 600 --interval 1s there is a "
                 "row each second, and ten minutes of a fridge's life between two of them")
      ->check(CLI::Range(0.001, 100000.0));
  app.add_option("--rows", options.rows, "Stop after so many rows; 0 goes on until stopped");
  app.add_flag("--fast", options.fast, "Do not wait between rows: a backlog at once");
  app.add_flag("--warm", options.warm, "Begin at room temperature instead of base temperature");
  CLI::Option* at = app.add_option(
      "--at", options.at, "A duration since the first row, and what happens then (repeatable)");
  at->type_size(2)->expected(0, 1000)->type_name("TIME WHAT");
  std::string words;
  for (const std::string& word : happening_words()) words += " " + word;
  app.footer("WHAT is one of:" + words);
  app.add_option("--seed", options.seed, "Of the noise: the same seed writes the same bytes");
  app.add_option("--zone", options.zone, "Time zone of file names: local, UTC, Europe/Zurich");
  app.add_option("--torn", options.torn, "Write each row in two pieces, so far apart: 50ms");
  app.add_flag("--quiet", options.quiet, "Do not print what happens");
}

Milliseconds duration(const std::string& text, const char* option) {
  const auto value = parse_duration(text);
  if (!value || *value <= Milliseconds{0}) {
    throw std::runtime_error(std::string{option} + ": '" + text +
                             "' is no duration such as 60s or 250ms");
  }
  return *value;
}

SimulationSettings settings_of(const Options& options, UtcTime now) {
  std::string error;
  auto scenario = parse_scenario(options.at, error);
  if (!scenario) throw std::runtime_error("--at: " + error);
  const auto start = options.start == "now" ? now : parse_rfc3339(options.start);
  if (!start) throw std::runtime_error("--start: '" + options.start + "' is no RFC 3339 time");
  return {.start = *start,
          .interval = duration(options.interval, "--interval"),
          .speed = options.speed,
          .warm = options.warm,
          .seed = options.seed,
          .scenario = std::move(*scenario)};
}

void print(const LogStep& step, const FridgeState& fridge) {
  for (const Happening happening : step.happened) {
    std::printf("%s %s (MC %.4g K, PT2 plate %.4g K)\n", to_rfc3339(step.time).c_str(),
                happening_words()[static_cast<std::size_t>(happening)].c_str(),
                fridge.mixing_chamber_K, fridge.pt2_plate_K);
  }
  std::fflush(stdout);
}

/// A log of another kind than the growing one, at once.
void write_whole(const Options& options, const LogKind& kind) {
  const UtcTime now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const SimulationSettings settings = settings_of(options, now);
  std::string error;
  const auto zone = TimeZone::find(options.zone, error);
  if (!zone) throw std::runtime_error("--zone: " + error);
  const std::int64_t rows = options.rows > 0 ? options.rows : kRowsOfAWholeLog;
  if (rows > kMostRowsOfAWholeLog) {
    throw std::runtime_error("--rows: " + std::to_string(rows) + " is more than the " +
                             std::to_string(kMostRowsOfAWholeLog) +
                             " of a log that is written whole");
  }
  const WrittenLog log = kind.write({.start = settings.start,
                                     .interval = settings.interval,
                                     .rows = static_cast<int>(rows),
                                     .zone = *zone,
                                     .seed = options.seed});
  const auto folder = std::filesystem::u8path(options.folder);
  for (const auto& [name, bytes] : log.files) {
    const auto path = folder / name;
    std::filesystem::create_directories(path.parent_path());
    if (std::filesystem::exists(path)) throw std::runtime_error(path.string() + " exists already");
    std::ofstream file{path, std::ios::binary};
    file << bytes;
    if (!file.flush()) throw std::runtime_error(path.string() + ": cannot be written");
    if (!options.quiet) std::printf("%s\n", path.string().c_str());
  }
}

void run(const Options& options) {
  for (const LogKind& kind : log_kinds()) {
    if (kind.word == options.kind) return write_whole(options, kind);
  }
  using Clock = std::chrono::steady_clock;
  const UtcTime now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const SimulationSettings settings = settings_of(options, now);
  std::string error;
  const auto zone = TimeZone::find(options.zone, error);
  if (!zone) throw std::runtime_error("--zone: " + error);
  WriteHabits habits{.buffered = options.fast};
  if (!options.torn.empty()) habits.torn = duration(options.torn, "--torn");
  LogWriter writer{std::filesystem::u8path(options.folder), *zone, habits};
  Simulation simulation{settings};

  writer.begin(settings.start - settings.interval);
  const Clock::time_point began = Clock::now();
  for (std::int64_t tick = 0, rows = 0; options.rows == 0 || rows < options.rows; ++tick) {
    const auto wait =
        std::chrono::ceil<Milliseconds>(began + settings.interval * tick - Clock::now());
    if (!options.fast && wait > Milliseconds{0}) sleep_or_stop(wait);
    if (stop_requested()) break;
    const LogStep step = simulation.next();
    if (!options.quiet) print(step, simulation.fridge());
    if (step.new_file) writer.begin(step.time);
    if (step.row.empty()) continue;
    writer.append(step.row);
    ++rows;
  }
}

}  // namespace
}  // namespace coldwatch::simulator

int main(int argc, char** argv) {
  CLI::App app{
      "Writes the growing VeriCold log of a believable Oxford Triton, or a whole log of another "
      "fridge."};
  coldwatch::simulator::Options options;
  coldwatch::simulator::declare(app, options);
  CLI11_PARSE(app, argc, argv);
  coldwatch::install_stop_handlers();
  try {
    coldwatch::simulator::run(options);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "coldwatch-simulator: %s\n", error.what());
    return 2;
  }
}
