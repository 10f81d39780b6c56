// JSON objects written member by member: as the text itself where there are thousands of them, or as a
// value of nlohmann::json by the same names, so that one list of members serves both.
#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/json.hpp"
#include "common/messages.hpp"
#include "common/text.hpp"

namespace coldwatch {

/// `text` as a JSON text at the end of `out`; broken UTF-8 becomes U+FFFD.
inline void append_repaired(std::string& out, std::string_view text) {
  const bool plain = std::ranges::all_of(
      text, [](char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; });
  if (!plain) return append_json_string(out, repair_utf8(text));
  const std::size_t end = out.size();
  out.resize(end + text.size() + 2);
  out[end] = out.back() = '"';
  text.copy(out.data() + end + 1, text.size());
}

/// The members of an object, each as JSON at the end of what `Object::value(key)` gives. A text member
/// that is empty, a number that is none or not finite and a time that is none are left out by the
/// functions called `some_...`.
template <typename Object>
class MemberTexts {
 public:
  void text(std::string_view key, std::string_view text) { append_repaired(value(key), text); }
  void flag(std::string_view key, bool flag) { value(key) += flag ? "true" : "false"; }
  void count(std::string_view key, std::integral auto count) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, count).ptr;
    value(key).append(digits, end);
  }
  void time(std::string_view key, UtcTime time) {
    std::string& out = value(key);
    out += '"';
    append_rfc3339(out, time);
    out += '"';
  }
  void some_text(std::string_view key, std::string_view some) {
    if (!some.empty()) text(key, some);
  }
  void some_number(std::string_view key, std::optional<double> number) {
    if (number && std::isfinite(*number)) append_json_number(value(key), *number);
  }
  void some_time(std::string_view key, std::optional<UtcTime> some) {
    if (some) time(key, *some);
  }
  void some_trend(std::string_view key, const std::vector<TrendPoint>& trend) {
    if (trend.empty()) return;
    std::string& out = value(key);
    for (const auto& [time, number] : trend) {
      out += &time == &trend.front().first ? "[[" : ",[";
      append_json_number(out, time);
      out += ',';
      append_json_number(out, number);
      out += ']';
    }
    out += ']';
  }

 private:
  std::string& value(std::string_view key) { return static_cast<Object&>(*this).value(key); }
};

/// Appends one object to a text.
class ObjectText : public MemberTexts<ObjectText> {
 public:
  explicit ObjectText(std::string& out) : out_(out) { out_ += '{'; }
  ObjectText(const ObjectText&) = delete;
  ObjectText& operator=(const ObjectText&) = delete;
  void end() { out_ += '}'; }

  /// Where the caller appends the JSON of the member's value.
  std::string& value(std::string_view key) {
    const std::size_t end = out_.size();
    const bool first = out_.back() == '{';
    out_.resize(end + key.size() + (first ? 3 : 4));
    char* to = out_.data() + end;
    if (!first) *to++ = ',';
    *to++ = '"';
    to = std::ranges::copy(key, to).out;
    *to++ = '"';
    *to = ':';
    return out_;
  }

 private:
  std::string& out_;
};

/// The same as a value.
class ObjectValue {
 public:
  nlohmann::json take() { return std::move(object_); }

  void text(const char* key, std::string_view text) { object_[key] = text; }
  void flag(const char* key, bool flag) { object_[key] = flag; }
  void count(const char* key, std::integral auto count) { object_[key] = count; }
  void time(const char* key, UtcTime time) { object_[key] = to_rfc3339(time); }
  void some_text(const char* key, std::string_view some) {
    if (!some.empty()) text(key, some);
  }
  void some_number(const char* key, std::optional<double> number) {
    if (number && std::isfinite(*number)) object_[key] = *number;
  }
  void some_time(const char* key, std::optional<UtcTime> some) {
    if (some) time(key, *some);
  }
  void some_trend(const char* key, const std::vector<TrendPoint>& trend) {
    if (!trend.empty()) object_[key] = trend;
  }

 private:
  nlohmann::json object_ = nlohmann::json::object();
};

}  // namespace coldwatch
