#include "common/name.hpp"

#include <memory>
#include <mutex>
#include <unordered_map>

namespace coldwatch {
namespace {

std::uint64_t first_bytes(std::string_view text) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof value; ++i) {
    value = value << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0U);
  }
  return value;
}

}  // namespace

Name::Entry::Entry(std::string_view name) : text(name), begin(first_bytes(name)) {}

class Name::Table {
 public:
  static Table& instance() {
    // Never destroyed: names in static objects may outlive whatever is.
    static Table& table = *new Table;
    return table;
  }

  const Entry* enter(std::string_view text) {
    const std::lock_guard lock{mutex_};
    if (const auto known = entries_.find(text); known != entries_.end()) {
      known->second->holders.fetch_add(1, std::memory_order_relaxed);
      return known->second.get();
    }
    auto entry = std::make_unique<const Entry>(text);
    const Entry* const made = entry.get();
    entries_.emplace(made->text, std::move(entry));
    return made;
  }

  /// The last holder leaves under the lock, so that nobody is given what is about to go.
  void leave_last(const Entry* entry) noexcept {
    const std::lock_guard lock{mutex_};
    if (entry->holders.fetch_sub(1, std::memory_order_acq_rel) > 1) return;
    entries_.erase(entries_.find(entry->text));
  }

 private:
  std::mutex mutex_;
  std::unordered_map<std::string_view, std::unique_ptr<const Entry>> entries_;
};

const std::string& Name::nothing() {
  static const std::string empty;
  return empty;
}

const Name::Entry* Name::enter(std::string_view text) { return Table::instance().enter(text); }

void Name::leave(const Entry* entry) noexcept {
  std::size_t holders = entry->holders.load(std::memory_order_relaxed);
  while (holders > 1) {
    if (entry->holders.compare_exchange_weak(holders, holders - 1, std::memory_order_acq_rel)) {
      return;
    }
  }
  Table::instance().leave_last(entry);
}

}  // namespace coldwatch
