#include <dlfcn.h>

#include "agent/live/shared_library.hpp"
#include "common/text.hpp"

namespace coldwatch {

SharedLibrary::SharedLibrary(const std::string& names) {
  for (const std::string_view name : split(names, ' ')) {
    if (handle_ == nullptr) handle_ = ::dlopen(std::string{name}.c_str(), RTLD_NOW | RTLD_LOCAL);
  }
}

SharedLibrary::~SharedLibrary() {
  if (open()) ::dlclose(handle_);
}

SharedLibrary::AnyFunction SharedLibrary::find(const char* name) const {
  return reinterpret_cast<AnyFunction>(::dlsym(handle_, name));
}

}  // namespace coldwatch
