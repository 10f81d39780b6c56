// What the parts of a catalog know during one refresh.
#pragma once

#include "agent/source/catalog.hpp"

namespace coldwatch {

struct Catalog::Look {
  const std::set<std::string>& followed;
  const std::set<std::string>& suspects;
  const StreamPositions& places;
  UtcTime oldest{};     // what was changed before is archived
  bool search = false;  // a file that was followed may be any, archived or not
  bool whole = false;
};

}  // namespace coldwatch
