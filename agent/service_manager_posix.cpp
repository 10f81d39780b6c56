#include <stdexcept>

#include "agent/service_manager.hpp"

namespace coldwatch {
namespace {

[[noreturn]] void refuse() { throw std::logic_error{"this system has no service manager"}; }

}  // namespace

bool has_service_manager() { return false; }
std::string install_service(const std::string&, const std::string&) { refuse(); }
std::string uninstall_service(const std::string&) { refuse(); }
std::string start_service(const std::string&) { refuse(); }
std::string stop_service(const std::string&) { refuse(); }
int run_as_service(const std::string&, const std::function<int()>&) { refuse(); }

}  // namespace coldwatch
