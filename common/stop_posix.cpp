#include <poll.h>
#include <signal.h>

#include <atomic>

#include "common/stop.hpp"

namespace coldwatch {
namespace {

std::atomic<bool> stop_flag{false};
std::atomic<bool> reload_flag{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may not lock");

void on_signal(int number) { (number == SIGHUP ? reload_flag : stop_flag) = true; }

}  // namespace

void install_stop_handlers() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaction(number, &action, nullptr);
  // A peer that closes a socket must not end the program.
  signal(SIGPIPE, SIG_IGN);
}

bool stop_requested() { return stop_flag; }
bool take_reload_request() { return reload_flag.exchange(false); }
void request_stop() { stop_flag = true; }

void sleep_or_stop(Milliseconds duration) {
  // poll() would take a negative time for one without end.
  if (stop_requested() || duration <= Milliseconds{0}) return;
  ::poll(nullptr, 0, static_cast<int>(duration.count()));
}

}  // namespace coldwatch
