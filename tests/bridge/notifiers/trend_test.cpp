#include "bridge/notifiers/trend.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "bridge/notifiers/axis.hpp"
#include "bridge/notifiers/plot.hpp"
#include "tests/bridge/notifiers/notifier_helper.hpp"

namespace coldwatch {
namespace {

constexpr double kStart = 1'795'000'000;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// A point each 30 s.
std::vector<TrendPoint> trend_of(int points, const std::function<double(double)>& value) {
  std::vector<TrendPoint> trend;
  for (int i = 0; i < points; ++i) trend.emplace_back(kStart + 30 * i, value(30.0 * i));
  return trend;
}

std::string words(const std::vector<TrendPoint>& trend) { return trend_words(trend, "K", Texts{}); }

TEST(Trend, InWords) {
  EXPECT_EQ(words(trend_of(20, [](double s) { return 4 + 0.8 * s / 60; })), "rising 0.8 K/min");
  EXPECT_EQ(words(trend_of(20, [](double s) { return 9 - 0.8 * s / 60; })), "falling 0.8 K/min");
  EXPECT_EQ(words(trend_of(120, [](double s) { return 300 - 12 * s / 3600; })), "falling 12 K/h");
  EXPECT_EQ(words(trend_of(20, [](double) { return 4.0; })), "steady");
  EXPECT_EQ(words(trend_of(20, [](double) { return 0.0; })), "steady");
}

TEST(Trend, NoiseIsNoTrend) {
  const auto noisy = [](double s) { return 4 + 0.3 * std::sin(s * 12.9898); };
  EXPECT_EQ(words(trend_of(21, noisy)), "steady");
}

TEST(Trend, OneSpikeIsNoTrend) {
  auto trend = trend_of(20, [](double) { return 4.0; });
  trend.back().second = 300;
  EXPECT_EQ(words(trend), "steady");
}

TEST(Trend, TooLittleSaysNothing) {
  EXPECT_EQ(words({}), "");
  EXPECT_EQ(words(trend_of(4, [](double s) { return s; })), "");
  EXPECT_EQ(words(trend_of(20, [](double) { return kNan; })), "");
  std::vector<TrendPoint> one_moment(20, {kStart, 4.0});
  EXPECT_EQ(words(one_moment), "");
}

TEST(Trend, UnitsAreWrittenAsPeopleWriteThem) {
  EXPECT_EQ(value_words(31.25, "C"), "31.25 °C");
  EXPECT_EQ(value_words(31.25, "°C"), "31.25 °C");
  EXPECT_EQ(value_words(12, "uK"), "12 µK");
  EXPECT_EQ(unit_sign("mbar"), "mbar");
  const auto warming = trend_of(20, [](double s) { return 20 + 0.8 * s / 60; });
  EXPECT_EQ(trend_words(warming, "C", Texts{}), "rising 0.8 °C/min");
  EXPECT_EQ(trend_words(warming, "C", Texts{"zh"}), "上升 0.8 °C/分钟");
}

TEST(Trend, Values) {
  EXPECT_EQ(value_words(0.142, "K"), "0.142 K");
  EXPECT_EQ(value_words(48200, "rpm"), "48200 rpm");
  EXPECT_EQ(value_words(3.4e-6, "mbar"), "3.4e-06 mbar");
  EXPECT_EQ(value_words(-1, ""), "-1");
}

std::vector<std::string> labels(const Axis& axis) {
  std::vector<std::string> labels;
  for (const Tick& tick : axis.ticks) labels.push_back(tick.label);
  return labels;
}

using Labels = std::vector<std::string>;

TEST(Axis, RoundValues) {
  const auto trend = trend_of(11, [](double s) { return s / 300; });
  EXPECT_EQ(labels(value_axis(trend, std::nullopt)),
            (Labels{"0", "0.2", "0.4", "0.6", "0.8", "1"}));
  EXPECT_DOUBLE_EQ(value_axis(trend, 2.0).most, 2 + 2 * 0.08);
  EXPECT_LT(value_axis(trend, 1000.0).most, 2) << "a limit far away does not flatten the curve";
}

TEST(Axis, DecadesForPressures) {
  const auto trend = trend_of(11, [](double s) { return std::pow(10, -6 + s / 60); });
  const Axis axis = value_axis(trend, 1e-3);
  EXPECT_TRUE(axis.logarithmic);
  EXPECT_EQ(labels(axis), (Labels{"1e-06", "1e-05", "0.0001", "0.001", "0.01", "0.1"}));
  EXPECT_NEAR(axis.place(std::sqrt(axis.least * axis.most)), 0.5, 1e-9);
  EXPECT_EQ(axis.place(-1), 0);
}

TEST(Axis, FlatCurvesHaveRoom) {
  for (const double value : {0.0, 4.2, -300.0, 1e-9}) {
    const Axis axis = value_axis(trend_of(5, [value](double) { return value; }), std::nullopt);
    EXPECT_LT(axis.least, value);
    EXPECT_GT(axis.most, value);
    EXPECT_FALSE(axis.ticks.empty());
    EXPECT_LE(axis.ticks.size(), 13U);
  }
}

TEST(Axis, RoundTimesOnTheWall) {
  std::string error;
  const TimeZone zone = TimeZone::find("Asia/Kolkata", error).value();  // UTC+5:30
  const double at = std::chrono::duration<double>(test_now().time_since_epoch()).count();
  const std::vector<TrendPoint> hour{{at, 1}, {at + 3600, 2}};
  EXPECT_EQ(labels(time_axis(hour, zone)),
            (Labels{"08:40", "08:50", "09:00", "09:10", "09:20", "09:30"}));
  EXPECT_EQ(day_label(at, zone), "11-22");
}

TEST(Plot, IsAPngOfAnySaneTrendAndNothingElse) {
  EXPECT_TRUE(plot_png(item_with_trend(), test_context()).starts_with("\x89PNG"));
  EXPECT_EQ(plot_png(test_item(), test_context()), "");
  NotificationItem odd = item_with_trend();
  odd.channel = odd.unit = odd.key.fridge = "\xff 温度 <b>";
  odd.trend.front().second = kNan;
  odd.trend.back() = {1e300, -1e300};
  EXPECT_NO_THROW(plot_png(odd, test_context()));
  odd.trend = std::vector<TrendPoint>(50, {kNan, 1});
  EXPECT_EQ(plot_png(odd, test_context()), "");
}

TEST(Plot, APictureIsOfTheGravestAlarm) {
  NotificationItem warning = item_with_trend("a");
  warning.severity = Severity::kWarning;
  EXPECT_EQ(picture(test_alarm({warning, item_with_trend("b"), test_item("c")}), test_context()),
            plot_png(item_with_trend("b"), test_context()));
  EXPECT_EQ(picture(test_alarm(), test_context()), "");
}

}  // namespace
}  // namespace coldwatch
