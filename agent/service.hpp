// `coldwatch-agent run`: moves rows, events and acknowledgements between the log, the core, the state
// file and the broker, one step at a time. The clocks are arguments; the caller sleeps.
//
// Two readers of the log. The first feeds the rules and always runs to the newest row, broker or no
// broker. While the broker keeps up, the rows it read are also the ones that are sent. Where it does
// not, a second reader goes over the log again from the acknowledged position, as fast as the broker
// takes rows, until it has met the first one: the log is the queue, there is no other.
#pragma once

#include <chrono>
#include <memory>

#include "agent/agent.hpp"
#include "agent/config.hpp"
#include "agent/console/facts.hpp"
#include "agent/fallback_sender.hpp"
#include "agent/publisher.hpp"
#include "agent/row_sender.hpp"
#include "agent/source/follower.hpp"
#include "agent/state.hpp"
#include "common/command_guard.hpp"
#include "common/log.hpp"
#include "common/mqtt_session.hpp"
#include "common/stop.hpp"

namespace coldwatch {

class Service {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;

  /// Reads the state file; throws SettingsError where it exists and cannot be read.
  Service(AgentConfig config, RuleEngine rules, UtcTime now);
  ~Service();

  /// Everything that is due. Returns how long there is nothing to do but to wait for the broker.
  Milliseconds step(UtcTime now, SteadyTime steady);
  void wait(Milliseconds timeout) { sleep_or_stop(timeout); }
  /// True once after a `cmd/reload`.
  bool take_reload_wanted() { return agent_.take_reload_wanted(); }
  /// A command from this PC's own console, as if it had come as cmd/<verb>.
  Reply command(const std::string& verb, UtcTime now);
  /// What the console shows.
  ConsoleFacts look(UtcTime now) const;
  /// Saves and disconnects for good; `going_away` publishes the status `offline` first.
  void stop(UtcTime now, SteadyTime steady, bool going_away);

 private:
  static constexpr Milliseconds kTick = std::chrono::seconds{1};
  static constexpr Milliseconds kSaveInterval = std::chrono::seconds{1};
  /// So that the connection is looked after in the middle of a long backlog.
  static constexpr int kChunksPerStep = 20;
  /// While a broker is there, rules do not run further ahead of it than this.
  static constexpr std::size_t kMostUnsentEvents = 500;
  /// After a fallback message that nobody took.
  static constexpr Milliseconds kFallbackPause = std::chrono::minutes{1};
  static constexpr Milliseconds kWhileSending = std::chrono::milliseconds{50};

  void on_session_events(UtcTime now, SteadyTime steady, Outgoing& out);
  void announce(const MqttConnected& connected);
  void on_acknowledged(Ticket ticket);
  void on_refused(const MqttRefused& refused, SteadyTime steady);
  bool may_evaluate();
  void evaluate(UtcTime now, Outgoing& out);
  void evaluate_chunk(const Chunk& chunk, UtcTime now, Outgoing& out);
  void report_condition();
  LogFacts facts() const;
  void take_notices(UtcTime now);
  void fill_rows(UtcTime now);
  void pump(UtcTime now, SteadyTime steady);
  void fall_back(UtcTime now, SteadyTime steady);
  void save(UtcTime now, SteadyTime steady);

  const AgentConfig config_;
  StateFile file_;
  AgentState state_;
  Agent agent_;
  RowSender rows_;
  Publisher publisher_;
  Follower follower_;
  std::unique_ptr<Follower> catch_up_;  // the second reader, where one is needed
  ChannelViews catch_up_views_;
  MqttSession session_;
  CommandGuard guard_;
  Fallback fallback_;
  FallbackSender fallback_sender_;
  std::vector<FallbackAlarm> fallback_under_way_;
  SteadyTime fallback_rests_until_{};
  LogThrottle bad_records_{std::chrono::hours{1}};
  LogCondition condition_;
  std::vector<LogNotice> notices_;  // of a second reader that is gone
  bool polled_ = false;             // the first reader has looked at the log in this step
  bool unread_ = false;             // and has more
  bool unsaved_ = false;            // something that can wait until kSaveInterval is over
  SteadyTime next_poll_{};
  SteadyTime next_tick_{};
  SteadyTime next_save_{};
};

}  // namespace coldwatch
