#include "bridge/watch/broker_drops.hpp"

#include <utility>

#include "common/text.hpp"

namespace coldwatch {

std::optional<double> BrokerDrops::take(std::string_view payload, UtcTime now) {
  const auto count = parse_number(payload);
  if (!count) return std::nullopt;
  const auto before = std::exchange(count_, count);
  if (!before || *count <= *before) return std::nullopt;
  until_ = now + kQuiet;
  return *count - *before;
}

bool BrokerDrops::stopped(UtcTime now) {
  if (!until_ || now < *until_) return false;
  until_.reset();
  return true;
}

}  // namespace coldwatch
