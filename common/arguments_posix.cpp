#include <filesystem>

#include "common/arguments.hpp"

namespace coldwatch {

std::vector<std::string> utf8_arguments(int argc, char** argv) {
  return argc > 0 ? std::vector<std::string>{argv + 1, argv + argc} : std::vector<std::string>{};
}

std::string program_folder() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error).parent_path().string();
}

}  // namespace coldwatch
