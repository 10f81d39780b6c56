// A library that is looked for only when something needs it, so that an agent that only follows logs
// stays small.
#pragma once

#include <string>

namespace coldwatch {

class SharedLibrary {
 public:
  /// The first of `names` (separated by blanks) that the system finds; open() is false where it has none.
  explicit SharedLibrary(const std::string& names);
  ~SharedLibrary();
  SharedLibrary(const SharedLibrary&) = delete;
  SharedLibrary& operator=(const SharedLibrary&) = delete;

  bool open() const { return handle_ != nullptr; }
  /// nullptr where it has no such function.
  template <typename Function>
  Function function(const char* name) const {
    return reinterpret_cast<Function>(find(name));
  }

 private:
  using AnyFunction = void (*)();
  AnyFunction find(const char* name) const;

  void* handle_ = nullptr;
};

}  // namespace coldwatch
