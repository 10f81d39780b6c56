// Command line and loop of the agent; the only reader of the clock in it.
#include <CLI/CLI.hpp>
#include <cstdio>

int main(int argc, char** argv) {
  CLI::App app{"Watches the log of one fridge and publishes readings and alarms to MQTT."};
  app.set_version_flag("--version", COLDWATCH_VERSION);
  CLI11_PARSE(app, argc, argv);
  std::puts(app.help().c_str());
  return 0;
}
