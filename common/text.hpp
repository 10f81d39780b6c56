// Text and numbers, independent of the machine's locale. Everything that leaves a program passes
// through to_utf8 first, because a log may be in any 8-bit code page and a payload may be hostile.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace coldwatch {

/// The number that the whole of `text` (blanks at its ends allowed) spells: "1.5", "-3E+2", "+4",
/// with `decimal` as the decimal mark. nullopt for anything else; "nan" and "inf" are not numbers.
std::optional<double> parse_number(std::string_view text, char decimal = '.');

/// The whole number that the whole of `text` spells; nullopt for anything else.
std::optional<long long> parse_integer(std::string_view text);

/// The shortest text that reads back as `value`, always with a '.' or an exponent, as JSON wants
/// it; "null" for NaN and infinity, so that no caller can write a number that is none.
void append_json_number(std::string& out, double value);

/// `value` in at most `digits` significant digits for people: "0.142", "3.4e-06".
std::string number_words(double value, int digits = 4);

/// Appends `text` as a JSON string with its quotes.
void append_json_string(std::string& out, std::string_view text);

std::string_view trim(std::string_view text);

/// Splits at every `separator`; always at least one field, none trimmed.
std::vector<std::string_view> split(std::string_view text, char separator);

std::string lower_ascii(std::string_view text);

/// `text` where it is UTF-8; else its bytes read as Windows-1252, the code page of the instruments.
std::string to_utf8(std::string_view text);

/// UTF-8 with every broken sequence replaced by U+FFFD, for text that claims to be UTF-8.
std::string repair_utf8(std::string_view text);

/// `text` with every control character (below 0x20, and 0x7F) replaced by a blank, and cut to at
/// most `max_bytes` without breaking a UTF-8 sequence.
std::string one_line(std::string_view text, std::size_t max_bytes);

/// The longest prefix of `text` of at most `max_bytes` that ends between two characters.
std::string_view utf8_prefix(std::string_view text, std::size_t max_bytes);

/// The candidate nearest to `word` by edit distance, ignoring case, if it is near enough to be
/// meant; else an empty string.
std::string nearest(std::string_view word, std::span<const std::string> candidates);

/// Whether the whole of `text` is `pattern`, in which every '*' stands for any characters or none.
bool matches_pattern(std::string_view pattern, std::string_view text);

/// `name` as a channel key or topic level: every run of characters other than ASCII letters and
/// digits becomes one '_', none at the ends; "_" where nothing is left. "MC RuO2 T(K)" is
/// "MC_RuO2_T_K".
std::string key_of(std::string_view name);

}  // namespace coldwatch
