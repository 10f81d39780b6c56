// ULIDs: ids that sort by the time they were made at.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/time.hpp"

namespace coldwatch {

/// Makes ids from the time it is given, `seed` and a counter: with the same seed and the same calls
/// the same ids. A program that makes lasting ids gives a random seed.
class IdMaker {
 public:
  explicit IdMaker(std::uint64_t seed) : seed_(seed) {}
  std::string make(UtcTime now);

 private:
  std::uint64_t seed_;
  std::uint16_t count_ = 0;
};

/// The id of what `origin` names and `time` dates: the same wherever it is made.
std::string id_of(UtcTime time, std::string_view origin);

}  // namespace coldwatch
