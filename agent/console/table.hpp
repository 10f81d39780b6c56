// What the console shows: a head line about the fridge, a table of its rules, the newest lines of the
// program's own log, and the keys. Values in, lines out.
#pragma once

#include <string>
#include <vector>

#include "agent/console/facts.hpp"
#include "agent/console/screen.hpp"

namespace coldwatch {

/// Alarms first, the worst and newest of them on top, then what is beyond a limit but not yet for long
/// enough; the rest keeps its order, with rules that are not armed at the end.
std::vector<RuleStanding> in_order(std::vector<RuleStanding> rules);

/// How many rules a screen of this size has room for.
int rows_for_rules(ScreenSize size);

/// The whole screen. `first` is how many rules are scrolled away, `log` the lines of the program's log,
/// newest last, `answer` what came of the last key.
Screen console_screen(const ConsoleFacts& facts, ScreenSize size, int first,
                      const std::vector<std::string>& log, const std::string& answer);

/// A number and its unit in a few columns: "9.5 mK", "1.2e-06 mbar".
std::string value_words(double value, const std::string& unit);

/// A time that has passed, in one unit: "now", "12 s", "3 min", "5 h", "8 d".
std::string age_words(Milliseconds age);

}  // namespace coldwatch
