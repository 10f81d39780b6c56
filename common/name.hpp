// A short text that is kept once, however many hold it: in a storm the same few names stand in tens of
// thousands of keys, which are compared a thousand times as often as they are read.
#pragma once

#include <atomic>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace coldwatch {

/// Immutable; as cheap to copy as a pointer, and as cheap to compare for equality; ordered as its text.
/// Any thread may hold, make and drop one. A text that nobody holds any more is forgotten.
class Name {
 public:
  Name() = default;
  Name(std::string_view text) : entry_(text.empty() ? nullptr : enter(text)) {}
  Name(const std::string& text) : Name(std::string_view{text}) {}
  Name(const char* text) : Name(std::string_view{text}) {}
  Name(const Name& other) noexcept : entry_(other.entry_) {
    if (entry_ != nullptr) entry_->holders.fetch_add(1, std::memory_order_relaxed);
  }
  Name(Name&& other) noexcept : entry_(std::exchange(other.entry_, nullptr)) {}
  Name& operator=(Name other) noexcept {
    std::swap(entry_, other.entry_);
    return *this;
  }
  ~Name() {
    if (entry_ != nullptr) leave(entry_);
  }

  const std::string& text() const { return entry_ == nullptr ? nothing() : entry_->text; }
  operator const std::string&() const { return text(); }
  operator std::string_view() const { return text(); }
  bool empty() const { return entry_ == nullptr; }

  bool operator==(const Name& other) const { return entry_ == other.entry_; }
  std::strong_ordering operator<=>(const Name& other) const {
    if (entry_ == other.entry_) return std::strong_ordering::equal;
    const auto order = begin() <=> other.begin();
    return order != 0 ? order : text() <=> other.text();
  }
  template <std::convertible_to<std::string_view> Text>
  bool operator==(const Text& other) const {
    return text() == std::string_view{other};
  }
  friend std::string operator+(const Name& name, std::string_view text) {
    return std::string{name.text()}.append(text);
  }
  friend std::string operator+(std::string text, const Name& name) {
    return std::move(text.append(name.text()));
  }
  friend std::ostream& operator<<(std::ostream& out, const Name& name) {
    return out << name.text();
  }

 private:
  struct Entry {
    explicit Entry(std::string_view name);
    const std::string text;
    const std::uint64_t begin;  // the first eight bytes as a number: it orders most names
    mutable std::atomic<std::size_t> holders = 1;
  };
  class Table;

  std::uint64_t begin() const { return entry_ == nullptr ? 0 : entry_->begin; }
  static const std::string& nothing();
  static const Entry* enter(std::string_view text);
  static void leave(const Entry* entry) noexcept;

  const Entry* entry_ = nullptr;  // null for ""
};

}  // namespace coldwatch
