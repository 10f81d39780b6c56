// Makes a config for a fridge from what its log holds. Values in, text out: nothing is read or written
// here, and main prints the result of the command `init`.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/inspect.hpp"
#include "agent/rules/library_fit.hpp"

namespace coldwatch {

/// The channels that all files of an inspection have between them, as one stream: what the libraries
/// are compared with.
std::map<std::string, SharedChannels> channels_of(const Inspection& inspection);

/// What the log cannot tell; an empty text leaves the default.
struct InitAnswers {
  std::string fridge;
  std::string broker;  // its URI
  std::string user;
  std::string password_file;
};

/// A complete config for `folder`, as commented JSON that `check` accepts once the names of fridge and
/// broker are right: the format and its columns; every library that has a rule for them, with the
/// rules that fit, what they judge, and why the others do not; and own rules as an example where no
/// library has one. `fits` has the best first; it may be empty.
std::string make_agent_config(const std::string& folder, const std::string& library_folder,
                              const Inspection& inspection, const std::vector<LibraryFit>& fits,
                              const InitAnswers& answers = {});

}  // namespace coldwatch
