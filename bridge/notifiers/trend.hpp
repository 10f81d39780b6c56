// Which way a channel is going, for people: a slope that noise does not make up.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "bridge/notifiers/texts/texts.hpp"
#include "common/messages.hpp"

namespace coldwatch {

/// Change per second over the last ten minutes of `trend` (Theil-Sen: the median of the slopes
/// between its points); 0 where the change is within the noise. nullopt for fewer than five points.
std::optional<double> trend_slope(std::span<const TrendPoint> trend);

/// "rising 0.8 K/min", "falling 0.02 K/h", "steady"; "" where trend_slope() cannot tell.
std::string trend_words(std::span<const TrendPoint> trend, const std::string& unit,
                        const Texts& texts);

/// "0.142 K", "31.25 °C", "48200 rpm": four significant digits, no exponent up to a million.
std::string value_words(double value, const std::string& unit);

/// The sign that people write for the name of a unit in a log: "°C" for "C" and "degC", "µK" for
/// "uK"; any other unit as it is.
std::string unit_sign(std::string_view unit);

}  // namespace coldwatch
