#include "tests/simulator/written_log.hpp"

#include <charconv>
#include <cstdio>

namespace coldwatch::simulator {

std::string formatted(const char* pattern, LocalTime time, int year_modulus) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(time - day)};
  char text[64];
  std::snprintf(text, sizeof text, pattern, static_cast<int>(date.year()) % year_modulus,
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text;
}

WrittenNumber written(const char* pattern, double value) {
  char text[64];
  const int length = std::snprintf(text, sizeof text, pattern, value);
  double read = 0;
  std::from_chars(text + (text[0] == '+' ? 1 : 0), text + length, read);
  return {text, read};
}

}  // namespace coldwatch::simulator
