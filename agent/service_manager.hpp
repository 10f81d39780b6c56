// The agent as a service of Windows: installed, started and stopped by an administrator, run by the
// service control manager, its log in the event log. Other systems have no such manager (systemd runs
// the program as it is): there has_service_manager() is false and nothing else here may be called.
#pragma once

#include <functional>
#include <string>

namespace coldwatch {

inline constexpr const char* kDefaultServiceName = "coldwatch-agent";

bool has_service_manager();

/// Makes the service `name`, which from the next start of the PC on runs with the config file (an
/// absolute path) as an account of its own, is restarted when it ends by itself, and may write into
/// the config's folder. Returns what was done in a sentence. Here and below, what the system refuses
/// is thrown as std::runtime_error with the system's own words.
std::string install_service(const std::string& name, const std::string& config);

/// Stops the service and removes what install_service made; config, state and log stay.
std::string uninstall_service(const std::string& name);

/// Returns once the service runs.
std::string start_service(const std::string& name);

/// Returns once the service has ended.
std::string stop_service(const std::string& name);

/// Runs `body` as the service `name`; called by the process that the manager started. The stop
/// control and a shutdown of the PC arrive as request_stop(). Returns what `body` returned.
int run_as_service(const std::string& name, const std::function<int()>& body);

}  // namespace coldwatch
