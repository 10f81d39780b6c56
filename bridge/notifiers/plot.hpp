// A small picture of a channel's trend (PNG, cairo): the curve, its limit, and the moment at which
// the alarm began; axes with units, readable on a telephone.
#pragma once

#include <string>

#include "bridge/notification.hpp"
#include "bridge/notifiers/notifier.hpp"

namespace coldwatch {

inline constexpr std::size_t kLeastPlotPoints = 5;

/// The picture of one alarm's trend; "" where it has too few points or cannot be drawn.
std::string plot_png(const NotificationItem& item, const RenderContext& context);

/// The picture that goes with a message: of the gravest alarm in it that has a trend; "" for none.
std::string picture(const Notification& notification, const RenderContext& context);

}  // namespace coldwatch
