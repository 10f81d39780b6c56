// Command line and loop of the agent; the only reader of the clock in it.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <functional>

#include "agent/commands/backtest.hpp"
#include "agent/commands/check.hpp"
#include "agent/commands/replay.hpp"
#include "agent/config.hpp"
#include "agent/init.hpp"
#include "agent/inspect.hpp"
#include "agent/live/recorder.hpp"
#include "agent/service.hpp"
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

/// Runs until the program is asked to end; true where it was asked to read a config without mistakes
/// again instead.
bool run_once(const std::string& file, LoadedConfig& loaded) {
  log_info("watching " + loaded.config.log.folder + " as " + loaded.config.fridge);
  std::optional<LiveRecorder> recorder;
  if (loaded.config.live) {
    recorder.emplace(*loaded.config.live, loaded.config.log.folder, live_clock());
  }
  Service service{std::move(loaded.config), std::move(loaded.rules), utc_now()};
  while (!stop_requested()) {
    service.wait(service.step(utc_now(), steady_now()));
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

int run(const std::string& file) {
  LoadedConfig loaded = require_agent_config(file);
  while (run_once(file, loaded)) log_info("the config was read again");
  return 0;
}

int check_config(const std::string& file) {
  const CheckResult result = check(file, utc_now(), live_clock());
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

/// What the command line says, as far as commands need it.
struct Arguments {
  std::string config;
  std::vector<std::string> logs;
  std::string path;
  std::string library = installed_library();
  std::string format = "auto";
  std::vector<std::string> options;
  std::string zone = "local";
  std::string event;
  bool as_json = false;
};

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
                          inspection, fits));
  return 0;
}

int replay_log(const Arguments& arguments) {
  std::string error;
  const auto write = [](std::string_view line) { print(line); };
  if (replay(require_agent_config(arguments.config), arguments.logs, write, error)) return 0;
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
  const auto report =
      backtest(require_agent_config(arguments.config), arguments.logs, event, error);
  if (!report) {
    print(error + "\n", stderr);
    return kFailed;
  }
  print(arguments.as_json ? backtest_json(*report) : backtest_table(*report));
  return 0;
}

void add_commands(CLI::App& app, Arguments& arguments, std::function<int()>& chosen) {
  const auto add = [&app, &chosen](const char* name, const char* what,
                                   std::function<int()> action) {
    CLI::App* command = app.add_subcommand(name, what);
    command->callback([&chosen, action = std::move(action)] { chosen = action; });
    return command;
  };
  const auto add_config = [&arguments](CLI::App* command) {
    command->add_option("--config", arguments.config, "The config file; see config/agent.json")
        ->required();
  };
  add_config(add("run", "Follow the log and publish until asked to end",
                 [&arguments] { return run(arguments.config); }));
  add_config(add("check", "Name every mistake in the config; exit status 2 where there is one",
                 [&arguments] { return check_config(arguments.config); }));
  CLI::App* replay = add("replay", "Print what would have been published, as JSON lines",
                         [&arguments] { return replay_log(arguments); });
  add_config(replay);
  replay->add_option("--log", arguments.logs,
                     "A log file or folder instead of the config's; may be repeated");
  CLI::App* backtest = add("backtest", "Try the rules on old logs: what would have fired, and when",
                           [&arguments] { return backtest_rules(arguments); });
  add_config(backtest);
  backtest->add_option("--log", arguments.logs,
                       "A log file or folder instead of the config's; may be repeated");
  backtest->add_option("--event", arguments.event,
                       "A moment, to tell how early or late each rule was");
  backtest->add_flag("--json", arguments.as_json, "For programs");
  CLI::App* inspect = add("inspect", "Tell what a log file or folder holds",
                          [&arguments] { return inspect_log(arguments); });
  inspect->add_option("path", arguments.path, "A log file or folder")->required();
  inspect->add_flag("--json", arguments.as_json, "For programs");
  CLI::App* init = add("init", "Print a config for the fridge that writes into a folder",
                       [&arguments] { return print_config(arguments); });
  init->add_option("path", arguments.path, "The folder of the log")->required();
  init->add_option("--rules", arguments.library, "The folder of the rule library");
  for (CLI::App* command : {inspect, init}) {
    command->add_option("--format", arguments.format, "A format's name instead of asking each");
    command->add_option("--option", arguments.options, "Of the format, KEY=VALUE; may be repeated");
    command->add_option("--time-zone", arguments.zone,
                        "Of local times in the log: local, UTC, ...");
  }
}

int run_command(std::vector<std::string> words) {
  CLI::App app{"Watches the log of one fridge and publishes readings and alarms to MQTT.",
               "coldwatch-agent"};
  app.set_version_flag("--version", COLDWATCH_VERSION);
  app.require_subcommand(1);
  Arguments arguments;
  std::function<int()> chosen;
  add_commands(app, arguments, chosen);
  std::ranges::reverse(words);  // CLI11 takes them from the back
  try {
    app.parse(std::move(words));
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kWrongConfig;
  }
  return chosen();
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
