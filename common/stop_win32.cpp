#include <windows.h>

#include <algorithm>
#include <iterator>

#include "common/stop.hpp"

namespace coldwatch {
namespace {

HANDLE stop_event() {
  static const HANDLE event = CreateEventW(nullptr, TRUE, FALSE, nullptr);
  return event;
}

/// Forgets a wake when a sleep has ended by it.
HANDLE wake_event() {
  static const HANDLE event = CreateEventW(nullptr, FALSE, FALSE, nullptr);
  return event;
}

BOOL WINAPI on_control(DWORD) {
  SetEvent(stop_event());
  return TRUE;
}

}  // namespace

void install_stop_handlers() {
  stop_event();
  wake_event();
  SetConsoleCtrlHandler(on_control, TRUE);
}

bool stop_requested() { return WaitForSingleObject(stop_event(), 0) == WAIT_OBJECT_0; }
bool take_reload_request() { return false; }
void request_stop() { SetEvent(stop_event()); }

void sleep_or_stop(Milliseconds duration) {
  const HANDLE events[] = {stop_event(), wake_event()};
  const auto most = static_cast<DWORD>(std::max<Milliseconds::rep>(0, duration.count()));
  WaitForMultipleObjects(std::size(events), events, FALSE, most);
}

void wake_up() { SetEvent(wake_event()); }

}  // namespace coldwatch
