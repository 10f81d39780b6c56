// Command line and loop of the agent; the only reader of the clock in it.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string_view>
#include <utility>

#include "agent/command_line.hpp"
#include "agent/commands/backtest.hpp"
#include "agent/commands/check.hpp"
#include "agent/commands/replay.hpp"
#include "agent/config.hpp"
#include "agent/console/console.hpp"
#include "agent/init.hpp"
#include "agent/inspect.hpp"
#include "agent/live/recorder.hpp"
#include "agent/service.hpp"
#include "agent/service_manager.hpp"
#include "common/arguments.hpp"
#include "common/log.hpp"
#include "common/stop.hpp"

namespace coldwatch {
namespace {

constexpr int kFailed = 1;
constexpr int kWrongConfig = 2;

auto steady_now() { return std::chrono::steady_clock::now(); }
UtcTime utc_now() { return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now()); }

void print(std::string_view text, std::FILE* to = stdout) {
  std::fwrite(text.data(), 1, text.size(), to);
}

LiveClock live_clock() { return {.utc = utc_now, .steady = steady_now}; }

void grant(Console::Wish wish, Console& console, Service& service) {
  switch (wish) {
    case Console::Wish::kExit:
      return request_stop();
    case Console::Wish::kTest:
      return console.say(service.command("test", utc_now()).text);
    case Console::Wish::kSnapshot:
      return console.say(service.command("snapshot", utc_now()).text);
  }
}

/// Keys and table. Returns how long nothing of that kind is to be done.
Milliseconds attend(Console& console, Service& service) {
  for (const Console::Wish wish : console.wishes()) grant(wish, console, service);
  const auto steady = steady_now();
  if (console.draw_due(steady)) console.draw(service.look(utc_now()), steady);
  return Console::kKeyInterval;
}

/// Runs until the program is asked to end; true where it was asked to read a config without mistakes
/// again instead. `console` may be null.
bool run_once(const std::string& file, LoadedConfig& loaded, Console* console) {
  log_info("watching " + loaded.config.log.folder + " as " + loaded.config.fridge);
  std::optional<LiveRecorder> recorder;
  if (loaded.config.live) {
    recorder.emplace(*loaded.config.live, loaded.config.log.folder, live_clock());
  }
  Service service{std::move(loaded.config), std::move(loaded.rules), utc_now()};
  while (!stop_requested()) {
    Milliseconds idle = service.step(utc_now(), steady_now());
    if (console != nullptr) idle = std::min(idle, attend(*console, service));
    service.wait(idle);
    if (!service.take_reload_wanted() && !take_reload_request()) continue;
    Mistakes mistakes;
    LoadedConfig next = load_agent_config(file, mistakes);
    if (mistakes.empty()) {
      loaded = std::move(next);
      service.stop(utc_now(), steady_now(), false);
      return true;
    }
    log_error("the config has mistakes, the old one stays in force:\n" + describe(mistakes, file));
  }
  service.stop(utc_now(), steady_now(), true);
  return false;
}

int run(const Arguments& arguments) {
  LoadedConfig loaded = require_agent_config(arguments.config);
  std::unique_ptr<Console> console;
  if (arguments.console) {
    console = Console::take(arguments.beep);
    if (!console) log_warning("there is no terminal to draw on: running without the table");
  }
  while (run_once(arguments.config, loaded, console.get())) log_info("the config was read again");
  return 0;
}

/// As run, for the service manager, whose only ear is the log.
int run_as_told(const Arguments& arguments) {
  if (arguments.hosted.empty()) return run(arguments);
  return run_as_service(arguments.hosted, [&arguments] {
    try {
      return run(arguments);
    } catch (const SettingsError& error) {
      log_error(error.what());
      return kWrongConfig;
    } catch (const std::exception& error) {
      log_error(error.what());
      return kFailed;
    }
  });
}

int check_config(const Arguments& arguments) {
  const CheckResult result = check(arguments.config, utc_now(), live_clock());
  print(result.report, result.ok ? stdout : stderr);
  return result.ok ? 0 : kWrongConfig;
}

/// Where the rule library is: in the sources, beside the program, or where packages put it.
std::string installed_library() {
  const std::string here = program_folder();
  std::error_code error;
  for (const std::string& place : {here + "/rules", here + "/../share/coldwatch/rules"}) {
    if (std::filesystem::is_directory(std::u8string{place.begin(), place.end()}, error)) {
      return place;
    }
  }
  return "config/rules";
}

Inspection inspect_path(const Arguments& arguments) {
  std::string error;
  const auto zone = TimeZone::find(arguments.zone, error);
  if (!zone) throw SettingsError{"--time-zone: " + error + "\n"};
  LogSettings settings{.folder = arguments.path, .format = arguments.format, .zone = *zone};
  for (const std::string& option : arguments.options) {
    const auto equals = option.find('=');
    if (equals == option.npos) {
      throw SettingsError{"--option: found \"" + option + "\", expected KEY=VALUE\n"};
    }
    settings.options[option.substr(0, equals)] = option.substr(equals + 1);
  }
  Inspection inspection = inspect(settings, utc_now());
  if (!inspection.problem.empty()) print(inspection.problem + "\n", stderr);
  return inspection;
}

int inspect_log(const Arguments& arguments) {
  const Inspection inspection = inspect_path(arguments);
  print(arguments.as_json ? inspection_json(inspection) : inspection_text(inspection));
  return inspection.problem.empty() ? 0 : kFailed;
}

/// The config will stand in another folder than the one in which this was called.
std::string absolute_path(const std::string& utf8) {
  const std::filesystem::path path{std::u8string{utf8.begin(), utf8.end()}};
  const std::u8string absolute = std::filesystem::absolute(path).generic_u8string();
  return {absolute.begin(), absolute.end()};
}

int print_config(const Arguments& arguments) {
  const Inspection inspection = inspect_path(arguments);
  if (!inspection.problem.empty()) return kFailed;
  Mistakes mistakes;
  const auto fits = fit_libraries(arguments.library, channels_of(inspection), mistakes);
  if (!mistakes.empty()) print(describe(mistakes, arguments.library), stderr);
  print(make_agent_config(absolute_path(arguments.path), absolute_path(arguments.library),
                          inspection, fits, arguments.answers));
  return 0;
}

/// One line on standard error, written over and over, where that is a terminal.
class ProgressLine {
 public:
  ~ProgressLine() {
    if (!shown_.empty()) print("\r" + std::string(shown_.size(), ' ') + "\r", stderr);
  }
  Progress progress() {
    return [this](std::uint64_t rows, UtcTime time) {
      const auto now = steady_now();
      if (!terminal_ || now - told_ < std::chrono::milliseconds{200}) return;
      told_ = now;
      shown_ = std::to_string(rows) + " rows, at " + to_rfc3339(time).substr(0, 10);
      print("\r" + shown_, stderr);
    };
  }

 private:
  const bool terminal_ = error_stream_is_terminal();
  std::chrono::steady_clock::time_point told_{};
  std::string shown_;
};

int replay_log(const Arguments& arguments) {
  std::string error;
  const auto write = [](std::string_view line) { print(line); };
  ProgressLine line;
  const Progress progress = line.progress();
  if (replay(require_agent_config(arguments.config), arguments.logs, write, progress, error)) {
    return 0;
  }
  print(error + "\n", stderr);
  return kFailed;
}

int backtest_rules(const Arguments& arguments) {
  const auto event = parse_rfc3339(arguments.event);
  if (!arguments.event.empty() && !event) {
    print("--event: found \"" + arguments.event +
              "\", expected a time such as 2026-06-26T15:52:52Z\n",
          stderr);
    return kWrongConfig;
  }
  std::string error;
  const auto report = [&] {
    ProgressLine line;
    return backtest(require_agent_config(arguments.config), arguments.logs, event, line.progress(),
                    error);
  }();
  if (!report) {
    print(error + "\n", stderr);
    return kFailed;
  }
  print(arguments.as_json ? backtest_json(*report) : backtest_table(*report));
  return 0;
}

std::string manage_service(const Arguments& arguments) {
  if (arguments.service_verb == "uninstall") return uninstall_service(arguments.service);
  if (arguments.service_verb == "start") return start_service(arguments.service);
  if (arguments.service_verb == "stop") return stop_service(arguments.service);
  const std::string config = absolute_path(arguments.config);
  require_agent_config(config);
  return install_service(arguments.service, config);
}

int tell_of_service(const Arguments& arguments) {
  print(manage_service(arguments) + "\n");
  return 0;
}

constexpr std::pair<std::string_view, int (*)(const Arguments&)> kCommands[] = {
    {"run", run_as_told},        {"service", tell_of_service}, {"check", check_config},
    {"inspect", inspect_log},    {"init", print_config},       {"replay", replay_log},
    {"backtest", backtest_rules}};

int run_command(std::vector<std::string> words) {
  const Arguments arguments = read_command_line(std::move(words), installed_library());
  const auto found =
      std::ranges::find(kCommands, arguments.command, [](const auto& one) { return one.first; });
  return found == std::end(kCommands) ? arguments.status : found->second(arguments);
}

}  // namespace
}  // namespace coldwatch

int main(int argc, char** argv) {
  coldwatch::install_stop_handlers();
  try {
    return coldwatch::run_command(coldwatch::utf8_arguments(argc, argv));
  } catch (const coldwatch::SettingsError& error) {
    coldwatch::print(error.what(), stderr);
    return coldwatch::kWrongConfig;
  } catch (const std::exception& error) {
    coldwatch::log_error(error.what());
    return coldwatch::kFailed;
  }
}
