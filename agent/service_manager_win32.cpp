#include <windows.h>
// aclapi.h and winsvc.h need windows.h before them.
#include <aclapi.h>
#include <winsvc.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <stdexcept>

#include "agent/service_manager.hpp"
#include "common/arguments.hpp"
#include "common/wide_win32.hpp"

namespace coldwatch {
namespace {

constexpr DWORD kStateTimeoutMs = 30'000;
constexpr DWORD kStatePollMs = 100;
constexpr DWORD kForgetFailuresS = 24 * 60 * 60;
constexpr const wchar_t* kEventSources =
    L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\";
/// Part of every Windows since Vista: a message of each number below 1000 that is just its text.
constexpr const wchar_t* kPlainMessages = L"%SystemRoot%\\System32\\EventCreate.exe";

struct CloseHandleOf {
  void operator()(SC_HANDLE handle) const { CloseServiceHandle(handle); }
};
using ServiceHandle = std::unique_ptr<std::remove_pointer_t<SC_HANDLE>, CloseHandleOf>;

[[noreturn]] void refuse(const std::string& what) {
  throw std::runtime_error{what + ": " + last_error_text()};
}

ServiceHandle open_manager(DWORD access) {
  ServiceHandle manager{OpenSCManagerW(nullptr, nullptr, access)};
  if (!manager) refuse("the service manager cannot be opened (administrators only)");
  return manager;
}

ServiceHandle open_service(const std::string& name, DWORD access) {
  const ServiceHandle manager = open_manager(SC_MANAGER_CONNECT);
  ServiceHandle service{OpenServiceW(manager.get(), to_wide(name).c_str(), access)};
  if (!service) refuse("the service " + name + " cannot be opened");
  return service;
}

std::wstring in_quotes(const std::wstring& path) { return L"\"" + path + L"\""; }

std::wstring own_path() {
  std::wstring path(32768, L'\0');
  path.resize(GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size())));
  return path;
}

std::wstring account_of(const std::string& name) { return L"NT SERVICE\\" + to_wide(name); }

/// A dead agent is started again soon, and again; also where it ended with a status of its own.
void set_recovery(SC_HANDLE service) {
  SC_ACTION actions[] = {
      {SC_ACTION_RESTART, 5'000}, {SC_ACTION_RESTART, 30'000}, {SC_ACTION_RESTART, 60'000}};
  SERVICE_FAILURE_ACTIONSW failure{};
  failure.dwResetPeriod = kForgetFailuresS;
  failure.cActions = static_cast<DWORD>(std::size(actions));
  failure.lpsaActions = actions;
  ChangeServiceConfig2W(service, SERVICE_CONFIG_FAILURE_ACTIONS, &failure);
  SERVICE_FAILURE_ACTIONS_FLAG also_exits{TRUE};
  ChangeServiceConfig2W(service, SERVICE_CONFIG_FAILURE_ACTIONS_FLAG, &also_exits);
  SERVICE_DELAYED_AUTO_START_INFO delayed{TRUE};
  ChangeServiceConfig2W(service, SERVICE_CONFIG_DELAYED_AUTO_START_INFO, &delayed);
  std::wstring words = L"Watches the log of one fridge and publishes it to MQTT.";
  SERVICE_DESCRIPTIONW description{words.data()};
  ChangeServiceConfig2W(service, SERVICE_CONFIG_DESCRIPTION, &description);
}

void register_events(const std::string& name) {
  const std::wstring path = kEventSources + to_wide(name);
  HKEY key = nullptr;
  if (RegCreateKeyExW(HKEY_LOCAL_MACHINE, path.c_str(), 0, nullptr, 0, KEY_SET_VALUE, nullptr, &key,
                      nullptr) != ERROR_SUCCESS) {
    return;  // the events are then shown with a remark about a missing description
  }
  const std::wstring file = kPlainMessages;
  RegSetValueExW(key, L"EventMessageFile", 0, REG_EXPAND_SZ,
                 reinterpret_cast<const BYTE*>(file.c_str()),
                 static_cast<DWORD>((file.size() + 1) * sizeof(wchar_t)));
  const DWORD types = EVENTLOG_ERROR_TYPE | EVENTLOG_WARNING_TYPE | EVENTLOG_INFORMATION_TYPE;
  RegSetValueExW(key, L"TypesSupported", 0, REG_DWORD, reinterpret_cast<const BYTE*>(&types),
                 sizeof types);
  RegCloseKey(key);
}

/// Lets the service's account write into the folder of the config, where its state is kept.
bool allow_writing(const std::wstring& folder, std::wstring account) {
  std::wstring path = folder;
  PACL old_list = nullptr;
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  if (GetNamedSecurityInfoW(path.data(), SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, nullptr,
                            nullptr, &old_list, nullptr, &descriptor) != ERROR_SUCCESS) {
    return false;
  }
  EXPLICIT_ACCESSW access{};
  BuildExplicitAccessWithNameW(&access, account.data(),
                               FILE_GENERIC_READ | FILE_GENERIC_WRITE | DELETE, GRANT_ACCESS,
                               SUB_CONTAINERS_AND_OBJECTS_INHERIT);
  PACL new_list = nullptr;
  const bool done = SetEntriesInAclW(1, &access, old_list, &new_list) == ERROR_SUCCESS &&
                    SetNamedSecurityInfoW(path.data(), SE_FILE_OBJECT, DACL_SECURITY_INFORMATION,
                                          nullptr, nullptr, new_list, nullptr) == ERROR_SUCCESS;
  LocalFree(new_list);
  LocalFree(descriptor);
  return done;
}

/// Waits until the service has the state; false where it takes another way or too long.
bool wait_for_state(SC_HANDLE service, DWORD state, DWORD on_the_way) {
  SERVICE_STATUS status{};
  for (DWORD waited = 0; waited < kStateTimeoutMs; waited += kStatePollMs) {
    if (!QueryServiceStatus(service, &status)) return false;
    if (status.dwCurrentState == state) return true;
    if (status.dwCurrentState != on_the_way) return false;
    Sleep(kStatePollMs);
  }
  return false;
}

void stop(SC_HANDLE service, const std::string& name) {
  SERVICE_STATUS status{};
  if (!ControlService(service, SERVICE_CONTROL_STOP, &status)) {
    if (GetLastError() == ERROR_SERVICE_NOT_ACTIVE) return;
    refuse("the service " + name + " cannot be stopped");
  }
  if (wait_for_state(service, SERVICE_STOPPED, SERVICE_STOP_PENDING)) return;
  throw std::runtime_error{"the service " + name + " was asked to stop, but has not ended yet"};
}

}  // namespace

bool has_service_manager() { return true; }

std::string install_service(const std::string& name, const std::string& config) {
  const std::wstring wide_name = to_wide(name);
  std::wstring config_path = to_wide(config);
  std::ranges::replace(config_path, L'/', L'\\');
  const std::wstring command = in_quotes(own_path()) + L" run --config " + in_quotes(config_path) +
                               L" --service " + wide_name;
  const std::wstring shown =
      L"Coldwatch agent" + (name == kDefaultServiceName ? L"" : L" (" + wide_name + L")");
  const ServiceHandle manager = open_manager(SC_MANAGER_CONNECT | SC_MANAGER_CREATE_SERVICE);
  const ServiceHandle service{CreateServiceW(
      manager.get(), wide_name.c_str(), shown.c_str(), SERVICE_ALL_ACCESS,
      SERVICE_WIN32_OWN_PROCESS, SERVICE_AUTO_START, SERVICE_ERROR_NORMAL, command.c_str(), nullptr,
      nullptr, L"Tcpip\0", account_of(name).c_str(), nullptr)};
  if (!service) refuse("the service " + name + " cannot be installed");
  set_recovery(service.get());
  register_events(name);
  const std::wstring folder = std::filesystem::path{config_path}.parent_path().wstring();
  std::string told = "installed the service " + name +
                     "; it starts with the PC, or now with: " + "coldwatch-agent service start";
  if (!allow_writing(folder, account_of(name))) {
    told += "\nwarning: let the account " + from_wide(account_of(name)) + " write into " +
            from_wide(folder) + " yourself";
  }
  return told;
}

std::string uninstall_service(const std::string& name) {
  const ServiceHandle service = open_service(name, SERVICE_STOP | SERVICE_QUERY_STATUS | DELETE);
  stop(service.get(), name);
  if (!DeleteService(service.get())) refuse("the service " + name + " cannot be removed");
  RegDeleteKeyW(HKEY_LOCAL_MACHINE, (kEventSources + to_wide(name)).c_str());
  return "removed the service " + name + "; config, state and logs are where they were";
}

std::string start_service(const std::string& name) {
  const ServiceHandle service = open_service(name, SERVICE_START | SERVICE_QUERY_STATUS);
  if (!StartServiceW(service.get(), 0, nullptr)) {
    if (GetLastError() == ERROR_SERVICE_ALREADY_RUNNING) return name + " runs already";
    refuse("the service " + name + " cannot be started");
  }
  if (wait_for_state(service.get(), SERVICE_RUNNING, SERVICE_START_PENDING)) {
    return "started the service " + name;
  }
  throw std::runtime_error{"the service " + name +
                           " ended at once; the event log (Windows Logs, Application) says why"};
}

std::string stop_service(const std::string& name) {
  const ServiceHandle service = open_service(name, SERVICE_STOP | SERVICE_QUERY_STATUS);
  stop(service.get(), name);
  return "stopped the service " + name;
}

}  // namespace coldwatch
