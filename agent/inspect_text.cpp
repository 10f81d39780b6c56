// How an inspection looks: JSON for programs, tables for people.
#include <algorithm>
#include <array>
#include <optional>

#include "agent/inspect.hpp"
#include "common/json.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kMostAnomaliesShown = 12;
constexpr int kJsonIndent = 2;

void set_if(ordered_json& to, const char* key, const std::optional<double>& value) {
  if (value) to[key] = *value;
}

ordered_json to_json(const FileReport& report) {
  ordered_json json{{"path", to_utf8(report.path)},
                    {"format", report.format},
                    {"why", report.why},
                    {"rows", report.rows},
                    {"bad_records", report.bad_records}};
  if (report.first_time) json["first_time"] = to_rfc3339(*report.first_time);
  if (report.last_time) json["last_time"] = to_rfc3339(*report.last_time);
  json["channels"] = ordered_json::array();
  for (const ChannelReport& channel : report.channels) {
    ordered_json entry{{"key", channel.channel.key},   {"name", channel.channel.name},
                       {"unit", channel.channel.unit}, {"good", channel.good},
                       {"stale", channel.stale},       {"invalid", channel.invalid}};
    set_if(entry, "min", channel.min);
    set_if(entry, "max", channel.max);
    set_if(entry, "last", channel.last);
    json["channels"].push_back(std::move(entry));
  }
  json["anomalies"] = ordered_json::array();
  for (const AnomalyReport& anomaly : report.anomalies) {
    json["anomalies"].push_back(
        {{"kind", anomaly.kind}, {"line", anomaly.line}, {"text", anomaly.text}});
  }
  if (report.anomalies_left_out > 0) json["anomalies_left_out"] = report.anomalies_left_out;
  for (const WordsReport& words : report.words) {
    ordered_json entry{{"line", words.line}, {"text", words.text}};
    if (words.time) entry["time"] = to_rfc3339(*words.time);
    json["words"].push_back(std::move(entry));
  }
  if (report.words_left_out > 0) json["words_left_out"] = report.words_left_out;
  return json;
}

constexpr std::size_t kColumns = 9;
using Cells = std::array<std::string, kColumns>;
constexpr std::array<bool, kColumns> kRightAligned{false, false, false, true, true,
                                                   true,  true,  true,  true};

/// Characters, not bytes, because names hold "µ" and "°".
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }));
}

std::string cell(const std::optional<double>& value) {
  return value ? number_words(*value, 6) : "-";
}

Cells cells_of(const ChannelReport& report) {
  return {report.channel.key,
          report.channel.name,
          report.channel.unit,
          std::to_string(report.good),
          std::to_string(report.stale),
          std::to_string(report.invalid),
          cell(report.min),
          cell(report.max),
          cell(report.last)};
}

std::string table(const std::vector<ChannelReport>& channels) {
  std::vector<Cells> rows{
      {"key", "name", "unit", "good", "stale", "invalid", "min", "max", "last"}};
  for (const ChannelReport& channel : channels) rows.push_back(cells_of(channel));
  std::array<std::size_t, kColumns> widths{};
  for (const Cells& row : rows) {
    for (std::size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  std::string text;
  for (const Cells& row : rows) {
    std::string line = "   ";
    for (std::size_t i = 0; i < kColumns; ++i) {
      const std::string blanks(widths[i] - width(row[i]), ' ');
      line += ' ' + (kRightAligned[i] ? blanks + row[i] : row[i] + blanks) + ' ';
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  return text;
}

/// "2018-12-10 23:39:25".
std::string day_and_time(UtcTime time) {
  std::string text = to_rfc3339(time).substr(0, 19);
  text[10] = ' ';
  return text;
}

std::string rows_line(const FileReport& report) {
  if (!report.first_time) return "  no rows yet\n";
  const Milliseconds span = *report.last_time - *report.first_time;
  std::string line = "  " + std::to_string(report.rows) + " rows from " +
                     day_and_time(*report.first_time) + " to " + day_and_time(*report.last_time) +
                     " UTC";
  if (report.rows > 1 && span > Milliseconds{0}) {
    line += " (" + duration_words(span) + ", one every " +
            duration_words(span / static_cast<Milliseconds::rep>(report.rows - 1)) + ")";
  }
  if (report.bad_records > 0) {
    line += ", unreadable records: " + std::to_string(report.bad_records);
  }
  return line + '\n';
}

std::string anomaly_lines(const FileReport& report) {
  std::string text;
  const std::size_t shown = std::min(report.anomalies.size(), kMostAnomaliesShown);
  for (std::size_t i = 0; i < shown; ++i) {
    const AnomalyReport& anomaly = report.anomalies[i];
    text += "  ! line " + std::to_string(anomaly.line) + ", " + anomaly.kind + ": " + anomaly.text +
            '\n';
  }
  const std::uint64_t more = report.anomalies.size() - shown + report.anomalies_left_out;
  if (more > 0) text += "  ! and " + std::to_string(more) + " more\n";
  return text;
}

std::string words_lines(const FileReport& report) {
  std::string text;
  const std::size_t shown = std::min(report.words.size(), kMostAnomaliesShown);
  for (std::size_t i = 0; i < shown; ++i) {
    const WordsReport& words = report.words[i];
    text += "  # line " + std::to_string(words.line) +
            (words.time ? ", " + day_and_time(*words.time) + " UTC" : "") + ": " + words.text +
            '\n';
  }
  const std::uint64_t more = report.words.size() - shown + report.words_left_out;
  if (more > 0) text += "  # and " + std::to_string(more) + " more of the instrument's own words\n";
  return text;
}

std::string to_text(const FileReport& report) {
  std::string text = to_utf8(report.path) + '\n';
  if (report.format.empty()) return text + "  " + report.why + '\n';
  text += "  " + report.title + " (" + report.format + "): " + report.why + '\n';
  text += rows_line(report);
  text += table(report.channels);
  return text + anomaly_lines(report) + words_lines(report);
}

}  // namespace

std::string inspection_json(const Inspection& inspection) {
  ordered_json files = ordered_json::array();
  for (const FileReport& report : inspection.files) files.push_back(to_json(report));
  const bool one = !inspection.is_folder && files.size() == 1;
  const auto replace = ordered_json::error_handler_t::replace;
  return (one ? files[0] : files).dump(kJsonIndent, ' ', false, replace) + '\n';
}

std::string inspection_text(const Inspection& inspection) {
  std::string text;
  for (const FileReport& report : inspection.files) {
    if (!text.empty()) text += '\n';
    text += to_text(report);
  }
  return text;
}

}  // namespace coldwatch
