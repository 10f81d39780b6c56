#include <windows.h>
// winsvc.h needs windows.h before it.
#include <winsvc.h>

#include <stdexcept>

#include "agent/service_manager.hpp"
#include "common/log.hpp"
#include "common/stop.hpp"
#include "common/wide_win32.hpp"

namespace coldwatch {
namespace {

constexpr DWORD kStopHintMs = 10'000;
constexpr DWORD kEventNumber = 1;  // the message that is just its text

/// The manager calls plain functions without an argument of ours: what they need stands here.
struct Host {
  std::wstring name;
  const std::function<int()>* body = nullptr;
  SERVICE_STATUS_HANDLE manager = nullptr;
  HANDLE events = nullptr;
  int code = 0;
} host;

void report(DWORD state, int code = 0) {
  SERVICE_STATUS status{};
  status.dwServiceType = SERVICE_WIN32_OWN_PROCESS;
  status.dwCurrentState = state;
  if (state == SERVICE_RUNNING) {
    status.dwControlsAccepted = SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN;
  }
  if (state == SERVICE_STOP_PENDING) status.dwWaitHint = kStopHintMs;
  if (code != 0) {
    status.dwWin32ExitCode = ERROR_SERVICE_SPECIFIC_ERROR;
    status.dwServiceSpecificExitCode = static_cast<DWORD>(code);
  }
  SetServiceStatus(host.manager, &status);
}

DWORD WINAPI on_control(DWORD control, DWORD, void*, void*) {
  switch (control) {
    case SERVICE_CONTROL_STOP:
    case SERVICE_CONTROL_SHUTDOWN:
      report(SERVICE_STOP_PENDING);
      request_stop();
      return NO_ERROR;
    case SERVICE_CONTROL_INTERROGATE:
      return NO_ERROR;
    default:
      return ERROR_CALL_NOT_IMPLEMENTED;
  }
}

void to_event_log(std::string_view line) {
  const WORD type = line.starts_with("error: ")     ? EVENTLOG_ERROR_TYPE
                    : line.starts_with("warning: ") ? EVENTLOG_WARNING_TYPE
                                                    : EVENTLOG_INFORMATION_TYPE;
  const std::wstring wide = to_wide(line);
  const wchar_t* texts[] = {wide.c_str()};
  ReportEventW(host.events, type, 0, kEventNumber, nullptr, 1, 0, texts, nullptr);
}

void WINAPI service_main(DWORD, wchar_t**) {
  host.manager = RegisterServiceCtrlHandlerExW(host.name.c_str(), on_control, nullptr);
  if (host.manager == nullptr) return;
  // The config is read and the broker found in the body, which takes its time: a service that is
  // pending would keep the start of the PC waiting.
  report(SERVICE_RUNNING);
  host.code = (*host.body)();
  report(SERVICE_STOPPED, host.code);
}

}  // namespace

int run_as_service(const std::string& name, const std::function<int()>& body) {
  host.name = to_wide(name);
  host.body = &body;
  host.events = RegisterEventSourceW(nullptr, host.name.c_str());
  if (host.events != nullptr) set_log_sink(to_event_log);
  SERVICE_TABLE_ENTRYW table[] = {{host.name.data(), service_main}, {nullptr, nullptr}};
  if (!StartServiceCtrlDispatcherW(table)) {
    set_log_sink({});
    throw std::runtime_error{"--service is for the service manager, not for a console: " +
                             last_error_text()};
  }
  set_log_sink({});
  DeregisterEventSource(host.events);
  return host.code;
}

}  // namespace coldwatch
