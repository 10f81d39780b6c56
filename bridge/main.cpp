// Command line and loop of the bridge; the only reader of the clock in it.
#include <CLI/CLI.hpp>
#include <cstdio>

int main(int argc, char** argv) {
  CLI::App app{"Merges the alarms of all fridges and delivers them until they have arrived."};
  app.set_version_flag("--version", COLDWATCH_VERSION);
  CLI11_PARSE(app, argc, argv);
  std::puts(app.help().c_str());
  return 0;
}
