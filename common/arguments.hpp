// The command line and the program's own place as UTF-8, whatever the system's own encoding is.
#pragma once

#include <string>
#include <vector>

namespace coldwatch {

/// The arguments after the name of the program, in order.
std::vector<std::string> utf8_arguments(int argc, char** argv);

/// The folder in which the running program stands, with forward slashes; empty where the system does
/// not say.
std::string program_folder();

}  // namespace coldwatch
