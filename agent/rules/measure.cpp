#include "agent/rules/measure.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>

#include "common/json.hpp"
#include "common/text.hpp"

namespace coldwatch {

extern const MeasureKind kThreshold;
extern const MeasureKind kSlope;
extern const MeasureKind kRatio;
extern const MeasureKind kExpression;
extern const MeasureKind kStale;
extern const MeasureKind kFrozen;
extern const MeasureKind kMissing;
extern const MeasureKind kClockSkew;

namespace {

constexpr std::array kKinds{&kThreshold, &kSlope,  &kRatio,   &kExpression,
                            &kStale,     &kFrozen, &kMissing, &kClockSkew};

std::string quoted(const ChannelNames& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "\"" : " or \"") + name + "\"";
  return text;
}

}  // namespace

std::span<const MeasureKind* const> measure_kinds() { return kKinds; }

double Measure::on_tick(const Silence& /*silence*/) {
  return std::numeric_limits<double>::quiet_NaN();
}

std::string Measure::unit(const Board& board) const {
  const auto slot = subject();
  return slot ? board.channel(*slot).unit : std::string{};
}

std::vector<std::string> Measure::named(const Board& board) const {
  const auto slot = subject();
  return slot ? std::vector{board.channel(*slot).name} : std::vector<std::string>{};
}

nlohmann::json Measure::state() const { return nullptr; }

void Measure::restore(const nlohmann::json& /*state*/) {}

void ChannelMeasure::check(const Board& board, const std::string& path, Mistakes& mistakes) const {
  if (!board.find(names_)) mistakes.push_back(missing_channel(board, names_, path + ".channel"));
}

ChannelNames read_channel(SettingsReader& rule) {
  const nlohmann::json* found = rule.raw("channel");
  ChannelNames names;
  if (found != nullptr && found->is_array()) {
    names = rule.texts("channel");
  } else {
    names = {rule.required_text("channel")};
  }
  if (names.empty()) rule.mistake("channel", "found an empty list, expected at least one name");
  return names;
}

Mistake missing_channel(const Board& board, const ChannelNames& names, std::string path,
                        std::span<const std::string> words) {
  ChannelNames meant;
  for (const std::string& name : names)
    std::ranges::copy(board.meant_by(name), std::back_inserter(meant));
  const bool by_library = meant != names;
  std::string text = by_library ? "the log has no channel " + quoted(meant)
                                : "found " + quoted(names) + ", but the log has no such channel";
  auto spellings = board.spellings();
  std::ranges::copy(words, std::back_inserter(spellings));
  for (const std::string& name : meant) {
    const std::string hint = nearest(name, spellings);
    if (!hint.empty()) return {std::move(path), text + ", did you mean \"" + hint + "\"?"};
  }
  return {std::move(path), by_library ? text : text + "; inspect lists those it has"};
}

}  // namespace coldwatch
