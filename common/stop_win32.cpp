#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include "common/stop.hpp"

namespace coldwatch {
namespace {

HANDLE stop_event() {
  static const HANDLE event = CreateEventW(nullptr, TRUE, FALSE, nullptr);
  return event;
}

BOOL WINAPI on_control(DWORD) {
  SetEvent(stop_event());
  return TRUE;
}

}  // namespace

void install_stop_handlers() {
  stop_event();
  SetConsoleCtrlHandler(on_control, TRUE);
}

bool stop_requested() { return WaitForSingleObject(stop_event(), 0) == WAIT_OBJECT_0; }
bool take_reload_request() { return false; }
void request_stop() { SetEvent(stop_event()); }

void sleep_or_stop(Milliseconds duration) {
  WaitForSingleObject(stop_event(), static_cast<DWORD>(duration.count()));
}

}  // namespace coldwatch
