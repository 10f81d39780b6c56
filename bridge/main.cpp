// Command line and loop of the bridge; the only reader of the clock in it.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>

#include "bridge/replay.hpp"

namespace {

using namespace coldwatch;

constexpr int kWrongUse = 2;

int complain(const std::string& text) {
  std::fputs(text.c_str(), stderr);
  return kWrongUse;
}

int run_replay(const std::string& file, const std::string& timeline_file) {
  Mistakes mistakes;
  const BridgeConfig config = read_replay_config(file, mistakes);
  if (!mistakes.empty()) return complain(describe(mistakes, file));
  std::ifstream timeline{timeline_file};
  if (!timeline_file.empty() && !timeline) return complain(timeline_file + ": cannot be read\n");
  std::string error;
  std::istream& in = timeline_file.empty() ? std::cin : timeline;
  if (replay(config, in, std::cout, error)) return 0;
  std::cout.flush();
  return complain((timeline_file.empty() ? "timeline" : timeline_file) + ": " + error + "\n");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Merges the alarms of all fridges and delivers them until they have arrived."};
  app.set_version_flag("--version", COLDWATCH_VERSION);
  app.require_subcommand(1);
  std::string config;
  std::string timeline;
  int status = 0;
  CLI::App* replay_command = app.add_subcommand(
      "replay", "Prints what would have been told for a timeline, in simulated time");
  replay_command->add_option("--config", config, "The bridge's config file")->required();
  replay_command->add_option("timeline", timeline, "JSON lines; standard input without it");
  replay_command->callback([&] { status = run_replay(config, timeline); });
  CLI11_PARSE(app, argc, argv);
  return status;
}
