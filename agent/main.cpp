// Command line and loop of the agent; the only reader of the clock in it.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "agent/commands/check.hpp"
#include "agent/commands/replay.hpp"
#include "agent/config.hpp"
#include "agent/service.hpp"
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

/// Runs until the program is asked to end; true where it was asked to read a config without mistakes
/// again instead.
bool run_once(const std::string& file, LoadedConfig& loaded) {
  log_info("watching " + loaded.config.log.folder + " as " + loaded.config.fridge);
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
  const CheckResult result = check(file, utc_now());
  print(result.report, result.ok ? stdout : stderr);
  return result.ok ? 0 : kWrongConfig;
}

int replay_log(const std::string& file, const std::vector<std::string>& logs) {
  std::string error;
  const auto write = [](std::string_view line) { print(line); };
  if (replay(require_agent_config(file), logs, write, error)) return 0;
  print(error + "\n", stderr);
  return kFailed;
}

int run_command(int argc, char** argv) {
  CLI::App app{"Watches the log of one fridge and publishes readings and alarms to MQTT."};
  app.set_version_flag("--version", COLDWATCH_VERSION);
  app.require_subcommand(1);
  std::string config;
  std::vector<std::string> logs;
  int code = 0;
  const auto add = [&](const char* name, const char* what, std::function<int()> action) {
    CLI::App* command = app.add_subcommand(name, what);
    command->callback([&code, action = std::move(action)] { code = action(); });
    return command;
  };
  const auto add_config = [&config](CLI::App* command) {
    command->add_option("--config", config, "the config file, see config/agent.json")->required();
  };
  add_config(
      add("run", "Follow the log and publish until asked to end", [&] { return run(config); }));
  add_config(add("check", "Name every mistake in the config; exit status 2 where there is one",
                 [&] { return check_config(config); }));
  CLI::App* replay = add("replay", "Print what would have been published, as JSON lines",
                         [&] { return replay_log(config, logs); });
  add_config(replay);
  replay->add_option("--log", logs,
                     "a log file or folder instead of the config's; may be repeated");
  CLI11_PARSE(app, argc, argv);
  return code;
}

}  // namespace
}  // namespace coldwatch

int main(int argc, char** argv) {
  coldwatch::install_stop_handlers();
  try {
    return coldwatch::run_command(argc, argv);
  } catch (const coldwatch::SettingsError& error) {
    coldwatch::print(error.what(), stderr);
    return coldwatch::kWrongConfig;
  } catch (const std::exception& error) {
    coldwatch::log_error(error.what());
    return coldwatch::kFailed;
  }
}
