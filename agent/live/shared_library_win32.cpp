#include <windows.h>

#include "agent/live/shared_library.hpp"
#include "common/text.hpp"

namespace coldwatch {

SharedLibrary::SharedLibrary(const std::string& names) {
  for (const std::string_view name : split(names, ' ')) {
    if (handle_ == nullptr) handle_ = LoadLibraryA(std::string{name}.c_str());
  }
}

SharedLibrary::~SharedLibrary() {
  if (open()) FreeLibrary(static_cast<HMODULE>(handle_));
}

SharedLibrary::AnyFunction SharedLibrary::find(const char* name) const {
  return reinterpret_cast<AnyFunction>(GetProcAddress(static_cast<HMODULE>(handle_), name));
}

}  // namespace coldwatch
