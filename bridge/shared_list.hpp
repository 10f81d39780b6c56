// A list whose copies share its elements until one of them is changed: what the outbox keeps and what
// the courier carries is the same message, and in a storm the largest thing that the bridge holds.
#pragma once

#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

namespace coldwatch {

/// Used like a std::vector, on one thread. What can change an element first makes the list its own.
template <typename T>
class SharedList {
 public:
  using value_type = T;

  SharedList() = default;
  SharedList(std::vector<T> elements)
      : elements_(std::make_shared<std::vector<T>>(std::move(elements))) {}
  SharedList(std::initializer_list<T> elements) : SharedList(std::vector<T>{elements}) {}

  bool empty() const { return all().empty(); }
  std::size_t size() const { return all().size(); }
  auto begin() const { return all().begin(); }
  auto end() const { return all().end(); }
  const T& front() const { return all().front(); }
  const T& operator[](std::size_t place) const { return all()[place]; }
  bool operator==(const SharedList& other) const {
    return elements_ == other.elements_ || all() == other.all();
  }

  auto begin() { return own().begin(); }
  auto end() { return own().end(); }
  T& front() { return own().front(); }
  T& operator[](std::size_t place) { return own()[place]; }
  void reserve(std::size_t count) { own().reserve(count); }
  void push_back(T element) { own().push_back(std::move(element)); }
  void clear() { elements_.reset(); }

 private:
  const std::vector<T>& all() const {
    static const std::vector<T> kNone;
    return elements_ ? *elements_ : kNone;
  }
  std::vector<T>& own() {
    if (!elements_ || elements_.use_count() > 1) {
      elements_ = std::make_shared<std::vector<T>>(all());
    }
    return *elements_;
  }

  std::shared_ptr<std::vector<T>> elements_;
};

}  // namespace coldwatch
