#include "agent/service.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace coldwatch {

Service::Service(AgentConfig config, RuleEngine rules, UtcTime now)
    : config_(std::move(config)),
      file_(config_.state_file),
      state_(file_.load(config_.fridge, now)),
      agent_(config_, std::move(rules), state_),
      rows_(config_.topics(), config_.fridge, state_.acknowledged),
      publisher_(agent_.events(), rows_, agent_.event_topic()),
      follower_(config_.log, state_.evaluated),
      catch_up_views_(config_.channels),
      session_(config_.broker, agent_.status(false), agent_.subscriptions(), wake_up),
      guard_(config_.broker, config_.root),
      fallback_(config_.fallback.after, state_.fallback),
      fallback_sender_(config_.fallback) {}

Service::~Service() = default;

void Service::take_notices(UtcTime now) {
  for (const LogNotice& notice : follower_.take_notices()) agent_.on_notice(notice, now);
  // Rows that the rules have seen may be gone before they were sent.
  if (catch_up_) std::ranges::move(catch_up_->take_notices(), std::back_inserter(notices_));
  for (const LogNotice& notice : notices_) agent_.on_notice(notice, now);
  notices_.clear();
}

Milliseconds Service::step(UtcTime now, SteadyTime steady) {
  Outgoing out;
  on_session_events(now, steady, out);
  polled_ = steady >= next_poll_;
  if (polled_) {
    next_poll_ = steady + config_.poll;
    follower_.poll(now);
    for (const auto& [stream, at] : follower_.positions()) rows_.begin(stream, at);
    unread_ = true;
    report_condition();
  }
  if (unread_) evaluate(now, out);
  take_notices(now);
  if (steady >= next_tick_) {
    next_tick_ = steady + kTick;
    agent_.set_format(follower_.format());
    agent_.on_tick(now, facts(), out);
  }
  if (!unread_) agent_.settle(out);
  if (config_.fallback.wanted()) fall_back(now, steady);
  if (agent_.take_unsaved()) save(now, steady);
  publisher_.add(std::move(out));
  pump(now, steady);
  if (unsaved_ && steady >= next_save_) save(now, steady);
  if (unread_ && may_evaluate()) return Milliseconds{0};
  if (fallback_sender_.busy()) return kWhileSending;
  const auto due = std::min({next_poll_, next_tick_, unsaved_ ? next_save_ : next_tick_});
  return std::max(Milliseconds{0}, std::chrono::ceil<Milliseconds>(due - steady));
}

void Service::on_session_events(UtcTime now, SteadyTime steady, Outgoing& out) {
  for (const MqttEvent& event : session_.step(steady)) {
    if (const auto* connected = std::get_if<MqttConnected>(&event)) {
      announce(*connected);
    } else if (const auto* lost = std::get_if<MqttLost>(&event)) {
      log_warning("broker: " + lost->why + "; next try in " + duration_words(lost->retry_in));
      publisher_.lost();
      catch_up_.reset();
    } else if (const auto* acknowledged = std::get_if<MqttAcknowledged>(&event)) {
      on_acknowledged(acknowledged->ticket);
    } else if (const auto* refused = std::get_if<MqttRefused>(&event)) {
      on_refused(*refused, steady);
    } else if (const auto* message = std::get_if<MqttMessage>(&event)) {
      agent_.on_message(*message, now, out);
    }
  }
  if (publisher_.take_announcement_due(steady)) agent_.want_announcement();
}

void Service::on_acknowledged(Ticket ticket) {
  if (guard_.answered(ticket, true)) return agent_.refuse_commands(guard_.refusal());
  publisher_.acknowledged(ticket);
  unsaved_ = true;
}

void Service::on_refused(const MqttRefused& refused, SteadyTime steady) {
  if (guard_.answered(refused.ticket, false)) return agent_.refuse_commands(guard_.refusal());
  if (refused.ticket == 0) return log_warning("the broker refuses: " + refused.why);
  const std::string lane = publisher_.refused(refused.ticket, steady);
  log_warning("the broker refuses " + lane + ": " + refused.why + "; they rest for " +
              duration_words(Publisher::kRest));
  catch_up_.reset();
}

void Service::announce(const MqttConnected& connected) {
  log_info("connected to " + connected.uri + (connected.v5 ? " (MQTT 5)" : " (MQTT 3.1.1)"));
  agent_.on_connected(connected.v5);
  const auto question = guard_.connected(connected.v5);
  if (question) guard_.asked(session_.publish(*question));
  agent_.refuse_commands(guard_.refusal());
  catch_up_.reset();
  publisher_.connected(connected.window, agent_.announcement());
}

bool Service::may_evaluate() {
  return !session_.connected() || agent_.events().unsent() < kMostUnsentEvents;
}

void Service::evaluate(UtcTime now, Outgoing& out) {
  for (int i = 0; i < kChunksPerStep; ++i) {
    if (!may_evaluate()) return;
    const auto chunk = follower_.next();
    if (!chunk) {
      unread_ = false;
      return;
    }
    evaluate_chunk(*chunk, now, out);
  }
}

void Service::evaluate_chunk(const Chunk& chunk, UtcTime now, Outgoing& out) {
  unsaved_ = true;
  rows_.begin(chunk.stream, chunk.before);
  const ChannelView& view = agent_.view(chunk.stream, chunk.rows->channels());
  const RowOrigin origin{chunk.stream, chunk.file, view};
  for (std::size_t i = 0; i < chunk.rows->size(); ++i) {
    agent_.on_row(origin, (*chunk.rows)[i], now, out);
  }
  for (const Remark& remark : chunk.rows->remarks) {
    agent_.on_remark(origin, remark, now);
    if (remark.kind != Remark::Kind::kBadRecord || !bad_records_.due(chunk.file, now)) continue;
    log_warning(chunk.file + ": record " + std::to_string(remark.line) +
                " is skipped: " + remark.text);
  }
  rows_.offer(chunk, view, session_.connected());
}

void Service::report_condition() {
  const LogCondition condition = follower_.condition();
  if (condition.state == condition_.state && condition.text == condition_.text) return;
  condition_ = condition;
  if (condition.state == LogCondition::State::kReadable) {
    log_info("the log can be read");
  } else {
    log_warning("the log cannot be read: " + condition.text);
  }
}

LogFacts Service::facts() const {
  const Follower& behind = catch_up_ ? *catch_up_ : follower_;
  return {.condition = condition_,
          .backlog_bytes = behind.bytes_behind(),
          .bad_records = follower_.bad_records()};
}

void Service::fill_rows(UtcTime now) {
  if (rows_.follows() || !session_.connected()) return;
  // Both readers look at the log in the same step: apart, a busy log would never let them meet.
  const bool look = polled_ || !catch_up_;
  polled_ = false;
  if (!catch_up_) catch_up_ = std::make_unique<Follower>(config_.log, rows_.positions());
  if (look) catch_up_->poll(now);
  while (rows_.wants_rows()) {
    const auto chunk = catch_up_->next();
    if (chunk) {
      rows_.take(*chunk, catch_up_views_.of(chunk->stream, chunk->rows->channels()));
      continue;
    }
    if (same_places(catch_up_->positions(), follower_.positions())) {
      rows_.follow();
      notices_ = catch_up_->take_notices();  // told with the next step, saved before
      catch_up_.reset();
    }
    return;
  }
}

void Service::pump(UtcTime now, SteadyTime steady) {
  for (;;) {
    fill_rows(now);
    const Publication* next = publisher_.next(session_.room(), steady);
    if (next == nullptr) return;
    const Ticket ticket = session_.publish(*next);
    if (ticket == 0 && (next->qos > 0 || !session_.connected())) return;
    publisher_.handed_over(ticket);
  }
}

void Service::fall_back(UtcTime now, SteadyTime steady) {
  if (const auto result = fallback_sender_.step()) {
    if (result->taken) {
      log_warning("broker and bridge are silent: the fallback has told " +
                  std::to_string(fallback_under_way_.size()) + " alarms");
      for (const FallbackAlarm& alarm : fallback_under_way_) agent_.on_fallback_told(alarm, now);
      fallback_.told(fallback_under_way_);
    } else {
      log_warning("the fallback could not tell anybody: " + result->detail + "; next try in " +
                  duration_words(kFallbackPause));
      fallback_rests_until_ = steady + kFallbackPause;
    }
  }
  const FallbackHearing heard{.connected = session_.connected(),
                              .waiting = agent_.unconfirmed_events() > 0,
                              .confirmations = agent_.confirmations()};
  auto due = fallback_.due(agent_.active_alarms(), heard, steady);
  if (due.empty() || fallback_sender_.busy() || steady < fallback_rests_until_) return;
  fallback_sender_.send(
      fallback_message(config_.site, config_.fridge, due, config_.fallback.after, now), now);
  fallback_under_way_ = std::move(due);
}

void Service::save(UtcTime now, SteadyTime steady) {
  agent_.save_into(state_);
  state_.fallback = fallback_.all_told();
  state_.evaluated = follower_.positions();
  state_.acknowledged = rows_.positions();
  file_.save(state_, now);
  unsaved_ = false;
  next_save_ = steady + kSaveInterval;
}

Reply Service::command(const std::string& verb, UtcTime now) {
  Outgoing out;
  const Request request{.verb = verb, .body = {{"by", "the console of this PC"}}};
  const Reply reply = agent_.answer(request, now, out);
  publisher_.add(std::move(out));
  return reply;
}

ConsoleFacts Service::look(UtcTime now) const {
  const LogFacts log = facts();
  auto [state, text] = agent_.log_state(now, log.condition);
  return {.now = now,
          .local_now = config_.log.zone.to_local(now),
          .fridge = config_.fridge,
          .phase = std::string{agent_.rules().phase()},
          .log_state = std::move(state),
          .log_text = std::move(text),
          .newest_row = agent_.latest().newest_row(),
          .connected = session_.connected(),
          .broker = config_.broker.uris.front(),
          .backlog_bytes = log.backlog_bytes,
          .unconfirmed_events = agent_.unconfirmed_events(),
          .rules = agent_.rules().standings()};
}

void Service::stop(UtcTime now, SteadyTime steady, bool going_away) {
  save(now, steady);
  session_.close(going_away ? std::optional{agent_.status(false)} : std::nullopt);
  Outgoing unwanted;
  on_session_events(now, steady, unwanted);
  save(now, steady);
}

}  // namespace coldwatch
