#include "agent/rules/library_fit.hpp"

#include <algorithm>

#include "agent/rules/library.hpp"
#include "agent/rules/rule_settings.hpp"

namespace coldwatch {
namespace {

void add_new(const std::vector<std::string>& texts, std::vector<std::string>& all) {
  for (const std::string& text : texts) {
    if (std::ranges::find(all, text) == all.end()) all.push_back(text);
  }
}

std::string words_of(const RuleSettings& rule) {
  const auto alarm = rule.limits.alarm;
  if (alarm) return std::string{word(rule.side(*alarm).severity)} + ": " + rule.side(*alarm).text;
  const std::string& low = rule.side(Side::kLow).text;
  return "notice: " + (low.empty() ? rule.side(Side::kHigh).text : low);
}

void add_rule(ReadRule rule, const Board& board, LibraryFit& fit) {
  Mistakes missing;
  rule.measure->check(board, "", missing);
  if (rule.when) rule.when->check(board, "", missing);
  if (!missing.empty()) {
    std::vector<std::string> texts;
    for (const Mistake& one : missing) add_new({one.text}, texts);
    std::string why;
    for (const std::string& text : texts) why += (why.empty() ? "" : "; ") + text;
    fit.others.push_back({rule.settings.id, std::move(why)});
    return;
  }
  LibraryFit::Fitting fitting{rule.settings.id, {}, words_of(rule.settings)};
  rule.measure->bind(board);
  add_new(rule.measure->named(board), fitting.columns);
  if (rule.when) add_new(rule.when->named(board), fitting.columns);
  fit.fitting.push_back(std::move(fitting));
}

}  // namespace

std::size_t LibraryFit::own() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(fitting, [](const Fitting& rule) { return !rule.columns.empty(); }));
}

std::vector<LibraryFit> fit_libraries(const std::string& folder,
                                      const std::map<std::string, SharedChannels>& channels,
                                      Mistakes& mistakes) {
  std::vector<LibraryFit> fits;
  for (const std::string& name : library_names(folder)) {
    const Library library = read_library(folder, name, folder, mistakes);
    Board board{library.names};
    for (const auto& [stream, list] : channels) board.add(*list);
    LibraryFit fit{name, library.title, {}, {}};
    for (const nlohmann::json& value : library.rules) {
      Mistakes unreadable;
      ReadRule rule = read_rule(value, name, unreadable);
      if (unreadable.empty()) {
        add_rule(std::move(rule), board, fit);
      } else {  // as in a build without expressions
        fit.others.push_back({rule.settings.id, unreadable.front().text});
      }
    }
    fits.push_back(std::move(fit));
  }
  std::ranges::stable_sort(fits, std::greater{}, &LibraryFit::own);
  return fits;
}

}  // namespace coldwatch
