// The command line as UTF-8, whatever the system's own encoding of it is.
#pragma once

#include <string>
#include <vector>

namespace coldwatch {

/// The arguments after the name of the program, in order.
std::vector<std::string> utf8_arguments(int argc, char** argv);

}  // namespace coldwatch
