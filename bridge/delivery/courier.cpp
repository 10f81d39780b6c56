#include "bridge/delivery/courier.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cstdio>
#include <list>
#include <map>
#include <new>
#include <utility>

#include "bridge/delivery/attempt.hpp"
#include "bridge/delivery/inquiries.hpp"
#include "bridge/delivery/parts_memory.hpp"
#include "bridge/delivery/program.hpp"
#include "bridge/delivery/transfer.hpp"
#include "common/log.hpp"

namespace coldwatch {
namespace {

constexpr Milliseconds kProgramPoll{50};

/// An attempt with whatever carries its present part; the reply to it is the carrier's.
struct Errand {
  Errand(CURLM* multi, Attempt started) : attempt(std::move(started)), carrier(multi) {}
  Attempt attempt;
  Carrier carrier;
  std::unique_ptr<Program> program;
  std::optional<PendingPublication> publication;
  std::optional<UtcTime> publish_until;
};

}  // namespace

class Courier::Impl {
 public:
  Impl(std::vector<std::unique_ptr<Notifier>> notifiers, TimeZone zone) : zone_(std::move(zone)) {
    static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
    multi_ = initialised == CURLE_OK ? curl_multi_init() : nullptr;
    if (multi_ == nullptr) throw std::bad_alloc{};
    inquiries_ = std::make_unique<Inquiries>(multi_);
    for (auto& notifier : notifiers) {
      const std::string name = notifier->name();
      notifiers_.emplace(name, std::move(notifier));
    }
  }
  ~Impl() {
    inquiries_.reset();
    errands_.clear();
    curl_multi_cleanup(multi_);
  }

  void send(Notification notification, UtcTime now) {
    const auto found = notifiers_.find(notification.notifier);
    if (found == notifiers_.end()) {
      results_.push_back({notification.notifier, notification.id, Outcome::kBroken,
                          "there is no notifier of this name"});
      return;
    }
    const RenderContext context{.now = now, .zone = &zone_};
    PartsDone done = memory_.find(notification.id);
    Attempt attempt{*found->second, std::move(notification), context, std::move(done)};
    start(errands_.emplace_back(multi_, std::move(attempt)), now);
  }

  std::vector<DeliveryResult> step(UtcTime now) {
    int running = 0;
    curl_multi_perform(multi_, &running);
    Carrier::collect(multi_);
    for (auto errand = errands_.begin(); errand != errands_.end();) {
      advance(*errand, now);
      errand = errand->attempt.next() == nullptr ? finish(errand) : std::next(errand);
    }
    return std::exchange(results_, {});
  }

  void wait(Milliseconds timeout) {
    for (const Errand& errand : errands_) {
      if (errand.program) timeout = std::min(timeout, kProgramPoll);
      if (errand.carrier.reply) timeout = Milliseconds{0};
    }
    if (!results_.empty()) timeout = Milliseconds{0};
    curl_multi_poll(multi_, nullptr, 0, static_cast<int>(timeout.count()), nullptr);
  }

  void wake() { curl_multi_wakeup(multi_); }

  std::vector<PendingPublication> take_publications() {
    std::vector<PendingPublication> publications;
    for (Errand& errand : errands_) {
      if (errand.publication) publications.push_back(*std::exchange(errand.publication, {}));
    }
    return publications;
  }

  void publication_ended(const std::string& notification, bool accepted, const std::string& why) {
    for (Errand& errand : errands_) {
      if (!errand.publish_until || errand.attempt.id() != notification) continue;
      errand.publish_until.reset();
      Reply reply{.failure_outcome = Outcome::kRetry};
      if (!accepted) reply.failure = why.empty() ? "the broker refused it" : why;
      errand.carrier.reply = reply;
    }
  }

  std::vector<Acknowledgement> follow_receipts(const std::function<bool(const Receipt&)>& in_hand,
                                               UtcTime now) {
    return inquiries_->follow(notifiers_, in_hand, now);
  }

  void restore(const CourierNote& note) {
    if (!memory_.restore(note)) inquiries_->receipts().restore(note);
  }
  std::vector<CourierNote> take_changed_notes() {
    auto changes = memory_.take_changes();
    std::ranges::move(inquiries_->receipts().take_changes(), std::back_inserter(changes));
    return changes;
  }
  std::vector<CourierNote> notes() const {
    auto notes = memory_.notes();
    std::ranges::move(inquiries_->receipts().notes(), std::back_inserter(notes));
    return notes;
  }

 private:
  /// Sends the attempt's next part on its way.
  void start(Errand& errand, UtcTime now) {
    const Part* part = errand.attempt.next();
    if (part == nullptr) return;
    errand.carrier.reply.reset();
    if (const auto* http = std::get_if<HttpRequest>(&part->request)) {
      errand.carrier.carry(make_http_transfer(*http));
    } else if (const auto* mail = std::get_if<Mail>(&part->request)) {
      errand.carrier.carry(make_mail_transfer(*mail));
    } else if (const auto* call = std::get_if<ProgramCall>(&part->request)) {
      errand.program = std::make_unique<Program>(*call, now);
    } else if (const auto* mqtt = std::get_if<MqttPublication>(&part->request)) {
      errand.publication = PendingPublication{errand.attempt.id(), mqtt->publication};
      errand.publish_until = now + kTotalTimeout;
    } else {
      print(errand, std::get<ConsoleText>(part->request).text);
    }
  }

  static void print(Errand& errand, const std::string& text) {
    const bool printed = std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0;
    errand.carrier.reply.emplace();
    if (!printed) errand.carrier.reply->failure = "standard output takes nothing";
  }

  void advance(Errand& errand, UtcTime now) {
    if (errand.program) {
      errand.carrier.reply = errand.program->poll(now);
      if (errand.carrier.reply) errand.program.reset();
    }
    if (errand.publish_until && now > *errand.publish_until) {
      publication_ended(errand.attempt.id(), false, "the broker did not acknowledge in time");
      errand.publication.reset();
    }
    std::optional<Reply>& reply = errand.carrier.reply;
    if (!reply) return;
    reply->part = errand.attempt.next()->name;
    reply->memo = errand.attempt.next()->memo;
    errand.attempt.take(*reply);
    if (errand.attempt.next() != nullptr) memory_.keep(errand.attempt.id(), errand.attempt.done());
    start(errand, now);
  }

  std::list<Errand>::iterator finish(std::list<Errand>::iterator errand) {
    results_.push_back(errand->attempt.result());
    const DeliveryResult& result = results_.back();
    const bool again = result.outcome == Outcome::kRetry || result.outcome == Outcome::kAmbiguous ||
                       result.outcome == Outcome::kBroken;
    if (again) memory_.keep(errand->attempt.id(), errand->attempt.done());
    if (!again) memory_.forget(errand->attempt.id());
    if (result.outcome == Outcome::kSent) keep_receipt(errand->attempt);
    if (result.outcome == Outcome::kSent && errand->attempt.some_refused()) {
      log_warning("notifier " + result.notifier + ": sent only in part: " + result.detail);
    }
    return errands_.erase(errand);
  }

  void keep_receipt(const Attempt& attempt) {
    if (attempt.done().receipt.empty()) return;
    const Notification& message = attempt.notification();
    Receipt receipt{.number = attempt.done().receipt,
                    .notifier = message.notifier,
                    .incident = message.incident,
                    .written = message.time,
                    .until = attempt.time() + notifiers_.at(message.notifier)->receipt_life()};
    for (const NotificationItem& item : message.active) receipt.alarms.push_back(item.key);
    inquiries_->receipts().add(std::move(receipt));
  }

  TimeZone zone_;
  NotifiersByName notifiers_;
  CURLM* multi_ = nullptr;
  std::list<Errand> errands_;
  PartsMemory memory_;
  std::unique_ptr<Inquiries> inquiries_;
  std::vector<DeliveryResult> results_;
};

Courier::Courier(std::vector<std::unique_ptr<Notifier>> notifiers, TimeZone zone)
    : impl_(std::make_unique<Impl>(std::move(notifiers), std::move(zone))) {}
Courier::~Courier() = default;
void Courier::send(Notification notification, UtcTime now) {
  impl_->send(std::move(notification), now);
}
std::vector<Acknowledgement> Courier::follow_receipts(
    const std::function<bool(const Receipt&)>& in_hand, UtcTime now) {
  return impl_->follow_receipts(in_hand, now);
}
void Courier::restore(const CourierNote& note) { impl_->restore(note); }
std::vector<CourierNote> Courier::take_changed_notes() { return impl_->take_changed_notes(); }
std::vector<CourierNote> Courier::notes() const { return impl_->notes(); }
std::vector<DeliveryResult> Courier::step(UtcTime now) { return impl_->step(now); }
void Courier::wait(Milliseconds timeout) { impl_->wait(timeout); }
void Courier::wake() { impl_->wake(); }
std::vector<PendingPublication> Courier::take_publications() { return impl_->take_publications(); }
void Courier::publication_ended(const std::string& notification, bool accepted,
                                const std::string& why) {
  impl_->publication_ended(notification, accepted, why);
}

}  // namespace coldwatch
