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
constexpr std::size_t kMostRows = 60;  // of more alarms a table is no help

// Styles stand in the elements: many mail programs read no others. Tables are laid out alike by all.
constexpr std::string_view kBody =
    "margin:0;padding:12px 8px;background:#f3f5f7;color:#1f2933;"
    "font:16px/1.45 -apple-system,'Segoe UI',Roboto,'PingFang SC','Microsoft YaHei',sans-serif";
constexpr std::string_view kCard =
    "max-width:680px;margin:0 auto;background:#ffffff;border:1px solid #dde3e9;border-radius:6px;"
    "padding:16px 18px;border-top:6px solid ";
constexpr std::string_view kCell =
    "padding:7px 0;border-top:1px solid #e4e9ee;vertical-align:top;word-break:break-word";

std::string_view colour(const Notification& notification) {
  if (notification.all_clear) return "#1e8449";
  if (notification.severity == Severity::kCritical) return "#c0392b";
  return notification.severity == Severity::kWarning ? "#c8590a" : "#2471a3";
}

std::string element(std::string_view tag, std::string_view style, const std::string& inside) {
  const std::string name{tag};
  return "<" + name + " style=\"" + std::string{style} + "\">" + inside + "</" + name + ">\n";
}

std::string table(const std::vector<TextLine>& lines) {
  const std::string cell{kCell};
  std::string rows;
  for (const TextLine& line : lines) {
    rows += "<tr>" +
            element("td", cell + ";width:24%;padding-right:12px;font-weight:bold",
                    escape_html(line.fridge)) +
            element("td", cell, escape_html(line.text)) + "</tr>\n";
  }
  return "<table role=\"presentation\" cellspacing=\"0\" cellpadding=\"0\" style=\"width:100%;"
         "border-collapse:collapse;margin:12px 0\">\n" +
         rows + "</table>\n";
}

std::string section(const TextSection& section, bool alone) {
  std::string html;
  if (!alone) {
    html += element("p", "margin:14px 0 -4px;font-weight:bold", escape_html(section.heading));
  }
  html += table(section.lines);
  if (section.playbook.empty()) return html;
  return html + element("p",
                        "margin:0 0 12px;padding:9px 12px;background:#fff6e0;border-radius:4px",
                        escape_html(section.playbook));
}

bool is_long(const MessageText& message) {
  std::size_t rows = message.active.size();
  for (const TextSection& one : message.sections) rows += one.lines.size();
  return rows > kMostRows;
}

std::string content(const MessageText& message, const Texts& texts) {
  if (is_long(message)) {
    return element("p", "margin:0",
                   lay_out(message, kMarkup, kHtml, texts, {.headline = false, .link = false}));
  }
  std::string html;
  if (!message.context.empty()) {
    html += element("p", "margin:0;color:#52606d", escape_html(message.context));
  }
  for (const TextSection& one : message.sections) {
    html += section(one, message.sections.size() == 1);
  }
  if (!message.active.empty()) {
    html +=
        element("p", "margin:14px 0 -4px;font-weight:bold", escape_html(message.active_heading)) +
        table(message.active);
  }
  if (message.all_clear.empty()) return html;
  return html + element("p", "margin:0;color:#1e8449", escape_html(message.all_clear));
}

}  // namespace

std::string mail_html(const MessageText& message, const Notification& notification,
                      std::string_view image, const Texts& texts) {
  const std::string bar{colour(notification)};
  std::string html = element("h1", "margin:0 0 4px;font-size:20px;line-height:1.3;color:" + bar,
                             escape_html(message.headline)) +
                     content(message, texts);
  if (!image.empty()) {
    html += "<p style=\"margin:14px 0 0\"><img src=\"cid:" + std::string{image} +
            "\" alt=\"trend\" width=\"720\" style=\"display:block;width:100%;height:auto\"></p>\n";
  }
  if (!message.link.empty()) {
    html += "<p style=\"margin:16px 0 4px\"><a href=\"" + escape_html(message.link) +
            "\" style=\"display:inline-block;padding:9px 18px;border-radius:4px;color:#ffffff;"
            "text-decoration:none;background:" +
            bar + "\">" + escape_html(message.link_label) + "</a></p>\n";
  }
  return "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\">"
         "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"></head>\n"
         "<body style=\"" +
         std::string{kBody} + "\">\n" + element("div", std::string{kCard} + bar, "\n" + html) +
         "</body></html>\n";
}

}  // namespace coldwatch
