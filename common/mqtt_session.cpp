#include "common/mqtt_session.hpp"

#include <algorithm>
#include <exception>
#include <map>
#include <random>
#include <set>
#include <utility>

#include "common/mqtt_connection.hpp"
#include "common/mqtt_inbox.hpp"
#include "common/mqtt_route.hpp"
#include "common/stop.hpp"

namespace coldwatch {
namespace {

using Steady = std::chrono::steady_clock;

// A broker that does not tell its receive maximum allows 65535, but more than it can hold in flight
// makes Paho before 1.3.14 sleep for a second at a time: 20 is safe and fast enough.
constexpr std::size_t kV5Window = 20;
constexpr Milliseconds kShortestStall = std::chrono::seconds{10};
constexpr Milliseconds kCloseTimeout = std::chrono::seconds{2};
constexpr Milliseconds kStopPoll{100};
constexpr std::size_t kPublishOverheadBytes = 64;  // fixed header, packet id, our MQTT 5 properties
constexpr std::size_t kMostUnsentQos0Bytes = 8 * 1024 * 1024;
constexpr unsigned kSuspiciousLosses = 3;

}  // namespace

class MqttSession::Impl {
 public:
  Impl(MqttSettings settings, std::optional<Publication> will,
       std::vector<std::string> subscriptions, std::function<void()> wake)
      : settings_(std::move(settings)),
        will_(std::move(will)),
        subscriptions_(std::move(subscriptions)),
        inbox_(std::move(wake)),
        route_(settings_) {}

  std::vector<MqttEvent> step(Steady::time_point now);
  void close(const std::optional<Publication>& last);
  Ticket publish(const Publication& publication);

  bool online() const { return phase_ == Phase::kOnline; }
  bool closed() const { return phase_ == Phase::kClosed; }
  std::size_t room() const {
    return online() && open_.size() < window_ ? window_ - open_.size() : 0;
  }
  const std::optional<Publication>& will() const { return will_; }
  MqttInbox& inbox() { return inbox_; }

 private:
  enum class Phase { kDown, kConnecting, kSubscribing, kOnline, kClosed };

  void receive();
  void connect();
  void watch();
  void forget();
  bool has_place(const Publication& publication, std::size_t bytes) const;
  void lose(std::string why, bool version_in_doubt = true);
  void go_online();
  double random() { return std::uniform_real_distribution<double>{0.0, 1.0}(engine_); }

  void handle(MqttLinkUp& up);
  void handle(MqttLinkDown& down);
  void handle(MqttLinkDetail& detail) { detail_ = std::move(detail.text); }
  void handle(MqttSubscribed& subscribed);
  void handle(MqttAcknowledged& acknowledged);
  void handle(MqttRefused& refused);
  void handle(MqttMessage& message) {
    // Retained messages come before the answers to the subscriptions, and may be a million.
    if (phase_ == Phase::kSubscribing) deadline_ = now_ + settings_.connect_timeout;
    events_.emplace_back(std::move(message));
  }

  const MqttSettings settings_;
  const std::optional<Publication> will_;
  const std::vector<std::string> subscriptions_;
  MqttInbox inbox_;
  MqttRoute route_;
  std::mt19937 engine_{std::random_device{}()};

  Phase phase_ = Phase::kDown;
  std::unique_ptr<MqttConnection> connection_;
  std::uint64_t epoch_ = 0;
  std::string detail_;
  std::size_t unanswered_ = 0;  // subscriptions
  std::size_t window_ = 0;
  std::optional<std::size_t> largest_packet_bytes_;
  Ticket last_ticket_ = 0;
  std::set<Ticket> open_;                 // QoS 1, not yet acknowledged
  std::map<Ticket, std::size_t> unsent_;  // QoS 0, not yet written, with their bytes
  std::size_t unsent_bytes_ = 0;
  std::optional<std::string> unfit_;  // why publish() found the connection unfit for use

  Steady::time_point now_{};
  Steady::time_point retry_at_{};
  Steady::time_point deadline_{};  // of connecting and subscribing
  Steady::time_point online_since_{};
  Steady::time_point progress_{};  // last acknowledgement, or when the window was empty last
  std::vector<MqttEvent> events_;
};

std::vector<MqttEvent> MqttSession::Impl::step(Steady::time_point now) {
  now_ = now;
  receive();
  watch();
  if (phase_ == Phase::kDown && now_ >= retry_at_) connect();
  return std::exchange(events_, {});
}

/// What a dead connection left behind is dropped, but for messages: Paho has acknowledged those to
/// the broker, so they will not come again.
void MqttSession::Impl::receive() {
  MqttInbox::Taken taken = inbox_.take();
  for (MqttReport& report : taken.reports) {
    const bool message = std::holds_alternative<MqttMessage>(report.what);
    if (!message && (report.epoch != epoch_ || connection_ == nullptr)) continue;
    std::visit([this](auto& what) { handle(what); }, report.what);
  }
  if (taken.overflowed_epoch == epoch_ && connection_ != nullptr) {
    lose("more messages arrived than could be taken in; reconnecting to get the present state");
  }
}

void MqttSession::Impl::watch() {
  if (unfit_) {
    lose(*unfit_);
  } else if (phase_ == Phase::kConnecting && now_ >= deadline_) {
    lose("no answer within " + duration_words(settings_.connect_timeout));
  } else if (phase_ == Phase::kSubscribing && now_ >= deadline_) {
    lose("no answer to the subscriptions within " + duration_words(settings_.connect_timeout));
  } else if (phase_ == Phase::kOnline && !open_.empty()) {
    const Milliseconds stall = std::max(kShortestStall, 2 * settings_.keep_alive);
    if (now_ - progress_ >= stall) lose("no acknowledgement for " + duration_words(stall));
  }
}

void MqttSession::Impl::connect() {
  ++epoch_;
  phase_ = Phase::kConnecting;
  deadline_ = now_ + settings_.connect_timeout;
  try {
    connection_ = std::make_unique<MqttConnection>(settings_, route_, will_, epoch_, inbox_);
  } catch (const std::exception& error) {
    lose(error.what(), false);
  }
}

void MqttSession::Impl::lose(std::string why, bool version_in_doubt) {
  const bool was_online = phase_ == Phase::kOnline;
  std::string text = (was_online ? "lost " : "cannot connect to ") + route_.uri() + ": " + why;
  if (!detail_.empty()) text += " (" + detail_ + ")";
  const Milliseconds wait =
      was_online ? route_.lost(std::chrono::floor<Milliseconds>(now_ - online_since_), random())
                 : route_.failed(version_in_doubt, random());
  if (was_online && route_.early_losses() >= kSuspiciousLosses) {
    text += "; again and again: is another client connected as \"" + route_.client_id() + "\"?";
  }
  phase_ = Phase::kDown;
  forget();
  retry_at_ = now_ + wait;
  events_.emplace_back(MqttLost{std::move(text), wait});
}

/// Ends the connection, and with it everything that hangs on it.
void MqttSession::Impl::forget() {
  connection_.reset();
  detail_.clear();
  unfit_.reset();
  open_.clear();
  unsent_.clear();
  unsent_bytes_ = 0;
}

void MqttSession::Impl::handle(MqttLinkUp& up) {
  const std::size_t allowed =
      route_.v5() ? up.receive_maximum.value_or(kV5Window) : settings_.window;
  window_ = std::max<std::size_t>(1, std::min(settings_.window, allowed));
  largest_packet_bytes_ = up.largest_packet_bytes;
  route_.worked();
  unanswered_ = subscriptions_.size();
  phase_ = Phase::kSubscribing;
  deadline_ = now_ + settings_.connect_timeout;
  try {
    for (const std::string& filter : subscriptions_) {
      connection_->subscribe(filter, !settings_.no_echo.contains(filter));
    }
  } catch (const std::exception& error) {
    lose(error.what());
    return;
  }
  if (unanswered_ == 0) go_online();
}

void MqttSession::Impl::handle(MqttSubscribed& subscribed) {
  if (!subscribed.refusal.empty()) {
    events_.emplace_back(
        MqttRefused{0, "subscription to " + subscribed.filter + ": " + subscribed.refusal});
  }
  deadline_ = now_ + settings_.connect_timeout;
  if (--unanswered_ == 0) go_online();
}

void MqttSession::Impl::go_online() {
  phase_ = Phase::kOnline;
  online_since_ = now_;
  progress_ = now_;
  events_.emplace_back(MqttConnected{route_.uri(), route_.v5(), window_});
}

void MqttSession::Impl::handle(MqttLinkDown& down) {
  if (phase_ == Phase::kSubscribing) route_.ended_subscribing();
  lose(std::move(down.why), down.version_in_doubt);
}

void MqttSession::Impl::handle(MqttAcknowledged& acknowledged) {
  if (const auto unsent = unsent_.find(acknowledged.ticket); unsent != unsent_.end()) {
    unsent_bytes_ -= unsent->second;
    unsent_.erase(unsent);
  } else if (open_.erase(acknowledged.ticket) != 0) {
    progress_ = now_;
    events_.emplace_back(acknowledged);
  }
}

void MqttSession::Impl::handle(MqttRefused& refused) {
  progress_ = now_;
  if (open_.erase(refused.ticket) != 0) events_.emplace_back(std::move(refused));
}

bool MqttSession::Impl::has_place(const Publication& publication, std::size_t bytes) const {
  if (!online() || unfit_) return false;
  if (publication.qos > 0) return room() > 0;
  return unsent_.size() < MqttConnection::kMostUnsentQos0 &&
         (unsent_.empty() || unsent_bytes_ + bytes <= kMostUnsentQos0Bytes);
}

Ticket MqttSession::Impl::publish(const Publication& publication) {
  const std::size_t bytes = publication.topic.size() + publication.payload.size() +
                            publication.correlation_data.size() + kPublishOverheadBytes;
  if (!has_place(publication, bytes)) return 0;
  const Ticket ticket = last_ticket_ + 1;
  if (largest_packet_bytes_ && bytes > *largest_packet_bytes_) {
    events_.emplace_back(MqttRefused{
        ticket,
        "larger than the broker takes (" + std::to_string(*largest_packet_bytes_) + " bytes)"});
    return last_ticket_ = ticket;
  }
  try {
    connection_->publish(publication, ticket);
  } catch (const std::exception& error) {
    unfit_ = error.what();
    return 0;
  }
  if (publication.qos > 0) {
    if (open_.empty()) progress_ = now_;
    open_.insert(ticket);
  } else {
    unsent_.emplace(ticket, bytes);
    unsent_bytes_ += bytes;
  }
  return last_ticket_ = ticket;
}

void MqttSession::Impl::close(const std::optional<Publication>& last) {
  if (closed()) return;
  const auto end = Steady::now() + kCloseTimeout;
  const auto rest = [&end] {
    return std::max(Milliseconds{0}, std::chrono::ceil<Milliseconds>(end - Steady::now()));
  };
  bool published = !last;
  while (online() && !unfit_ && !(published && open_.empty()) && rest() > Milliseconds{0}) {
    if (!published) published = publish(*last) != 0;
    inbox_.wait(rest());
    receive();
  }
  if (online()) connection_->disconnect(rest());
  forget();
  phase_ = Phase::kClosed;
}

MqttSession::MqttSession(MqttSettings settings, std::optional<Publication> will,
                         std::vector<std::string> subscriptions, std::function<void()> wake)
    : impl_(std::make_unique<Impl>(std::move(settings), std::move(will), std::move(subscriptions),
                                   std::move(wake))) {}

MqttSession::~MqttSession() { impl_->close(impl_->will()); }

std::vector<MqttEvent> MqttSession::step(Steady::time_point now) { return impl_->step(now); }

void MqttSession::wait(Milliseconds timeout) {
  while (timeout > Milliseconds{0} && !stop_requested()) {
    const Milliseconds slice = std::min(timeout, kStopPoll);
    if (impl_->inbox().wait(slice)) return;
    timeout -= slice;
  }
}

bool MqttSession::connected() const { return impl_->online(); }

std::size_t MqttSession::room() const { return impl_->room(); }

Ticket MqttSession::publish(const Publication& publication) { return impl_->publish(publication); }

void MqttSession::close(const std::optional<Publication>& last) { impl_->close(last); }

}  // namespace coldwatch
