// The measures that expressions are made of as well; what a rule names them by stands in measure.cpp.
#pragma once

#include <memory>

#include "agent/rules/measure.hpp"

namespace coldwatch {

std::unique_ptr<Measure> make_value(ChannelNames names);
/// Change per minute over the window.
std::unique_ptr<Measure> make_slope(ChannelNames names, Milliseconds window);
/// Seconds since the last good value, in the time of the rows.
std::unique_ptr<Measure> make_missing(ChannelNames names);
/// Value divided by the learned baseline of the present phase.
std::unique_ptr<Measure> make_ratio(ChannelNames names);
/// The phase as a number, an index of kPhaseWords; NaN while it is unknown.
std::unique_ptr<Measure> make_phase();
/// Seconds since the phase began; NaN while it is unknown.
std::unique_ptr<Measure> make_phase_age();

enum class Extreme { kColdest, kWarmest };
/// Of all good thermometers, in kelvin; only those with a row within `max_age` where it is given.
std::unique_ptr<Measure> make_extreme(Extreme extreme,
                                      std::optional<Milliseconds> max_age = std::nullopt);

}  // namespace coldwatch
