#include "bridge/notifiers/layout.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/text.hpp"

namespace coldwatch {
namespace {

enum class LineKind { kHeading, kAlarm, kOther };

/// One line of output, escaped, with the number of alarms that it stands for.
struct OutLine {
  LineKind kind = LineKind::kOther;
  std::string text;
  std::size_t alarms = 0;
};

/// Those of one fridge that stand together as one.
std::vector<TextLine> by_fridge(const std::vector<TextLine>& alarms) {
  std::vector<TextLine> fridges;
  for (const TextLine& alarm : alarms) {
    const bool same = !fridges.empty() && fridges.back().fridge == alarm.fridge;
    if (same) fridges.back().alarms += alarm.alarms;
    if (!same) fridges.push_back({alarm.fridge, {}, alarm.alarms});
  }
  return fridges;
}

class Writer {
 public:
  Writer(const Markup& markup, const Texts& texts) : markup_(markup), texts_(texts) {}

  void heading(std::string_view text) {
    lines_.push_back({LineKind::kHeading, std::string{markup_.bold_open} + markup_.escape(text) +
                                              std::string{markup_.bold_close}});
  }
  void other(std::string_view text) {
    if (!text.empty()) lines_.push_back({LineKind::kOther, markup_.escape(text)});
  }
  void blank() {
    if (!lines_.empty()) lines_.push_back({});
  }
  /// All alarms with all that is known of each.
  void full(const std::vector<TextLine>& alarms) {
    for (const TextLine& alarm : alarms) {
      const std::string text = texts_("line", {{"fridge", alarm.fridge}, {"text", alarm.text}});
      const std::string_view bullet = alarms.size() > 1 ? markup_.bullet : "";
      lines_.push_back({LineKind::kAlarm, std::string{bullet} + markup_.escape(text), 1});
    }
  }
  /// The names only, as many in a line as are read at a glance; behind one that has several alarms how
  /// many.
  void names(const std::vector<TextLine>& alarms) {
    constexpr std::size_t kNamesInLine = 8;
    const std::string between = texts_("names.join");
    const std::vector<TextLine> fridges = by_fridge(alarms);
    for (std::size_t i = 0; i < fridges.size(); i += kNamesInLine) {
      const std::size_t end = std::min(i + kNamesInLine, fridges.size());
      OutLine line{.kind = LineKind::kAlarm};
      std::string text;
      for (std::size_t j = i; j < end; ++j) {
        if (j != i) text += between;
        text += fridges[j].fridge;
        if (fridges[j].alarms > 1) text += " (" + std::to_string(fridges[j].alarms) + ")";
        line.alarms += fridges[j].alarms;
      }
      line.text = markup_.escape(text);
      lines_.push_back(std::move(line));
    }
  }
  std::vector<OutLine> take() { return std::move(lines_); }

 private:
  const Markup& markup_;
  const Texts& texts_;
  std::vector<OutLine> lines_;
};

bool has_details(const std::vector<TextLine>& alarms) {
  return alarms.empty() || !alarms.front().text.empty();
}

std::vector<OutLine> write(const MessageText& message, const Markup& markup, const Texts& texts,
                           LayoutOptions options, bool names_only) {
  Writer writer{markup, texts};
  const auto alarms = [&writer, names_only](const std::vector<TextLine>& lines) {
    if (names_only || !has_details(lines)) {
      writer.names(lines);
    } else {
      writer.full(lines);
    }
  };
  if (options.headline) {
    writer.heading(message.headline);
    writer.blank();
  }
  writer.other(message.context);
  // The headline stands in the text or above it, and says all that the heading of one section would.
  const bool repeats = message.sections.size() == 1;
  for (const TextSection& section : message.sections) {
    if (!repeats) writer.heading(section.heading);
    alarms(section.lines);
    writer.other(section.playbook);
    if (&section != &message.sections.back()) writer.blank();
  }
  if (!message.active.empty()) {
    writer.blank();
    writer.heading(message.active_heading);
    alarms(message.active);
  }
  if (!message.all_clear.empty()) {
    writer.blank();
    writer.other(message.all_clear);
  }
  if (options.link && !message.link.empty()) {
    writer.blank();
    writer.other(texts("link.line", {{"label", message.link_label}, {"link", message.link}}));
  }
  return writer.take();
}

std::string join(const std::vector<OutLine>& lines, const Markup& markup) {
  std::string text;
  for (const OutLine& line : lines) {
    if (&line != &lines.front()) text += markup.new_line;
    text += line.text;
  }
  return text;
}

/// Lines in order while they and "+N more" fit; alarms that do not fit are counted.
std::string cut(const std::vector<OutLine>& lines, const Markup& markup, Budget budget,
                const Texts& texts) {
  std::size_t hidden = 0;
  for (const OutLine& line : lines) hidden += line.alarms;
  const auto tail = [&markup, &texts](std::size_t count) {
    return markup.escape(texts("more", {{"count", std::to_string(count)}}));
  };
  const std::size_t room =
      budget.most - std::min(budget.most, length_of(tail(hidden), budget.measure));
  std::string text;
  std::size_t used = 0;
  for (const OutLine& line : lines) {
    const std::string piece = line.text + std::string{markup.new_line};
    const std::size_t length = length_of(piece, budget.measure);
    if (used + length > room && line.kind == LineKind::kOther) continue;
    if (used + length > room) break;
    text += piece;
    used += length;
    hidden -= line.alarms;
  }
  return text + tail(hidden);
}

}  // namespace

std::string literally(std::string_view text) { return std::string{text}; }

const Markup kPlainMarkup{.escape = literally, .bold_open = "", .bold_close = ""};

std::size_t length_of(std::string_view text, Measure measure) {
  if (measure == Measure::kBytes) return text.size();
  std::size_t length = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) == 0x80) continue;
    length += measure == Measure::kUtf16 && byte >= 0xF0 ? 2 : 1;
  }
  return length;
}

std::string shortened(std::string_view text, Budget budget) {
  if (length_of(text, budget.measure) <= budget.most) return std::string{text};
  constexpr std::string_view kEllipsis = "…";
  const std::size_t ellipsis = length_of(kEllipsis, budget.measure);
  if (budget.most < ellipsis) return {};
  std::size_t end = 0;
  std::size_t used = ellipsis;
  while (end < text.size()) {
    std::size_t next = end + 1;
    while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0) == 0x80) ++next;
    used += length_of(text.substr(end, next - end), budget.measure);
    if (used > budget.most) break;
    end = next;
  }
  return std::string{text.substr(0, end)} + std::string{kEllipsis};
}

std::string lay_out(const MessageText& message, const Markup& markup, Budget budget,
                    const Texts& texts, LayoutOptions options) {
  std::string text = join(write(message, markup, texts, options, false), markup);
  if (length_of(text, budget.measure) <= budget.most) return text;
  const auto names = write(message, markup, texts, options, true);
  text = join(names, markup);
  return length_of(text, budget.measure) <= budget.most ? text : cut(names, markup, budget, texts);
}

}  // namespace coldwatch
