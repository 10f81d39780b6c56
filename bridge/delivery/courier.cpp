#include "bridge/delivery/courier.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cstdio>
#include <list>
#include <map>
#include <new>
#include <utility>

#include "bridge/delivery/attempt.hpp"
#include "bridge/delivery/program.hpp"
#include "bridge/delivery/transfer.hpp"
#include "common/log.hpp"

namespace coldwatch {
namespace {

constexpr std::size_t kMostRemembered = 256;  // notifications with parts settled and parts open
constexpr Milliseconds kProgramPoll{50};

/// An attempt with whatever carries its present part.
struct Errand {
  explicit Errand(Attempt started) : attempt(std::move(started)) {}
  Attempt attempt;
  std::unique_ptr<Transfer> transfer;
  std::unique_ptr<Program> program;
  std::optional<Reply> reply;  // of the present part, once it is there
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
    for (auto& notifier : notifiers) {
      const std::string name = notifier->name();
      notifiers_.emplace(name, std::move(notifier));
    }
  }
  ~Impl() {
    for (Errand& errand : errands_) drop_transfer(errand);
    curl_multi_cleanup(multi_);
  }

  void send(const Notification& notification, UtcTime now) {
    const auto found = notifiers_.find(notification.notifier);
    if (found == notifiers_.end()) {
      results_.push_back({notification.notifier, notification.id, Outcome::kBroken,
                          "there is no notifier of this name"});
      return;
    }
    const RenderContext context{.now = now, .zone = &zone_};
    Attempt attempt{*found->second, notification, context, remembered(notification.id)};
    start(errands_.emplace_back(std::move(attempt)), now);
  }

  std::vector<DeliveryResult> step(UtcTime now) {
    int running = 0;
    curl_multi_perform(multi_, &running);
    collect_transfers();
    for (auto errand = errands_.begin(); errand != errands_.end();) {
      advance(*errand, now);
      errand = errand->attempt.next() == nullptr ? finish(errand) : std::next(errand);
    }
    return std::exchange(results_, {});
  }

  void wait(Milliseconds timeout) {
    for (const Errand& errand : errands_) {
      if (errand.program) timeout = std::min(timeout, kProgramPoll);
      if (errand.reply) timeout = Milliseconds{0};
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
      errand.reply = Reply{.failure_outcome = Outcome::kRetry};
      if (!accepted) errand.reply->failure = why.empty() ? "the broker refused it" : why;
    }
  }

 private:
  PartsDone remembered(const std::string& id) {
    const auto known = std::ranges::find(memory_, id, &std::pair<std::string, PartsDone>::first);
    if (known == memory_.end()) return {};
    PartsDone done = std::move(known->second);
    memory_.erase(known);
    return done;
  }

  void remember(const Attempt& attempt) {
    if (memory_.size() == kMostRemembered) memory_.pop_front();
    memory_.emplace_back(attempt.id(), attempt.done());
  }

  /// Sends the attempt's next part on its way.
  void start(Errand& errand, UtcTime now) {
    const Part* part = errand.attempt.next();
    if (part == nullptr) return;
    errand.reply.reset();
    if (const auto* http = std::get_if<HttpRequest>(&part->request)) {
      carry(errand, make_http_transfer(*http));
    } else if (const auto* mail = std::get_if<Mail>(&part->request)) {
      carry(errand, make_mail_transfer(*mail));
    } else if (const auto* call = std::get_if<ProgramCall>(&part->request)) {
      errand.program = std::make_unique<Program>(*call, now);
    } else if (const auto* mqtt = std::get_if<MqttPublication>(&part->request)) {
      errand.publication = PendingPublication{errand.attempt.id(), mqtt->publication};
      errand.publish_until = now + kTotalTimeout;
    } else {
      print(errand, std::get<ConsoleText>(part->request).text);
    }
  }

  void carry(Errand& errand, std::unique_ptr<Transfer> transfer) {
    errand.transfer = std::move(transfer);
    curl_easy_setopt(errand.transfer->handle(), CURLOPT_PRIVATE, &errand);
    curl_multi_add_handle(multi_, errand.transfer->handle());
  }

  static void print(Errand& errand, const std::string& text) {
    const bool printed = std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0;
    errand.reply.emplace();
    if (!printed) errand.reply->failure = "standard output takes nothing";
  }

  void drop_transfer(Errand& errand) {
    if (!errand.transfer) return;
    curl_multi_remove_handle(multi_, errand.transfer->handle());
    errand.transfer.reset();
  }

  void collect_transfers() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;
      Errand* errand = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &errand);
      errand->reply = errand->transfer->reply(code);
      drop_transfer(*errand);
    }
  }

  void advance(Errand& errand, UtcTime now) {
    if (errand.program) {
      errand.reply = errand.program->poll(now);
      if (errand.reply) errand.program.reset();
    }
    if (errand.publish_until && now > *errand.publish_until) {
      publication_ended(errand.attempt.id(), false, "the broker did not acknowledge in time");
      errand.publication.reset();
    }
    if (!errand.reply) return;
    errand.reply->part = errand.attempt.next()->name;
    errand.reply->memo = errand.attempt.next()->memo;
    errand.attempt.take(*errand.reply);
    start(errand, now);
  }

  std::list<Errand>::iterator finish(std::list<Errand>::iterator errand) {
    results_.push_back(errand->attempt.result());
    const DeliveryResult& result = results_.back();
    const bool again = result.outcome == Outcome::kRetry || result.outcome == Outcome::kAmbiguous ||
                       result.outcome == Outcome::kBroken;
    if (again) remember(errand->attempt);
    if (result.outcome == Outcome::kSent && errand->attempt.some_refused()) {
      log_warning("notifier " + result.notifier + ": sent only in part: " + result.detail);
    }
    return errands_.erase(errand);
  }

  TimeZone zone_;
  std::map<std::string, std::unique_ptr<Notifier>> notifiers_;
  CURLM* multi_ = nullptr;
  std::list<Errand> errands_;
  std::list<std::pair<std::string, PartsDone>> memory_;
  std::vector<DeliveryResult> results_;
};

Courier::Courier(std::vector<std::unique_ptr<Notifier>> notifiers, TimeZone zone)
    : impl_(std::make_unique<Impl>(std::move(notifiers), std::move(zone))) {}
Courier::~Courier() = default;
void Courier::send(const Notification& notification, UtcTime now) {
  impl_->send(notification, now);
}
std::vector<DeliveryResult> Courier::step(UtcTime now) { return impl_->step(now); }
void Courier::wait(Milliseconds timeout) { impl_->wait(timeout); }
void Courier::wake() { impl_->wake(); }
std::vector<PendingPublication> Courier::take_publications() { return impl_->take_publications(); }
void Courier::publication_ended(const std::string& notification, bool accepted,
                                const std::string& why) {
  impl_->publication_ended(notification, accepted, why);
}

}  // namespace coldwatch
