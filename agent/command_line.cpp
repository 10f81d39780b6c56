#include "agent/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <utility>

namespace coldwatch {
namespace {

constexpr int kWrongWords = 2;

void add_config(CLI::App* command, Arguments& arguments) {
  command->add_option("--config", arguments.config, "The config file; see config/agent.json")
      ->required();
}

void add_logs(CLI::App* command, Arguments& arguments) {
  command->add_option("--log", arguments.logs,
                      "A log file or folder instead of the config's; may be repeated");
}

void add_format(CLI::App* command, Arguments& arguments) {
  command->add_option("--format", arguments.format, "A format's name instead of asking each");
  command->add_option("--option", arguments.options, "Of the format, KEY=VALUE; may be repeated");
  command->add_option("--time-zone", arguments.zone, "Of local times in the log: local, UTC, ...");
}

/// `run --service NAME` and the command `service`, where the system has a service manager.
void add_service(CLI::App& app, CLI::App* run, Arguments& arguments) {
  if (!has_service_manager()) return;
  run->add_option("--service", arguments.hosted, "Only for the service manager: its name for us");
  CLI::App* service = app.add_subcommand("service", "Run as a service of this PC");
  service->require_subcommand(1);
  const auto add = [&](const char* verb, const char* what) {
    CLI::App* command = service->add_subcommand(verb, what);
    command->add_option("--name", arguments.service, "Where a PC has several agents");
    command->callback([&arguments, verb] { arguments.service_verb = verb; });
    return command;
  };
  add_config(add("install", "Make the service"), arguments);
  add("uninstall", "Stop and remove the service");
  add("start", "Start the service");
  add("stop", "Stop the service");
}

void add_commands(CLI::App& app, Arguments& arguments) {
  CLI::App* run = app.add_subcommand("run", "Follow the log and publish until asked to end");
  add_config(run, arguments);
  CLI::Option* console =
      run->add_flag("--console", arguments.console, "Show the rules as a live table");
  run->add_flag("--beep", arguments.beep, "With --console: a sound for each new alarm")
      ->needs(console);
  add_service(app, run, arguments);

  add_config(app.add_subcommand(
                 "check", "Name every mistake in the config; exit status 2 where there is one"),
             arguments);

  CLI::App* inspect = app.add_subcommand("inspect", "Tell what a log file or folder holds");
  inspect->add_option("path", arguments.path, "A log file or folder")->required();
  inspect->add_flag("--json", arguments.as_json, "For programs");
  add_format(inspect, arguments);

  CLI::App* init =
      app.add_subcommand("init", "Print a config for the fridge that writes into a folder");
  init->add_option("path", arguments.path, "The folder of the log")->required();
  init->add_option("--rules", arguments.library, "The folder of the rule library");
  init->add_option("--fridge", arguments.answers.fridge, "The fridge's name; else its folder's");
  init->add_option("--broker", arguments.answers.broker, "The broker, such as mqtt://HOST:1883");
  init->add_option("--user", arguments.answers.user, "The user at the broker");
  init->add_option("--password-file", arguments.answers.password_file,
                   "The file whose first line is the user's password");
  add_format(init, arguments);

  CLI::App* replay =
      app.add_subcommand("replay", "Print what would have been published, as JSON lines");
  add_config(replay, arguments);
  add_logs(replay, arguments);

  CLI::App* backtest =
      app.add_subcommand("backtest", "Try the rules on old logs: what would have fired, and when");
  add_config(backtest, arguments);
  add_logs(backtest, arguments);
  backtest->add_option("--event", arguments.event,
                       "A moment, to tell how early or late each rule was");
  backtest->add_flag("--json", arguments.as_json, "For programs");
}

}  // namespace

Arguments read_command_line(std::vector<std::string> words, std::string library) {
  CLI::App app{"Watches the log of one fridge and publishes readings and alarms to MQTT.",
               "coldwatch-agent"};
  app.set_version_flag("--version", COLDWATCH_VERSION);
  app.require_subcommand(1);
  Arguments arguments{.library = std::move(library)};
  add_commands(app, arguments);
  std::ranges::reverse(words);  // CLI11 takes them from the back
  try {
    app.parse(std::move(words));
  } catch (const CLI::ParseError& error) {
    arguments.status = app.exit(error) == 0 ? 0 : kWrongWords;
    return arguments;
  }
  arguments.command = app.get_subcommands().front()->get_name();
  return arguments;
}

}  // namespace coldwatch
