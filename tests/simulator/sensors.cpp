#include "tests/simulator/sensors.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace coldwatch::simulator {
namespace {

using Point = std::pair<double, double>;

constexpr std::array kCernoxPoints{
    Point{0.3, 3.2e6}, Point{1.2127934, 144042}, Point{2.9, 12700}, Point{4.2, 7300},
    Point{10.7, 1900}, Point{43, 465},           Point{100, 220},   Point{297, 83}};
constexpr std::array kRutheniumPoints{
    Point{0.005, 260000}, Point{0.0253, 90246}, Point{0.0983, 27059},
    Point{0.8146, 6826},  Point{4, 3600},       Point{23.8, 2436},
    Point{38, 2328},      Point{72.8189, 2147}, Point{300, 2140}};
constexpr std::array kPlatinumPoints{Point{20, 0.9}, Point{41.6, 5.37}, Point{44.7, 6.71},
                                     Point{123.9, 40.0}, Point{297, 109.4}};

}  // namespace

const Sensor kCernox{kCernoxPoints, 1.2127934, 325};
const Sensor kRutheniumOxide{kRutheniumPoints, 0.005, 72.8189};
const Sensor kPlatinum{kPlatinumPoints, 20, 325};

SensorReading read_sensor(const Sensor& sensor, double true_K) {
  const auto& points = sensor.points;
  const auto above = std::find_if(points.begin() + 1, points.end() - 1,
                                  [&](const Point& point) { return point.first >= true_K; });
  const auto below = above - 1;
  const double share = std::log(true_K / below->first) / std::log(above->first / below->first);
  return {.temperature_K = std::clamp(true_K, sensor.lowest_K, sensor.highest_K),
          .resistance_Ohm = below->second * std::pow(above->second / below->second, share)};
}

}  // namespace coldwatch::simulator
