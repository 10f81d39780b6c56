// The life of a service, with the real service control manager: of Windows (as administrator) or of
// Wine. The events themselves are not looked at: Wine keeps none.
#include <gtest/gtest.h>
#include <windows.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <thread>

#include "agent/service_manager.hpp"
#include "common/arguments.hpp"
#include "common/files.hpp"
#include "common/wide_win32.hpp"
#include "tests/common/temp_folder.hpp"

namespace coldwatch {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 30s;
const std::string kName = "coldwatch-probe-" + std::to_string(GetCurrentProcessId());

struct Ended {
  int code;
  std::string words;
};

Ended probe(const std::string& words) {
  const std::string command = "\"\"" + program_folder() + "/service_probe.exe\" " + words + "\"";
  std::FILE* pipe = _wpopen(to_wide(command).c_str(), L"rb");
  std::string text;
  char part[256];
  for (std::size_t size; (size = std::fread(part, 1, sizeof part, pipe)) > 0;) {
    text.append(part, size);
  }
  return {_pclose(pipe), text};
}

/// Removes the service also where a test has failed before its end.
class ServiceManager : public testing::Test {
 protected:
  ~ServiceManager() override { probe("uninstall " + kName); }

  std::string config() const { return folder_.file("my agent.json"); }

  bool appears(const std::string& ending) const {
    const auto end = std::chrono::steady_clock::now() + kPatience;
    std::string error;
    while (!read_file(config() + ending, 100, error)) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::sleep_for(20ms);
    }
    return true;
  }

  TempFolder folder_;
};

bool event_source_exists() {
  const std::wstring path =
      L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\" + to_wide(kName);
  HKEY key = nullptr;
  if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, path.c_str(), 0, KEY_READ, &key) != ERROR_SUCCESS) {
    return false;
  }
  RegCloseKey(key);
  return true;
}

/// The account that the service runs under; empty where there is no such service.
std::string account() {
  const SC_HANDLE manager = OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CONNECT);
  const SC_HANDLE service = OpenServiceW(manager, to_wide(kName).c_str(), SERVICE_QUERY_CONFIG);
  alignas(QUERY_SERVICE_CONFIGW) std::array<BYTE, 8192> space;  // as much as it ever takes
  DWORD needed = 0;
  auto* found = reinterpret_cast<QUERY_SERVICE_CONFIGW*>(space.data());
  const bool known = QueryServiceConfigW(service, found, space.size(), &needed) != 0;
  const std::string name = known ? from_wide(found->lpServiceStartName) : "";
  CloseServiceHandle(service);
  CloseServiceHandle(manager);
  return name;
}

TEST_F(ServiceManager, SaysWhatItCannotFind) {
  for (const char* verb : {"start ", "stop ", "uninstall "}) {
    const Ended ended = probe(verb + kName);
    EXPECT_EQ(ended.code, 1) << verb;
    EXPECT_NE(ended.words.find("the service " + kName + " cannot be opened: "), std::string::npos)
        << ended.words;
  }
}

TEST_F(ServiceManager, LivesFromInstallToUninstall) {
  const std::string install = "install " + kName + " \"" + config() + "\"";
  const Ended installed = probe(install);
  ASSERT_EQ(installed.code, 0) << installed.words;
  EXPECT_TRUE(event_source_exists());
  EXPECT_EQ(account(), "NT SERVICE\\" + kName) << "one of its own, which may do little";
  const Ended again = probe(install);
  EXPECT_EQ(again.code, 1);
  EXPECT_NE(again.words.find("cannot be installed: "), std::string::npos) << again.words;

  Ended started = probe("start " + kName);
  const auto end = std::chrono::steady_clock::now() + kPatience;
  // ERROR_SERVICE_DATABASE_LOCKED: right after a start of the PC others are being started.
  while (started.words.find("error 1055") != std::string::npos &&
         std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(500ms);
    started = probe("start " + kName);
  }
  EXPECT_NE(started.words.find("started the service"), std::string::npos) << started.words;
  EXPECT_TRUE(appears(".running"));
  EXPECT_NE(probe("start " + kName).words.find("runs already"), std::string::npos);

  const Ended stopped = probe("stop " + kName);
  EXPECT_NE(stopped.words.find("stopped the service"), std::string::npos) << stopped.words;
  EXPECT_TRUE(appears(".ended"));
  EXPECT_EQ(probe("stop " + kName).code, 0) << "a service that has ended can be stopped";

  EXPECT_EQ(probe("uninstall " + kName).code, 0);
  EXPECT_FALSE(event_source_exists());
}

TEST_F(ServiceManager, RefusesToBeAServiceOnAConsole) {
  const Ended ended = probe("run --config \"" + config() + "\" --service " + kName);
  EXPECT_EQ(ended.code, 1);
  EXPECT_NE(ended.words.find("not for a console"), std::string::npos) << ended.words;
}

}  // namespace
}  // namespace coldwatch
