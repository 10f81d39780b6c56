#include "agent/init_libraries.hpp"

#include <algorithm>
#include <span>

#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr std::size_t kLongestCommentBytes = 1000;
constexpr std::size_t kFewestFitting = 3;  // one rule in so many, of a library that may be meant

/// Text that cannot end a comment early.
std::string comment(std::string_view text) {
  return one_line(repair_utf8(text), kLongestCommentBytes);
}

std::string json_text(std::string_view text) {
  std::string json;
  append_json_string(json, repair_utf8(text));
  return json;
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return comment(text);
}

std::string count_of(const LibraryFit& fit) {
  const std::size_t all = fit.fitting.size() + fit.others.size();
  return std::to_string(fit.fitting.size()) + " of its " + std::to_string(all) +
         " rules fit this log";
}

/// Rules that lack the same columns stand in one line.
std::string lacking(const LibraryFit& fit) {
  std::vector<std::pair<std::string, std::string>> reasons;  // why, ids
  for (const LibraryFit::Other& rule : fit.others) {
    const auto known =
        std::ranges::find(reasons, rule.why, [](const auto& one) { return one.first; });
    if (known == reasons.end()) {
      reasons.emplace_back(rule.why, rule.id);
    } else {
      known->second += ", " + rule.id;
    }
  }
  std::string text;
  for (const auto& [why, ids] : reasons) text += "  //   " + ids + ": " + comment(why) + "\n";
  return text;
}

std::string best_lines(const LibraryFit& best) {
  std::string text = "  // " + comment(best.title) + ": " + count_of(best) + ":\n";
  for (const LibraryFit::Fitting& rule : best.fitting) {
    const std::string columns = rule.columns.empty() ? "the log as a whole" : listed(rule.columns);
    text += "  //   " + rule.id + " (" + columns + ") " + comment(rule.words) + "\n";
  }
  if (!best.others.empty()) text += "  // and these do not, and stay silent:\n" + lacking(best);
  return text;
}

std::string other_lines(const LibraryFit& fit) {
  std::vector<std::string> ids;
  for (const LibraryFit::Fitting& rule : fit.fitting) ids.push_back(rule.id);
  return "  // Or " + json_text(fit.library) + ", " + comment(fit.title) + ": " + count_of(fit) +
         ":\n  //   " + listed(ids) + "\n" +
         (fit.others.empty() ? "" : "  // and these do not:\n" + lacking(fit));
}

/// A column of a common name, such as P1, makes no fridge.
bool is_plausible(const LibraryFit& fit) {
  return fit.own() > 0 &&
         kFewestFitting * fit.fitting.size() >= fit.fitting.size() + fit.others.size();
}

/// Libraries that are of other fridges, in one line.
std::string useless_line(std::span<const LibraryFit> fits) {
  std::vector<std::string> names;
  for (const LibraryFit& fit : fits) {
    if (!is_plausible(fit)) {
      names.push_back(fit.library + " (" + std::to_string(fit.own()) + " of " +
                      std::to_string(fit.fitting.size() + fit.others.size()) + ")");
    }
  }
  if (names.empty()) return "";
  return "  // With few rules or none for these columns: " + listed(names) + ".\n";
}

}  // namespace

bool some_library_fits(const std::vector<LibraryFit>& fits) {
  return !fits.empty() && fits.front().own() > 0;
}

std::string library_lines(const std::vector<LibraryFit>& fits, const std::string& library_folder) {
  if (!some_library_fits(fits)) {
    return "  // No library of rules fits these columns.\n" + useless_line(fits) +
           "  \"rule_library\": \"\",\n";
  }
  std::string text = best_lines(fits.front());
  const auto others = std::span{fits}.subspan(1);
  for (const LibraryFit& fit : others) {
    if (is_plausible(fit)) text += other_lines(fit);
  }
  text += useless_line(others) + "  \"rule_library\": " + json_text(fits.front().library) + ",\n";
  if (!library_folder.empty()) {
    text += "  \"rule_library_folder\": " + json_text(library_folder) + ",\n";
  }
  return text;
}

}  // namespace coldwatch
