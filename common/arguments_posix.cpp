#include "common/arguments.hpp"

namespace coldwatch {

std::vector<std::string> utf8_arguments(int argc, char** argv) {
  return argc > 0 ? std::vector<std::string>{argv + 1, argv + argc} : std::vector<std::string>{};
}

}  // namespace coldwatch
