// Which rules of the rule library a log has the columns for, and why not the others.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/reading/row.hpp"
#include "common/settings.hpp"

namespace coldwatch {

/// One library against the columns of a log.
struct LibraryFit {
  struct Fitting {
    std::string id;
    std::vector<std::string> columns;  // names in the log of what it judges and is armed by
    std::string words;                 // how urgent it is and what it tells
  };
  struct Other {
    std::string id;
    std::string why;  // the columns that are not there
  };
  std::string library;
  std::string title;
  std::vector<Fitting> fitting;
  std::vector<Other> others;

  /// Rules with columns of their own in this log; those about silence fit any log.
  std::size_t own() const;
};

/// Every library of the folder against these channels, the one with most rules of its own first. A
/// library that cannot be read is a mistake.
std::vector<LibraryFit> fit_libraries(const std::string& folder,
                                      const std::map<std::string, SharedChannels>& channels,
                                      Mistakes& mistakes);

}  // namespace coldwatch
