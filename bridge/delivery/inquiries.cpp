#include "bridge/delivery/inquiries.hpp"

#include <algorithm>

namespace coldwatch {

Inquiries::Inquiry::Inquiry(CURLM* multi, Receipt about, HttpRequest question, bool calls_off)
    : receipt(std::move(about)), request(std::move(question)), call_off(calls_off), carrier(multi) {
  carrier.carry(make_http_transfer(request));
}

void Inquiries::take(const Inquiry& inquiry, const Notifier& notifier,
                     std::vector<Acknowledgement>& acknowledged) {
  const Receipt& receipt = inquiry.receipt;
  const Reply& reply = *inquiry.carrier.reply;
  if (inquiry.call_off) {
    // A request that is refused would be refused again.
    const bool heard = reply.failure.empty() && reply.status < 500 && reply.status != 429;
    if (heard) receipts_.close(receipt.number);
    return;
  }
  const ReceiptAnswer answer = notifier.read_answer(reply);
  if (answer.state == ReceiptAnswer::State::kOpen || receipts_.find(receipt.number) == nullptr) {
    return;
  }
  receipts_.close(receipt.number);
  if (answer.state != ReceiptAnswer::State::kAcknowledged) return;
  acknowledged.push_back(
      {receipt.notifier, receipt.incident, receipt.alarms, receipt.written, answer.by});
}

std::vector<Acknowledgement> Inquiries::follow(const NotifiersByName& notifiers,
                                               const std::function<bool(const Receipt&)>& in_hand,
                                               UtcTime now) {
  std::vector<Acknowledgement> acknowledged;
  for (const Inquiry& one : under_way_) {
    if (one.carrier.reply) take(one, *notifiers.at(one.receipt.notifier), acknowledged);
  }
  std::erase_if(under_way_, [](const Inquiry& one) { return one.carrier.reply.has_value(); });
  for (const Receipt& receipt : receipts_.ask(now)) {
    const auto notifier = notifiers.find(receipt.notifier);
    if (notifier == notifiers.end()) {
      receipts_.close(receipt.number);  // its notifier is gone from the config
      continue;
    }
    const bool call_off = in_hand(receipt);
    under_way_.emplace_back(multi_, receipt,
                            call_off ? notifier->second->call_off(receipt.number)
                                     : notifier->second->ask_about(receipt.number),
                            call_off);
  }
  return acknowledged;
}

}  // namespace coldwatch
