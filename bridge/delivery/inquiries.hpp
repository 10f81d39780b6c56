// Asks services about open receipts, and calls those off that somebody has in hand here. A question
// that gets no answer is asked again in its turn.
#pragma once

#include <curl/curl.h>

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "bridge/delivery/receipts.hpp"
#include "bridge/delivery/transfer.hpp"

namespace coldwatch {

using NotifiersByName = std::map<std::string, std::unique_ptr<Notifier>>;

class Inquiries {
 public:
  explicit Inquiries(CURLM* multi) : multi_(multi) {}

  Receipts& receipts() { return receipts_; }
  const Receipts& receipts() const { return receipts_; }

  /// Takes the answers that have come, and asks what is due.
  std::vector<Acknowledgement> follow(const NotifiersByName& notifiers,
                                      const std::function<bool(const Receipt&)>& in_hand,
                                      UtcTime now);

 private:
  struct Inquiry {
    Inquiry(CURLM* multi, Receipt about, HttpRequest question, bool calls_off);
    Receipt receipt;
    HttpRequest request;
    bool call_off;
    Carrier carrier;
  };
  void take(const Inquiry& inquiry, const Notifier& notifier,
            std::vector<Acknowledgement>& acknowledged);

  CURLM* multi_;
  Receipts receipts_;
  std::list<Inquiry> under_way_;
};

}  // namespace coldwatch
