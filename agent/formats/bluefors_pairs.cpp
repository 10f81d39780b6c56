#include "agent/formats/bluefors_pairs.hpp"

#include <algorithm>
#include <array>

#include "agent/formats/bluefors_line.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr std::size_t kMostKeys = 300;
constexpr std::size_t kLongestKeyBytes = 40;
constexpr std::size_t kGaugeFields = 6;

/// A named number in a line of many.
struct Pair {
  std::string_view key;
  std::string_view text;
  bool valid = true;
};

/// Keys of Status whose unit is known: temperatures of the pulse-tube compressor and the pumps.
std::string_view unit_of_key(std::string_view key) {
  if (key.starts_with("cptemp") || key.starts_with("cpatemp")) return "C";
  if (key == "nxdspt" || key == "nxdsct") return "K";
  if (key == "cpacurrent") return "A";
  if (key.ends_with("_W")) return "W";
  return {};
}

/// Many numbers a line, found by their names, which may come and go.
class PairsReader final : public LineReader {
 public:
  PairsReader(const FileContext& context, bool gauges, std::string_view head)
      : clock_(context.zone), gauges_(gauges) {
    Position at;
    while (const auto line = take_line(head, at)) {
      if (parse(line->text)) add_new_keys();
    }
    publish_keys();
  }

 private:
  bool take(const TextLine& line, RowBatch& batch) override {
    const auto local = parse(line.text);
    if (!local) {
      batch.remarks.push_back(bad_line(line, "line", gauges_ ? kGaugesExpected : kPairsExpected));
      return true;
    }
    if (add_new_keys()) {
      publish_keys();
      return false;
    }
    const RowBatch::Slot slot = add_row(line, clock_.to_utc(*local, line.next.time), batch);
    std::ranges::fill(slot.quality, Quality::kInvalid);
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      slot.values[places_[i]] = numbers_[i];
      if (pairs_[i].valid) slot.quality[places_[i]] = Quality::kGood;
    }
    return true;
  }

  /// Leaves pairs_ and numbers_ as the line has them; nullopt where it is no such line.
  std::optional<LocalTime> parse(std::string_view text) {
    const auto local = take_bluefors_stamp(text);
    if (!local) return std::nullopt;
    split_fields(text, ',', fields_);
    pairs_.clear();
    if (!(gauges_ ? collect_gauges() : collect_pairs())) return std::nullopt;
    numbers_.clear();
    for (const Pair& pair : pairs_) {
      const auto number = parse_number(pair.text);
      if (!number || pair.key.empty() || pair.key.size() > kLongestKeyBytes) return std::nullopt;
      numbers_.push_back(*number);
    }
    return local;
  }

  bool collect_gauges() {
    if (trim(fields_.back()).empty()) fields_.pop_back();
    if (fields_.empty() || fields_.size() % kGaugeFields != 0) return false;
    for (std::size_t i = 0; i < fields_.size(); i += kGaugeFields) {
      const std::string_view channel = trim(fields_[i]);
      if (!channel.starts_with("CH") || !is_whole_number(channel.substr(2))) return false;
      pairs_.push_back(
          {channel, fields_[i + 3], trim(fields_[i + 2]) == "1" && trim(fields_[i + 4]) == "0"});
    }
    return true;
  }

  bool collect_pairs() {
    std::size_t first = 0;
    if (fields_.size() % 2 == 1) {  // Channels: the number of unknown meaning
      if (!parse_number(fields_[0])) return false;
      first = 1;
    } else if (parse_number(fields_[0])) {
      return collect_heaters();
    }
    for (std::size_t i = first; i + 1 < fields_.size(); i += 2) {
      pairs_.push_back({trim(fields_[i]), fields_[i + 1]});
    }
    return true;
  }

  /// Numbers without names, by turns on (0 or 1) and W.
  bool collect_heaters() {
    static constexpr std::array<std::string_view, 8> kNames{
        "heater_1_on", "heater_1_W", "heater_2_on", "heater_2_W",
        "heater_3_on", "heater_3_W", "heater_4_on", "heater_4_W"};
    if (fields_.size() > kNames.size()) return false;
    for (std::size_t i = 0; i < fields_.size(); ++i) pairs_.push_back({kNames[i], fields_[i]});
    return true;
  }

  /// Finds the channel of every pair; true where some had none and it was added.
  bool add_new_keys() {
    const std::size_t known = keys_.size();
    places_.clear();
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      std::size_t place = i;
      if (i >= keys_.size() || keys_[i] != pairs_[i].key) {
        place = static_cast<std::size_t>(std::ranges::find(keys_, pairs_[i].key) - keys_.begin());
      }
      if (place == keys_.size()) {
        if (keys_.size() == kMostKeys) {
          pairs_.resize(i);
          break;
        }
        keys_.emplace_back(pairs_[i].key);
      }
      places_.push_back(place);
    }
    return keys_.size() > known;
  }

  void publish_keys() {
    std::vector<std::string> names;
    for (const std::string& key : keys_) names.push_back(gauges_ ? "P" + key.substr(2) : key);
    Channels channels = make_channels(names);
    for (Channel& channel : channels) {
      channel.unit = gauges_ ? "mbar" : unit_of_key(channel.name);
      channel.quantity = quantity_of(channel.unit);
    }
    set_channels(std::move(channels));
  }

  static constexpr std::string_view kGaugesExpected =
      "expected a stamp and six fields for each gauge";
  static constexpr std::string_view kPairsExpected = "expected a stamp and pairs of key and number";

  LocalClock clock_;
  bool gauges_;
  std::vector<std::string> keys_;  // as in the file, in order of the channels
  std::vector<std::string_view> fields_;
  std::vector<Pair> pairs_;
  std::vector<double> numbers_;
  std::vector<std::size_t> places_;  // of the pairs among the channels
};

}  // namespace

std::unique_ptr<FileReader> make_bluefors_pairs_reader(const FileContext& context, bool gauges,
                                                       std::string_view head) {
  return std::make_unique<PairsReader>(context, gauges, head);
}

}  // namespace coldwatch
