#include "bridge/delivery/receipts.hpp"

#include <algorithm>
#include <set>

#include "common/json.hpp"
#include "common/messages.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

constexpr std::string_view kPrefix = "receipt/";

CourierNote note_of(const Receipt& receipt) {
  json alarms = json::array();
  for (const AlarmKey& key : receipt.alarms) {
    alarms.push_back(json::array({key.site, key.fridge, key.rule}));
  }
  return {std::string{kPrefix} + receipt.number, dump({{"notifier", receipt.notifier},
                                                       {"incident", receipt.incident},
                                                       {"alarms", alarms},
                                                       {"written", to_rfc3339(receipt.written)},
                                                       {"until", to_rfc3339(receipt.until)}})};
}

std::optional<Receipt> receipt_of(const CourierNote& note) {
  if (!note.body) return std::nullopt;
  try {
    const json object = parse_json(*note.body);
    Receipt receipt{.number = note.id.substr(kPrefix.size()),
                    .notifier = object.at("notifier"),
                    .incident = object.at("incident")};
    for (const json& key : object.at("alarms")) {
      receipt.alarms.push_back({key.at(0).get<std::string>(), key.at(1).get<std::string>(),
                                key.at(2).get<std::string>()});
    }
    receipt.written = parse_rfc3339(object.at("written").get<std::string>()).value();
    receipt.until = parse_rfc3339(object.at("until").get<std::string>()).value();
    return receipt;
  } catch (const json::exception&) {
    return std::nullopt;
  } catch (const std::bad_optional_access&) {
    return std::nullopt;
  }
}

}  // namespace

void Receipts::add(Receipt receipt) {
  close(receipt.number);
  if (open_.size() == kMost) close(std::string{open_.front().number});
  changes_.push_back(note_of(receipt));
  open_.push_back(std::move(receipt));
}

const Receipt* Receipts::find(const std::string& number) const {
  const auto found = std::ranges::find(open_, number, &Receipt::number);
  return found == open_.end() ? nullptr : &*found;
}

void Receipts::close(const std::string& number) {
  const bool known =
      std::erase_if(open_, [&number](const Receipt& one) { return one.number == number; }) > 0;
  if (known) changes_.push_back({std::string{kPrefix} + number, std::nullopt});
}

std::vector<Receipt> Receipts::ask(UtcTime now) {
  for (const Receipt& one : std::vector{open_}) {
    if (one.until < now) close(one.number);
  }
  std::vector<Receipt> turn;
  for (const Receipt& one : open_) {
    const auto asked = asked_at_.find(one.notifier);
    if (asked != asked_at_.end() && now < asked->second + kBetweenQuestions) continue;
    asked_at_[one.notifier] = now;
    turn.push_back(one);
  }
  const auto asked = [&turn](const Receipt& one) {
    return std::ranges::find(turn, one) != turn.end();
  };
  std::ranges::stable_partition(open_, [&asked](const Receipt& one) { return !asked(one); });
  return turn;
}

bool Receipts::restore(const CourierNote& note) {
  if (!note.id.starts_with(kPrefix)) return false;
  const std::string number = note.id.substr(kPrefix.size());
  std::erase_if(open_, [&number](const Receipt& one) { return one.number == number; });
  if (auto receipt = receipt_of(note); receipt && open_.size() < kMost) {
    open_.push_back(std::move(*receipt));
  }
  return true;
}

std::vector<CourierNote> Receipts::notes() const {
  std::vector<CourierNote> notes;
  std::ranges::transform(open_, std::back_inserter(notes), note_of);
  return notes;
}

}  // namespace coldwatch
