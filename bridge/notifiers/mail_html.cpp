#include "bridge/notifiers/mail_html.hpp"

#include "bridge/notifiers/escaping.hpp"
#include "bridge/notifiers/layout.hpp"

namespace coldwatch {
namespace {

constexpr Budget kHtml{128 * 1024, Measure::kBytes};
constexpr Markup kMarkup{.escape = escape_html,
                         .bold_open = "<b>",
                         .bold_close = "</b>",
                         .bullet = "&bull; ",
                         .new_line = "<br>\n"};

std::string_view colour(const Notification& notification) {
  if (notification.all_clear) return "#1e8449";
  if (notification.severity == Severity::kCritical) return "#c0392b";
  return notification.severity == Severity::kWarning ? "#d35400" : "#2471a3";
}

}  // namespace

std::string mail_html(const MessageText& message, const Notification& notification,
                      std::string_view image, const Texts& texts) {
  const std::string bar{colour(notification)};
  std::string html =
      "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width\"></head>\n"
      "<body style=\"margin:0;padding:12px;background:#ffffff;color:#1a1a1a;"
      "font:16px/1.5 sans-serif\">\n"
      "<div style=\"max-width:720px;border-left:6px solid " +
      bar + ";padding-left:12px\">\n";
  html += "<p style=\"margin:0 0 8px;font-size:20px;font-weight:bold;color:" + bar + "\">" +
          escape_html(message.headline) + "</p>\n<p style=\"margin:0\">";
  html += lay_out(message, kMarkup, kHtml, texts, {.headline = false, .link = false}) + "</p>\n";
  if (!image.empty()) {
    html += "<p style=\"margin:12px 0\"><img src=\"cid:" + std::string{image} +
            "\" alt=\"trend\" width=\"720\" style=\"max-width:100%;height:auto\"></p>\n";
  }
  if (!message.link.empty()) {
    html += "<p style=\"margin:12px 0\"><a href=\"" + escape_html(message.link) + "\">" +
            escape_html(message.link_label) + "</a></p>\n";
  }
  return html + "</div></body></html>\n";
}

}  // namespace coldwatch
