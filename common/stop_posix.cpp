#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>

#include "common/stop.hpp"

namespace coldwatch {
namespace {

std::atomic<bool> stop_flag{false};
std::atomic<bool> reload_flag{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may not lock");

/// A counter that poll() sees: of what waits, only that can also be told from a signal handler. Where
/// none could be made it is -1, and sleeps are not cut short.
int wakes() {
  static const int descriptor = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  return descriptor;
}

void on_signal(int number) {
  const int before = errno;
  (number == SIGHUP ? reload_flag : stop_flag) = true;
  wake_up();
  errno = before;
}

}  // namespace

void install_stop_handlers() {
  wakes();
  struct sigaction action {};
  action.sa_handler = on_signal;
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaction(number, &action, nullptr);
  // A peer that closes a socket must not end the program.
  signal(SIGPIPE, SIG_IGN);
}

bool stop_requested() { return stop_flag; }
bool take_reload_request() { return reload_flag.exchange(false); }
void request_stop() {
  stop_flag = true;
  wake_up();
}

void sleep_or_stop(Milliseconds duration) {
  // poll() would take a negative time for one without end.
  if (stop_requested() || duration <= Milliseconds{0}) return;
  pollfd woken{.fd = wakes(), .events = POLLIN, .revents = 0};
  if (::poll(&woken, 1, static_cast<int>(duration.count())) <= 0) return;
  std::uint64_t times = 0;
  [[maybe_unused]] const auto read = ::read(woken.fd, &times, sizeof times);
}

void wake_up() {
  constexpr std::uint64_t kOnce = 1;
  [[maybe_unused]] const auto written = ::write(wakes(), &kOnce, sizeof kOnce);
}

}  // namespace coldwatch
