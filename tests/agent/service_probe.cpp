// A program that service_manager_win32_test installs as a service: `run` writes down that it runs and
// that it was asked to end, beside the config that it was given.
#include <cstdio>
#include <stdexcept>

#include "agent/service_manager.hpp"
#include "common/arguments.hpp"
#include "common/files.hpp"
#include "common/log.hpp"
#include "common/stop.hpp"

namespace coldwatch {
namespace {

constexpr Milliseconds kPause{50};
constexpr int kEnded = 7;  // as no program that was killed ends

void note(const std::string& file, const std::string& text) {
  std::string error;
  if (!replace_file(file, text, error)) throw std::runtime_error{error};
}

int body(const std::string& config) {
  log_warning("the probe runs");
  note(config + ".running", "yes");
  while (!stop_requested()) sleep_or_stop(kPause);
  note(config + ".ended", "as asked");
  return kEnded;
}

/// install NAME CONFIG | start NAME | stop NAME | uninstall NAME | run --config FILE --service NAME
std::string act(const std::vector<std::string>& words) {
  if (words.at(0) == "install") return install_service(words.at(1), words.at(2));
  if (words[0] == "start") return start_service(words.at(1));
  if (words[0] == "stop") return stop_service(words.at(1));
  if (words[0] == "uninstall") return uninstall_service(words.at(1));
  const std::string config = words.at(2);
  return std::to_string(run_as_service(words.at(4), [&config] { return body(config); }));
}

}  // namespace
}  // namespace coldwatch

int main(int argc, char** argv) {
  coldwatch::install_stop_handlers();
  try {
    std::puts(coldwatch::act(coldwatch::utf8_arguments(argc, argv)).c_str());
    return 0;
  } catch (const std::exception& error) {
    std::puts(error.what());
    return 1;
  }
}
