#include "agent/formats/xlsx_sheet.hpp"

#include <expat.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "agent/formats/xlsx_skip.hpp"
#include "agent/formats/zip_archive.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr std::uint64_t kMostSheetBytes = 512 * 1024 * 1024;
constexpr std::uint64_t kMostStringBytes = 32 * 1024 * 1024;
constexpr std::size_t kMostColumns = 64;
constexpr std::size_t kMostStrings = 200'000;
constexpr std::size_t kLongestText = 1000;
constexpr std::uint64_t kMostRows = 1048576;  // of a sheet

/// The name without a namespace's prefix.
std::string_view local(const char* name) {
  const std::string_view whole{name};
  const auto colon = whole.rfind(':');
  return colon == whole.npos ? whole : whole.substr(colon + 1);
}

std::string_view attribute(const char** attributes, std::string_view name) {
  for (; attributes[0] != nullptr; attributes += 2) {
    if (name == attributes[0]) return attributes[1];
  }
  return {};
}

/// "D7" is column 3; kMostColumns for anything that is none.
std::size_t column_of(std::string_view reference) {
  std::size_t column = 0;
  std::size_t letters = 0;
  for (; letters < reference.size() && letters < 3; ++letters) {
    const char c = reference[letters];
    if (c < 'A' || c > 'Z') break;
    column = column * 26 + static_cast<std::size_t>(c - 'A') + 1;
  }
  return letters == 0 ? kMostColumns : column - 1;
}

/// What the parser of one XML file calls. Texts are collected only between elements of interest.
class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  virtual void start(std::string_view name, const char** attributes) = 0;
  virtual void end(std::string_view name) = 0;
  /// What of a piece of the file is to be parsed.
  virtual std::string_view pass(std::string_view piece) { return piece; }

  XML_Parser parser = nullptr;
  bool collecting = false;
  std::string text;
};

void XMLCALL on_start(void* handler, const char* name, const char** attributes) {
  static_cast<XmlHandler*>(handler)->start(local(name), attributes);
}

void XMLCALL on_end(void* handler, const char* name) {
  static_cast<XmlHandler*>(handler)->end(local(name));
}

void XMLCALL on_text(void* handler, const char* text, int length) {
  XmlHandler& its = *static_cast<XmlHandler*>(handler);
  if (its.collecting && its.text.size() < kLongestText) {
    its.text.append(text, static_cast<std::size_t>(length));
  }
}

/// A document type has no place in a workbook, and its entities can grow without end.
void XMLCALL on_doctype(void* handler, const char*, const char*, const char*, int) {
  XML_StopParser(static_cast<XmlHandler*>(handler)->parser, XML_FALSE);
}

struct ParserFree {
  void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};

bool parse(const ZipEntry& entry, std::uint64_t max_bytes, XmlHandler& handler,
           std::string& error) {
  const std::unique_ptr<XML_ParserStruct, ParserFree> parser{XML_ParserCreate(nullptr)};
  handler.parser = parser.get();
  XML_SetUserData(parser.get(), &handler);
  XML_SetElementHandler(parser.get(), on_start, on_end);
  XML_SetCharacterDataHandler(parser.get(), on_text);
  XML_SetStartDoctypeDeclHandler(parser.get(), on_doctype);
  const auto feed = [&](std::string_view piece, bool last) {
    const auto status =
        XML_Parse(parser.get(), piece.data(), static_cast<int>(piece.size()), last ? 1 : 0);
    if (status == XML_STATUS_OK) return true;
    error = entry.name + ", line " + std::to_string(XML_GetCurrentLineNumber(parser.get())) + ": " +
            XML_ErrorString(XML_GetErrorCode(parser.get()));
    return false;
  };
  const auto take = [&](std::string_view piece) { return feed(handler.pass(piece), false); };
  return unpack(entry, max_bytes, take, error) && feed({}, true);
}

/// sharedStrings.xml: <sst><si><t>text</t></si>...</sst>, referred to by number.
class SharedStrings final : public XmlHandler {
 public:
  std::vector<std::string> strings;

  void start(std::string_view name, const char**) override {
    if (name == "si") text.clear();
    collecting = name == "t";
  }
  void end(std::string_view name) override {
    collecting = false;
    if (name == "si" && strings.size() < kMostStrings) strings.push_back(std::exchange(text, {}));
  }
};

/// <row r="7"><c r="D7" t="n"><v>1.5</v></c><c r="E7" t="inlineStr"><is><t>text</t></is></c></row>
class SheetRows final : public XmlHandler {
 public:
  SheetRows(std::uint64_t after, std::size_t most, const std::vector<std::string>& strings,
            Sheet& sheet)
      : after_(after), most_(most), strings_(strings), sheet_(sheet), skipper_(after) {}

  std::string_view pass(std::string_view piece) override {
    const std::string_view passed = skipper_.pass(piece);
    sheet_.last = std::max(sheet_.last, skipper_.last());
    return passed;
  }

  void start(std::string_view name, const char** attributes) override {
    if (name == "row") {
      const auto number = parse_integer(attribute(attributes, "r"));
      const bool plausible = number && *number > 0 && *number <= static_cast<long long>(kMostRows);
      if (number_ > 0) number_ = std::max(number_, skipper_.last());
      number_ = plausible ? static_cast<std::uint64_t>(*number) : number_ + 1;
      sheet_.last = std::max(sheet_.last, number_);
      wanted_ = number_ == 1 || (number_ > after_ && sheet_.rows.size() < most_);
      next_column_ = 0;
      cells_.clear();
    } else if (wanted_ && name == "c") {
      const std::size_t column = column_of(attribute(attributes, "r"));
      column_ = column < kMostColumns ? column : next_column_;
      next_column_ = column_ + 1;
      shared_ = attribute(attributes, "t") == "s";
      text.clear();
    }
    collecting = wanted_ && (name == "v" || name == "t");
  }

  void end(std::string_view name) override {
    collecting = false;
    if (!wanted_) return;
    if (name == "c" && column_ < kMostColumns && !text.empty()) {
      if (cells_.size() <= column_) cells_.resize(column_ + 1);
      cells_[column_] = shared_ ? shared_text() : text;
    } else if (name == "row") {
      if (number_ == 1) sheet_.first = cells_;
      if (number_ > after_ && sheet_.rows.size() < most_) {
        sheet_.rows.push_back({number_, std::move(cells_)});
      }
      wanted_ = false;
    }
  }

 private:
  std::string shared_text() const {
    const auto index = parse_integer(text);
    const bool known = index && *index >= 0 && *index < static_cast<long long>(strings_.size());
    return known ? strings_[static_cast<std::size_t>(*index)] : std::string{};
  }

  std::uint64_t after_;
  std::size_t most_;
  const std::vector<std::string>& strings_;
  Sheet& sheet_;
  RowSkipper skipper_;
  std::uint64_t number_ = 0;
  bool wanted_ = false;
  bool shared_ = false;
  std::size_t column_ = 0;
  std::size_t next_column_ = 0;
  std::vector<std::string> cells_;
};

bool is_sheet(std::string_view name) {
  return name.starts_with("xl/worksheets/") && name.ends_with(".xml");
}

/// Sheet 1, or else the first one.
std::optional<ZipEntry> find_sheet(std::string_view bytes, std::string& error) {
  std::string none;
  auto entry = find_zip_entry(
      bytes, [](std::string_view name) { return name == "xl/worksheets/sheet1.xml"; }, none);
  return entry ? entry : find_zip_entry(bytes, is_sheet, error);
}

}  // namespace

std::optional<std::uint32_t> sheet_crc(std::string_view bytes) {
  std::string error;
  const auto entry = find_sheet(bytes, error);
  return entry ? std::optional{entry->crc} : std::nullopt;
}

bool read_sheet(std::string_view bytes, std::uint64_t after, std::size_t most, Sheet& sheet,
                std::string& error) {
  sheet = {};
  const auto entry = find_sheet(bytes, error);
  if (!entry) return false;
  std::string none;
  SharedStrings shared;
  const auto strings = find_zip_entry(
      bytes, [](std::string_view name) { return name == "xl/sharedStrings.xml"; }, none);
  if (strings && !parse(*strings, kMostStringBytes, shared, error)) return false;
  sheet.crc = entry->crc;
  SheetRows rows{after, most, shared.strings, sheet};
  return parse(*entry, kMostSheetBytes, rows, error);
}

}  // namespace coldwatch
