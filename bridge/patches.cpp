#include "bridge/patches.hpp"

#include <algorithm>

namespace coldwatch {

void Patches::begin_object() {
  if (out_.back() != '[') out_ += ',';
  out_ += '{';
  next_ = 0;
}

std::string& Patches::value(std::string_view key) {
  settle();
  // Objects of one kind name their members in the same order.
  auto place = members_.begin() + static_cast<std::ptrdiff_t>(next_);
  if (place == members_.end() || place->key != key) {
    place = std::ranges::find(members_, key, &Member::key);
    if (place == members_.end()) place = members_.insert(place, Member{.key = key});
  }
  place->present = true;
  open_ = &*place;
  next_ = static_cast<std::size_t>(place - members_.begin()) + 1;
  fresh_.clear();
  return fresh_;
}

void Patches::end_object() {
  settle();
  for (Member& member : members_) {
    if (!member.present && !member.json.empty()) {
      change(member.key, "null");
      member.json.clear();
    }
    member.present = false;
  }
  out_ += '}';
}

/// What the open member is by now, where that is news.
void Patches::settle() {
  if (open_ != nullptr && open_->json != fresh_) {
    change(open_->key, fresh_);
    open_->json.swap(fresh_);
  }
  open_ = nullptr;
}

void Patches::change(std::string_view key, std::string_view json) {
  if (out_.back() != '{') out_ += ',';
  out_ += '"';
  out_ += key;
  out_ += "\":";
  out_ += json;
}

}  // namespace coldwatch
