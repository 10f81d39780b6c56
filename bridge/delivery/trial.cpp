#include "bridge/delivery/trial.hpp"

#include <cmath>

#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr Milliseconds kStep{250};
constexpr Milliseconds kTrialAge = std::chrono::minutes{7};
constexpr double kTrialLimit = 0.1;
constexpr double kTrialBase = 0.012;

/// A mixing chamber that warms up, a point each 30 s until `now`.
std::vector<TrendPoint> test_trend(UtcTime now) {
  constexpr int kPoints = 60;
  constexpr double kSecondsBetween = 30;
  const double end = std::chrono::duration<double>(now.time_since_epoch()).count();
  std::vector<TrendPoint> trend;
  for (int i = 0; i < kPoints; ++i) {
    const double growth = std::exp((i - kPoints + 1) / 8.0) * 0.13;
    trend.emplace_back(end - (kPoints - 1 - i) * kSecondsBetween, kTrialBase + growth);
  }
  return trend;
}

std::string_view meaning(Outcome outcome) {
  switch (outcome) {
    case Outcome::kSent:
      return "delivered. The server said: ";
    case Outcome::kRetry:
      return "not delivered now, but trying again can help: ";
    case Outcome::kAmbiguous:
      return "perhaps delivered, nobody said so: ";
    case Outcome::kRefused:
      return "refused, this message will never be taken: ";
    case Outcome::kBroken:
      break;
  }
  return "not delivered, and will not be until somebody changes something: ";
}

DeliveryResult deliver(Courier& courier, const Notification& notification,
                       const std::function<UtcTime()>& clock) {
  courier.send(notification, clock());
  for (;;) {
    const auto results = courier.step(clock());
    if (!results.empty()) return results.front();
    courier.wait(kStep);
  }
}

}  // namespace

std::vector<Notification> test_notifications(const std::string& notifier, const Texts& texts,
                                             UtcTime now) {
  NotificationItem item{.key = {"lab", "test", "test"}, .text = texts("test.alarm")};
  item.channel = "MXC_T_K";
  item.trend = test_trend(now);
  item.value = item.trend.back().second;
  item.unit = "K";
  item.limit = kTrialLimit;
  item.since = now - kTrialAge;
  item.playbook = texts("test.playbook");

  const std::string name = "test-" + std::to_string(now.time_since_epoch().count());
  Notification alarm{.id = name + "-0", .notifier = notifier, .incident = name};
  alarm.title = texts("test.title");
  alarm.time = now;
  alarm.items = alarm.active = {item};

  Notification end = alarm;
  end.id = name + "-1";
  end.number = 1;
  end.quiet = true;
  end.all_clear = true;
  end.active.clear();
  end.items.front().intent = Intent::kClear;
  end.items.front().text = texts("test.end");
  end.items.front().value = kTrialBase;
  end.items.front().until = now;
  return {alarm, end};
}

std::string trial_words(std::string_view which, const DeliveryResult& result) {
  return std::string{which} + ": " + std::string{meaning(result.outcome)} +
         (result.detail.empty() ? "(nothing)" : result.detail);
}

bool run_trial(Courier& courier, const std::string& notifier, const std::string& language,
               const std::function<UtcTime()>& clock,
               const std::function<void(const std::string&)>& print) {
  auto notifications = test_notifications(notifier, Texts{language}, clock());
  const DeliveryResult alarm = deliver(courier, notifications.front(), clock);
  print(trial_words("alarm", alarm));
  if (alarm.outcome != Outcome::kSent) return false;
  notifications.back().thread = alarm.thread;
  const DeliveryResult end = deliver(courier, notifications.back(), clock);
  print(trial_words("its end", end));
  return end.outcome == Outcome::kSent;
}

}  // namespace coldwatch
