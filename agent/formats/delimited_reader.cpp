#include "agent/formats/delimited_reader.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "agent/formats/text_lines.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);
constexpr std::size_t kMostColumns = 1000;
constexpr std::size_t kFewestColumns = 2;
constexpr int kRowsToChangeWidth = 3;
constexpr std::size_t kMostHeaderLines = 50;
constexpr std::size_t kScanBytes = 256 * 1024;
constexpr char kComment = '#';

using Fields = std::vector<std::string_view>;

void split_line(std::string_view line, char separator, Fields& fields) {
  if (separator != DelimitedLayout::kBlanks) {
    split_fields(line, separator, fields);
    if (fields.size() > kFewestColumns && trim(fields.back()).empty()) fields.pop_back();
    return;
  }
  fields.clear();
  for (std::string_view rest = trim(line); !rest.empty(); rest = trim(rest)) {
    const std::size_t end = std::min(rest.find_first_of(" \t"), rest.size());
    fields.push_back(rest.substr(0, end));
    rest.remove_prefix(end);
  }
}

std::string_view unquoted(std::string_view field) {
  field = trim(field);
  const bool quoted = field.size() >= 2 && field.front() == '"' && field.back() == '"';
  return quoted ? field.substr(1, field.size() - 2) : field;
}

std::vector<std::string> names_in(const Fields& fields) {
  std::vector<std::string> names;
  for (const std::string_view field : fields) names.emplace_back(unquoted(field));
  return names;
}

/// Before the first row such a line may name the columns; after it, it is words.
bool is_comment(std::string_view line) { return trim(line).starts_with(kComment); }

class DelimitedReader final : public LineReader {
 public:
  DelimitedReader(DelimitedLayout layout, const FileContext& context)
      : layout_(std::move(layout)), context_(context), clock_(context.zone) {}

  /// Reads the header and finds the first row. Why this cannot be read in `why`.
  bool begin_with(std::string_view head, std::string& why) {
    const bool full = head.size() >= kHeadBytes;
    Position at;
    std::string first_line;
    while (const auto line = take_line(head, at)) {
      if (!is_legible(line->text)) {
        start_ = line->next;
        continue;
      }
      if (first_line.empty()) first_line = one_line(to_utf8(line->text), 80);
      split_line(line->text, layout_.separator, fields_);
      if (read_start(line->text)) {
        start_ = line->next;
      } else if (find_columns() && read_stamp()) {
        if (layout_.time.is_elapsed() && !begun_) {
          why = "no line before the first row tells the start of the log";
          return false;
        }
        return use_width();
      } else {
        keep_names();
        start_ = line->next;
      }
    }
    if (full) {
      why = "no row in the first " + std::to_string(kHeadBytes) +
            " bytes: expected a time like \"" + layout_.time.pattern() + "\" in column " +
            layout_.time_column + ", the first line is \"" + first_line + "\"";
    }
    return false;
  }

  Position start() const override { return start_; }
  std::vector<std::string> names() const override { return own_names_; }

 private:
  /// A reader made anew in the middle of a file has to know whether other names came before.
  void begin(Position at) override {
    if (std::exchange(placed_, true) || at.offset <= start_.offset || !context_.read_beside) return;
    Position place = start_;
    while (place.offset < at.offset) {
      const std::size_t most = std::min<std::uint64_t>(at.offset - place.offset, kScanBytes);
      const std::string bytes = context_.read_beside(context_.path, place.offset, most);
      std::string_view rest = bytes;
      while (const auto line = take_line(rest, place)) pass_by(line->text);
      if (rest.size() == bytes.size()) place.offset += bytes.size();
      if (bytes.empty()) return;
    }
  }

  /// Learns from a line of which the row, if it is one, was read before.
  void pass_by(std::string_view line) {
    if (!is_legible(line)) return;
    split_line(line, layout_.separator, fields_);
    if (!read_stamp()) {
      if (!is_comment(line)) keep_names();
    } else if (!notices_other_columns() || use_width()) {
      row_seen_ = row_seen_ || fields_.size() == width_;
    }
  }

  /// Is the row in hand the first under other names, or one of several of another width?
  bool notices_other_columns() {
    const auto* names = row_seen_ ? nullptr : header_of(fields_.size());
    other_rows_ = fields_.size() == width_ ? 0 : other_rows_ + 1;
    const bool renamed = names != nullptr && *names != own_names_;
    return renamed || other_rows_ >= kRowsToChangeWidth;
  }

  bool take(const TextLine& line, RowBatch& batch) override {
    split_line(line.text, layout_.separator, fields_);
    const auto stamp = read_stamp();
    if (!stamp) {
      if (is_comment(line.text)) {
        const std::string_view words = trim(line.text).substr(1);
        batch.remarks.push_back(instrument_words(line, "comment", std::nullopt, words));
      } else if (!keep_names()) {
        batch.remarks.push_back(
            bad_line(line, "time", "no time like \"" + layout_.time.pattern() + "\" in this line"));
      }
      return true;
    }
    if (notices_other_columns() && use_width()) return false;
    if (fields_.size() != width_) {
      batch.remarks.push_back(bad_line(line, "fields",
                                       "found " + std::to_string(fields_.size()) +
                                           " fields, expected " + std::to_string(width_)));
      return true;
    }
    row_seen_ = true;
    add_values(add_row(line, to_utc(*stamp, line.next.time), batch));
    return true;
  }

  bool read_start(std::string_view line) {
    if (!layout_.start || begun_) return false;
    const auto stamp = layout_.start->read(line);
    if (stamp) begun_ = to_utc(*stamp, {});
    return stamp.has_value();
  }

  UtcTime to_utc(const Stamp& stamp, UtcTime before) {
    if (begun_) return *begun_ + stamp.time.time_since_epoch();
    if (stamp.utc) return UtcTime{stamp.time.time_since_epoch()};
    return clock_.to_utc(stamp.time, before);
  }

  /// Where the time stands: by number, or by name once the names were seen.
  bool find_columns() {
    const auto find = [this](const std::string& column, std::size_t& index) {
      if (column.empty() || index != kNone) return;
      if (const auto number = parse_integer(column)) {
        index = *number >= 1 ? static_cast<std::size_t>(*number - 1) : kNone;
        return;
      }
      for (const std::vector<std::string>& names : header_) {
        const auto name = std::ranges::find(names, column);
        if (index == kNone && name != names.end()) {
          index = static_cast<std::size_t>(name - names.begin());
        }
      }
    };
    find(layout_.time_column, time_at_);
    find(layout_.date_column, date_at_);
    return time_at_ != kNone && (layout_.date_column.empty() || date_at_ != kNone);
  }

  std::optional<Stamp> read_stamp() const {
    if (fields_.size() < kFewestColumns || time_at_ >= fields_.size()) return std::nullopt;
    const std::string_view time = unquoted(fields_[time_at_]);
    if (layout_.date_column.empty()) return layout_.time.read(time);
    if (date_at_ >= fields_.size()) return std::nullopt;
    return layout_.time.read(std::string{unquoted(fields_[date_at_])} + " " + std::string{time});
  }

  /// Keeps a line that may name the columns of the rows after it; false where it cannot.
  bool keep_names() {
    const bool numbers = std::ranges::any_of(
        fields_, [](std::string_view field) { return parse_number(field).has_value(); });
    if (fields_.size() < kFewestColumns || numbers || header_.size() == kMostHeaderLines) {
      return false;
    }
    if (row_seen_) header_.clear();
    row_seen_ = false;
    header_.push_back(names_in(fields_));
    if (header_.back()[0].starts_with(kComment)) {
      header_.back()[0] = trim(std::string_view{header_.back()[0]}.substr(1));
    }
    return true;
  }

  const std::vector<std::string>* header_of(std::size_t width) const {
    const auto found = std::ranges::find(header_, width, &std::vector<std::string>::size);
    return found == header_.end() ? nullptr : &*found;
  }

  std::vector<std::string> names_for(std::size_t width) {
    own_names_.clear();
    if (const auto* own = header_of(width)) return own_names_ = *own;
    std::vector<std::string> names = context_.names;
    if (names.size() + 1 == width) {
      names.insert(names.begin() + static_cast<std::ptrdiff_t>(std::min(time_at_, names.size())),
                   "Time");
    }
    if (names.size() == width) return names;
    if (context_.names_of_sibling) names = context_.names_of_sibling(width);
    if (names.size() == width) return names;
    for (const std::vector<std::string>& known : layout_.known_names) {
      if (known.size() == width) return known;
    }
    names.clear();
    while (names.size() < width) names.push_back("column " + std::to_string(names.size() + 1));
    return names;
  }

  /// Takes the width of the row in hand for that of the file.
  bool use_width() {
    if (fields_.size() > kMostColumns) return false;
    width_ = fields_.size();
    other_rows_ = 0;
    columns_.clear();
    const std::vector<std::string> all = names_for(width_);
    std::vector<std::string> names;
    for (std::size_t i = 0; i < width_; ++i) {
      if (i == time_at_ || i == date_at_) continue;
      columns_.push_back({.field = i});
      names.push_back(all[i].empty() ? "column " + std::to_string(i + 1) : all[i]);
    }
    Channels channels = make_channels(names);
    for (std::size_t i = 0; i < channels.size(); ++i) annotate(channels, i);
    set_channels(std::move(channels));
    return true;
  }

  void annotate(Channels& channels, std::size_t index) {
    const auto note = std::ranges::find(layout_.notes, channels[index].name, &ColumnNote::name);
    if (note == layout_.notes.end()) return;
    columns_[index].scale = note->scale;
    if (channels[index].unit.empty() || note->scale != 1) channels[index].unit = note->unit;
    channels[index].quantity = quantity_of(channels[index].unit);
    const auto partner = std::ranges::find(channels, note->partner, &Channel::name);
    if (!note->partner.empty() && partner != channels.end()) {
      columns_[index].partner = static_cast<std::size_t>(partner - channels.begin());
    }
  }

  void add_values(const RowBatch::Slot& slot) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      std::string_view field = unquoted(fields_[columns_[i].field]);
      const bool stale =
          layout_.stale_mark != '\0' && !field.empty() && field.front() == layout_.stale_mark;
      if (stale) field.remove_prefix(1);
      const auto value = field_number(field, layout_.decimal_comma);
      slot.values[i] = value.value_or(0) * columns_[i].scale;
      if (!value) {
        slot.quality[i] = Quality::kInvalid;
      } else if (stale) {
        slot.quality[i] = Quality::kStale;
      }
    }
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::size_t partner = columns_[i].partner;
      if (partner != kNone && !(slot.values[partner] > 0)) slot.quality[i] = Quality::kInvalid;
    }
  }

  struct Column {
    std::size_t field;
    double scale = 1;
    std::size_t partner = kNone;  // among the channels
  };

  DelimitedLayout layout_;
  FileContext context_;
  LocalClock clock_;
  Position start_;
  std::optional<UtcTime> begun_;  // of a log that counts from its start
  std::size_t time_at_ = kNone;
  std::size_t date_at_ = kNone;
  std::size_t width_ = 0;
  std::vector<Column> columns_;                   // of the channels
  std::vector<std::vector<std::string>> header_;  // lines that may be names, since the last row
  bool placed_ = false;
  bool row_seen_ = false;  // after header_
  std::vector<std::string> own_names_;
  int other_rows_ = 0;
  Fields fields_;
};

}  // namespace

Opened open_delimited(const DelimitedLayout& layout, const FileContext& context,
                      std::string_view head) {
  Opened opened;
  auto reader = std::make_unique<DelimitedReader>(layout, context);
  if (reader->begin_with(head, opened.why)) {
    opened.reader = std::move(reader);
  } else {
    opened.need_more = opened.why.empty();
  }
  return opened;
}

std::string option_or(const FileContext& context, const std::string& key, std::string otherwise) {
  const auto option = context.options.find(key);
  return option == context.options.end() ? std::move(otherwise) : option->second;
}

std::string unknown_option(const FileContext& context, std::span<const std::string_view> known) {
  for (const auto& [key, value] : context.options) {
    if (std::ranges::find(known, key) != known.end()) continue;
    std::string all;
    for (const std::string_view name : known) all += (all.empty() ? "" : ", ") + std::string{name};
    return "option " + key + ": unknown, expected one of " + all;
  }
  return {};
}

bool looks_like_text(std::string_view name, std::string_view head) {
  static constexpr std::array<std::string_view, 6> kEndings{".txt", ".csv", ".tsv",
                                                            ".log", ".dat", ".asc"};
  const std::string lower = lower_ascii(name);
  return head.find('\0') == std::string_view::npos &&
         std::ranges::any_of(kEndings, [&](std::string_view end) { return lower.ends_with(end); });
}

}  // namespace coldwatch
