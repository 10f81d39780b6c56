#include "bridge/notifiers/plot.hpp"

#include <cairo.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "bridge/notifiers/axis.hpp"
#include "bridge/notifiers/escaping.hpp"
#include "bridge/notifiers/message_text.hpp"
#include "bridge/notifiers/trend.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr int kWidth = 720;
constexpr int kHeight = 420;
constexpr double kLeft = 104;
constexpr double kRight = 24;
constexpr double kTop = 58;
constexpr double kBottom = 52;
constexpr double kFontSize = 24;
constexpr double kDateRoom = 30;  // right of the axis, for the end of the date
constexpr std::size_t kLongestTitle = 48;

struct Colour {
  double red, green, blue;
};
constexpr Colour kWhite{1, 1, 1};
constexpr Colour kBlack{0.1, 0.1, 0.1};
constexpr Colour kGrid{0.86, 0.86, 0.86};
constexpr Colour kCurve{0.09, 0.35, 0.65};
constexpr Colour kLimit{0.80, 0.10, 0.10};
constexpr Colour kEvent{0.90, 0.50, 0.05};

using Surface = std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)>;
using Context = std::unique_ptr<cairo_t, decltype(&cairo_destroy)>;

/// Draws in the units of the two axes.
class Canvas {
 public:
  Canvas(Axis x, Axis y)
      : x_(std::move(x)),
        y_(std::move(y)),
        surface_(cairo_image_surface_create(CAIRO_FORMAT_RGB24, kWidth, kHeight),
                 &cairo_surface_destroy),
        cairo_(cairo_create(surface_.get()), &cairo_destroy) {
    colour(kWhite);
    cairo_paint(pen());
    cairo_select_font_face(pen(), "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(pen(), kFontSize);
  }

  void grid() {
    cairo_set_line_width(pen(), 1);
    for (const Tick& tick : y_.ticks) {
      line(kLeft, down(tick.at), kWidth - kRight, down(tick.at), kGrid);
      text(kLeft - 10, down(tick.at) + kFontSize * 0.35, tick.label, kBlack, 1);
    }
    for (const Tick& tick : x_.ticks) {
      line(across(tick.at), kTop, across(tick.at), kHeight - kBottom, kGrid);
      if (across(tick.at) < kLeft + kDateRoom) continue;
      text(across(tick.at), kHeight - kBottom + kFontSize * 1.4, tick.label, kBlack, 0.5);
    }
  }

  void level(double value, const std::string& label) {
    if (y_.place(value) < 0 || y_.place(value) > 1) return;
    dashed(kLeft, down(value), kWidth - kRight, down(value), kLimit);
    const bool above = down(value) - kTop > 2 * kFontSize;
    text(kLeft + 8, down(value) + (above ? -8 : kFontSize + 4), label, kLimit, 0);
  }

  void moment(UtcTime time, const std::string& label) {
    const double at = std::chrono::duration<double>(time.time_since_epoch()).count();
    if (x_.place(at) < 0 || x_.place(at) > 1) return;
    dashed(across(at), kTop, across(at), kHeight - kBottom, kEvent);
    const bool left = x_.place(at) > 0.5;
    text(across(at) + (left ? -6 : 6), kTop + kFontSize, label, kEvent, left ? 1 : 0);
  }

  void curve(const std::vector<TrendPoint>& points) {
    colour(kCurve);
    cairo_set_line_width(pen(), 3);
    cairo_set_line_join(pen(), CAIRO_LINE_JOIN_ROUND);
    cairo_new_path(pen());  // a text before it has left a point
    for (const auto& [seconds, value] : points) cairo_line_to(pen(), across(seconds), down(value));
    cairo_stroke(pen());
    cairo_arc(pen(), across(points.back().first), down(points.back().second), 5, 0, 2 * M_PI);
    cairo_fill(pen());
  }

  void title(const std::string& left, const std::string& right) {
    text(12, kFontSize * 1.5, left, kBlack, 0);
    text(kWidth - 12, kFontSize * 1.5, right, kCurve, 1);
  }

  void date(const std::string& day) {
    text(12, kHeight - kBottom + kFontSize * 1.4, day, kBlack, 0);
  }

  std::string png() {
    std::string bytes;
    const auto append = [](void* out, const unsigned char* data, unsigned int length) {
      static_cast<std::string*>(out)->append(reinterpret_cast<const char*>(data), length);
      return CAIRO_STATUS_SUCCESS;
    };
    cairo_surface_flush(surface_.get());
    const bool good =
        cairo_status(pen()) == CAIRO_STATUS_SUCCESS &&
        cairo_surface_write_to_png_stream(surface_.get(), append, &bytes) == CAIRO_STATUS_SUCCESS;
    return good ? bytes : std::string{};
  }

 private:
  cairo_t* pen() { return cairo_.get(); }
  double across(double seconds) const {
    return kLeft + x_.place(seconds) * (kWidth - kLeft - kRight);
  }
  double down(double value) const {
    return kHeight - kBottom - y_.place(value) * (kHeight - kTop - kBottom);
  }
  void colour(Colour colour) { cairo_set_source_rgb(pen(), colour.red, colour.green, colour.blue); }
  void line(double x1, double y1, double x2, double y2, Colour of) {
    colour(of);
    cairo_move_to(pen(), x1, y1);
    cairo_line_to(pen(), x2, y2);
    cairo_stroke(pen());
  }
  void dashed(double x1, double y1, double x2, double y2, Colour of) {
    constexpr double kDashes[] = {9, 6};
    cairo_set_line_width(pen(), 2);
    cairo_set_dash(pen(), kDashes, 2, 0);
    line(x1, y1, x2, y2, of);
    cairo_set_dash(pen(), nullptr, 0, 0);
  }
  /// `anchor` is the part of the text that lies left of x: 0, 0.5 or 1.
  void text(double x, double y, const std::string& words, Colour of, double anchor) {
    colour(of);
    cairo_text_extents_t size;
    cairo_text_extents(pen(), words.c_str(), &size);
    const double most = kWidth - 4 - size.x_advance;
    cairo_move_to(pen(), std::clamp(x - anchor * size.x_advance, 4.0, std::max(4.0, most)), y);
    cairo_show_text(pen(), words.c_str());
  }

  Axis x_;
  Axis y_;
  Surface surface_;
  Context cairo_;
};

}  // namespace

std::string plot_png(const NotificationItem& item, const RenderContext& context) {
  std::vector<TrendPoint> points;
  for (const TrendPoint& point : item.trend) {
    if (points.size() == kLongestTrend) break;
    if (std::isfinite(point.first) && std::isfinite(point.second)) points.push_back(point);
  }
  std::ranges::stable_sort(points, {}, &TrendPoint::first);
  if (points.size() < kLeastPlotPoints) return {};

  const std::string unit = unit_sign(one_line(visible(item.unit), 16));
  Canvas canvas{time_axis(points, *context.zone), value_axis(points, item.limit)};
  canvas.grid();
  for (const std::optional<UtcTime>& time : {std::optional{item.since}, item.until}) {
    if (time) canvas.moment(*time, clock_words(*time, context.now, *context.zone));
  }
  if (item.limit) canvas.level(*item.limit, value_words(*item.limit, unit));
  canvas.curve(points);
  const std::string name = one_line(visible(item.key.fridge + "  " + item.channel), kLongestTitle);
  canvas.title(unit.empty() ? name : name + " [" + unit + "]",
               value_words(points.back().second, unit));
  canvas.date(day_label(points.front().first, *context.zone));
  return canvas.png();
}

std::string picture(const Notification& notification, const RenderContext& context) {
  const NotificationItem* gravest = nullptr;
  for (const NotificationItem& item : notification.items) {
    if (item.trend.size() < kLeastPlotPoints) continue;
    if (gravest == nullptr || item.severity > gravest->severity) gravest = &item;
  }
  return gravest == nullptr ? std::string{} : plot_png(*gravest, context);
}

}  // namespace coldwatch
