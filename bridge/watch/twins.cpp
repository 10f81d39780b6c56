#include "bridge/watch/twins.hpp"

#include <algorithm>

namespace coldwatch {
namespace {

constexpr std::size_t kMostEpochs = 4;

}  // namespace

std::optional<bool> Twins::take(const std::string& epoch, UtcTime now) {
  if (!since_) since_ = now;
  const bool over = now - *since_ >= kLongestTurn;
  if (over) returns_ = 0;
  if (epochs_.empty() || epochs_.back() != epoch) {
    if (std::erase(epochs_, epoch) > 0) {
      ++returns_;
      since_ = now;
    }
    epochs_.push_back(epoch);
    if (epochs_.size() > kMostEpochs) epochs_.erase(epochs_.begin());
  }
  if (returns_ >= kReturns) return true;
  if (over && returns_ == 0) return false;
  return std::nullopt;
}

}  // namespace coldwatch
