// Command line and loop of the bridge; the only reader of the clock in it.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <random>

#include "bridge/advice.hpp"
#include "bridge/ask.hpp"
#include "bridge/delivery/trial.hpp"
#include "bridge/listing.hpp"
#include "bridge/one_core.hpp"
#include "bridge/replay.hpp"
#include "bridge/service.hpp"
#include "common/json.hpp"
#include "common/log.hpp"
#include "common/stop.hpp"

// How jemalloc divides the memory; it looks for this name (jemalloc(3), "TUNING"). One arena, because
// Paho's threads allocate what the bridge's own frees; what is larger than 4 KiB is not kept for each
// thread apart, and what nobody took again within a second goes back to the system.
extern "C" {
extern const char* const malloc_conf;
const char* const malloc_conf = "narenas:1,lg_tcache_max:12,dirty_decay_ms:1000,muzzy_decay_ms:0";
}

namespace coldwatch {
namespace {

constexpr int kFailed = 1;
constexpr int kWrongConfig = 2;

auto steady_now() { return std::chrono::steady_clock::now(); }
UtcTime utc_now() { return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now()); }

void print(std::string_view text, std::FILE* to = stdout) {
  std::fwrite(text.data(), 1, text.size(), to);
}

std::uint64_t random_seed() {
  std::random_device random;
  return (static_cast<std::uint64_t>(random()) << 32) | random();
}

/// What stands on the command line.
struct Options {
  std::string config;
  std::string timeline;
  std::string notifier;
  std::string fridge;
  std::string rule;
  std::string by;
  std::string note;
  std::string length;
  std::string shelf;
  std::size_t most = 100;
  bool json = false;
  bool all = false;
  bool maintenance = false;
  bool without_secrets = false;
};

void reload(Service& service, const std::string& file) {
  Mistakes mistakes;
  LoadedBridge next = load_bridge_config(file, true, mistakes);
  if (mistakes.empty()) return service.reload(std::move(next), utc_now(), steady_now());
  log_error("the config has mistakes, the old one stays in force:\n" + describe(mistakes, file));
}

int run(const Options& options) {
  stay_on_one_core();
  Service service{require_bridge_config(options.config), random_seed(), utc_now(), steady_now()};
  while (!stop_requested()) {
    service.wait(service.step(utc_now(), steady_now()));
    const bool signalled = take_reload_request();
    if (service.take_reload_wanted() || signalled) reload(service, options.config);
  }
  service.stop();
  return 0;
}

int check(const Options& options) {
  Mistakes mistakes;
  const LoadedBridge loaded =
      load_bridge_config(options.config, !options.without_secrets, mistakes);
  if (!mistakes.empty()) {
    print(describe(mistakes, options.config), stderr);
    return kWrongConfig;
  }
  print(options.config + ": no mistake; " + std::to_string(loaded.config.notifiers.size()) +
        " notifiers, " + std::to_string(loaded.config.routes.size()) + " routes\n");
  for (const std::string& sentence :
       advice(loaded.config, load_settings(options.config, mistakes))) {
    print("warning: " + sentence + "\n");
  }
  return 0;
}

int run_replay(const Options& options) {
  Mistakes mistakes;
  const BridgeConfig config = read_replay_config(options.config, mistakes);
  if (!mistakes.empty()) throw SettingsError{describe(mistakes, options.config)};
  std::ifstream file{options.timeline};
  const std::string name = options.timeline.empty() ? "standard input" : options.timeline;
  if (!options.timeline.empty() && !file) throw SettingsError{name + ": cannot be read\n"};
  std::string error;
  const bool done = replay(config, options.timeline.empty() ? std::cin : file, std::cout, error);
  std::cout.flush();
  if (!done) throw SettingsError{name + ": " + error + "\n"};
  return 0;
}

int test(const Options& options) {
  LoadedBridge loaded = require_bridge_config(options.config);
  const NotifierSettings* found = loaded.config.notifier(options.notifier);
  if (found == nullptr) {
    throw SettingsError{options.config + ": there is no notifier \"" + options.notifier + "\"\n"};
  }
  Courier courier{std::move(loaded.notifiers), zone_of(loaded.config)};
  const auto write = [](const std::string& line) { print(line + "\n"); };
  return run_trial(courier, found->name, found->language, utc_now, write) ? 0 : kFailed;
}

Matcher matcher_of(const Options& options) {
  Matcher match;
  if (!options.fridge.empty()) match.wanted["fridge"] = {options.fridge};
  if (!options.rule.empty()) match.wanted["rule"] = {options.rule};
  return match;
}

int ask(const Options& options, const std::string& verb) {
  nlohmann::json payload{{"by", options.by}};
  if (options.shelf.empty()) payload["match"] = to_json(matcher_of(options));
  if (!options.shelf.empty()) payload["id"] = options.shelf;
  if (!options.note.empty()) payload[verb == "shelve" ? "why" : "note"] = options.note;
  if (!options.length.empty()) payload["for"] = options.length;
  if (options.maintenance) payload["maintenance"] = true;
  const std::string requester = "cli-" + std::to_string(random_seed());
  const std::string answer =
      ask_bridge(require_bridge_config(options.config), verb, payload, requester);
  print(answer + "\n");
  return answer.starts_with("refused") ? kFailed : 0;
}

Store open_store(const BridgeConfig& config) {
  std::string remark;
  return Store{config.store, StoreUse::kReadOnly, remark};
}

BridgeConfig stored_config(const Options& options) {
  Mistakes mistakes;
  LoadedBridge loaded = load_bridge_config(options.config, false, mistakes);
  if (!mistakes.empty()) throw SettingsError{describe(mistakes, options.config)};
  return std::move(loaded.config);
}

int list_alarms(const Options& options) {
  const BridgeConfig config = stored_config(options);
  const auto rows = open_store(config).rows();
  const AlarmQuery query{matcher_of(options), options.all};
  print(options.json ? alarms_json(rows, query, config, utc_now())
                     : alarms_table(rows, query, config, zone_of(config), utc_now()));
  return 0;
}

int list_history(const Options& options) {
  const BridgeConfig config = stored_config(options);
  const auto lines = open_store(config).history({options.fridge, options.rule, "", options.most});
  print(options.json ? history_json(lines) : history_table(lines, zone_of(config)));
  return 0;
}

/// One subcommand with the options that it has.
struct CommandLine {
  CLI::App app{"Merges the alarms of all fridges and delivers them until they have arrived.",
               "coldwatch-bridge"};
  Options options;
  int code = 0;

  CLI::App* add(const char* name, const char* what, int (*action)(const Options&)) {
    CLI::App* command = app.add_subcommand(name, what);
    command->callback([this, action] { code = action(options); });
    command->add_option("--config", options.config, "the config file, see config/bridge.json")
        ->required();
    return command;
  }

  void add_running() {
    add("run", "Merge and deliver until asked to end", run);
    add("check", "Name every mistake in the config; exit status 2 where there is one", check)
        ->add_flag("--without-secrets", options.without_secrets,
                   "do not look for the files and variables with secrets");
    add("replay", "Print what would have been told for a timeline, in simulated time", run_replay)
        ->add_option("timeline", options.timeline, "JSON lines; standard input without it");
    add("test", "Send a test alarm and its end through one notifier", test)
        ->add_option("notifier", options.notifier, "its name in the config")
        ->required();
  }

  void add_asking() {
    const auto who = [this](CLI::App* command) {
      command->add_option("--fridge", options.fridge, "whose alarms; '*' stands for any text");
      command->add_option("--rule", options.rule, "which alarms; '*' stands for any text");
      command->add_option("--by", options.by, "your name")->required();
      command->add_option("--note", options.note, "why, or what is being done");
      return command;
    };
    who(add("ack", "Acknowledge alarms", [](const Options& o) { return ask(o, "ack"); }));
    who(add("unack", "Take an acknowledgement back",
            [](const Options& o) { return ask(o, "unack"); }));
    CLI::App* shelve = who(add("shelve", "Hear nothing of some alarms for a while",
                               [](const Options& o) { return ask(o, "shelve"); }));
    shelve->add_option("--for", options.length, "how long, at most 12h: \"2h\"")->required();
    shelve->add_flag("--maintenance", options.maintenance, "at most 14d instead");
    who(add("unshelve", "End a shelf before its time", [](const Options& o) {
      return ask(o, "unshelve");
    }))->add_option("--id", options.shelf, "of the shelf");
  }

  void add_listing() {
    CLI::App* alarms = add("alarms", "List the alarms that are not over", list_alarms);
    alarms->add_flag("--json", options.json, "as JSON");
    alarms->add_flag("--all", options.all, "those that are over as well");
    alarms->add_option("--fridge", options.fridge, "only of these; '*' stands for any text");
    alarms->add_option("--rule", options.rule, "only these; '*' stands for any text");
    CLI::App* history = add("history", "List what happened and what was told", list_history);
    history->add_flag("--json", options.json, "as JSON");
    history->add_option("--fridge", options.fridge, "only of this one");
    history->add_option("--rule", options.rule, "only of this one");
    history->add_option("--most", options.most, "how many lines, the newest");
  }
};

int run_command(int argc, char** argv) {
  CommandLine line;
  line.app.set_version_flag("--version", COLDWATCH_VERSION);
  line.app.require_subcommand(1);
  line.add_running();
  line.add_asking();
  line.add_listing();
  CLI11_PARSE(line.app, argc, argv);
  return line.code;
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
