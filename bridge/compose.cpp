#include "bridge/compose.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "bridge/notifiers/message_text.hpp"
#include "bridge/watch/own_alarms.hpp"

namespace coldwatch {
namespace {

constexpr std::size_t kCommonCauseFridges = 3;

std::set<std::string> fridges_of(const Items& items) {
  std::set<std::string> fridges;
  for (const NotificationItem& item : items) fridges.insert(item.key.fridge);
  return fridges;
}

/// Of the worst alarms the one that began first: the others may well follow from it.
const NotificationItem& leading(const World& world, const Items& items) {
  const NotificationItem* first = nullptr;
  UtcTime first_begun{};
  for (const NotificationItem& item : items) {
    if (first != nullptr && item.severity < first->severity) continue;
    const Alarm* alarm = world.book.find(item.key);
    const UtcTime begun = alarm == nullptr ? UtcTime::max() : alarm->raised_at;
    if (first != nullptr && item.severity == first->severity && begun >= first_begun) continue;
    first = &item;
    first_begun = begun;
  }
  return *first;
}

/// Sets the title, and the question where there is a guess about the cause.
void entitle(const World& world, const Texts& texts, Notification& notification) {
  const auto& named = notification.active.empty() ? notification.items : notification.active;
  const NotificationItem& first = leading(world, named);
  const auto fridges = fridges_of(named);
  const std::string count = std::to_string(fridges.size());
  if (fridges.size() > 1 && first.key.rule == "agent_offline") {
    notification.title = notification.question = texts("title.silent", {{"count", count}});
    return;
  }
  notification.title = texts(fridges.size() == 1 ? "title.one" : "title.many",
                             {{"fridge", fridge_words(*fridges.begin(), texts)},
                              {"text", alarm_words(first.key, first.text, texts)},
                              {"count", count}});
  const std::size_t alarming = world.recent.fridges();
  if (world.recent.rules() < 2 || alarming < kCommonCauseFridges) return;
  const std::size_t all = std::max(world.fridges, alarming);
  notification.title = texts("title.common_cause", {{"count", std::to_string(alarming)},
                                                    {"all", std::to_string(all)},
                                                    {"title", notification.title}});
  notification.question = notification.title;
}

/// Of so many alarms only the names are said, and what is kept of each is short.
NotificationItem item_at(std::size_t place, const Alarm& alarm, Intent intent) {
  NotificationItem item = make_item(alarm, intent);
  if (place >= kMostDetailed) item.trend = {};
  return item;
}

/// Everyone who is active and is told of by now. Where that is what the items say it is the same list:
/// a storm has no other alarms than new ones.
void add_active(const Conversation& conversation, const Plan& plan, std::span<const Member> members,
                Notification& message) {
  std::vector<std::pair<const Alarm*, Intent>> active;
  auto planned = plan.items.begin();
  std::size_t news = 0;
  for (const Member& member : members) {
    const AlarmKey& key = member.alarm->key;
    const bool is_news = planned != plan.items.end() && planned->key == key;
    const Intent intent = is_news ? planned->intent : Intent::kStill;
    if (is_news) ++planned;
    if (!member.active || (!is_news && !conversation.told.contains(key))) continue;
    active.emplace_back(member.alarm, intent);
    if (is_news) ++news;
  }
  if (news == message.items.size() && news == active.size()) {
    message.active = message.items;
    return;
  }
  message.active.reserve(active.size());
  for (const auto& [alarm, intent] : active) {
    message.active.push_back(item_at(message.active.size(), *alarm, intent));
  }
}

void add_lines(const Conversation& conversation, Pending& pending) {
  for (const Line& line : conversation.lines) {
    NotificationItem item = line.item;
    item.count = static_cast<int>(line.count);
    pending.notification.items.push_back(std::move(item));
  }
  if (!conversation.lines.empty()) {
    pending.lines[conversation.incident] = conversation.lines.size();
  }
}

/// To sort takes a second list, and that of a storm is long and in order already.
void sort_by_key(Items& items) {
  if (!std::ranges::is_sorted(std::as_const(items), {}, &NotificationItem::key)) {
    std::ranges::stable_sort(items, {}, &NotificationItem::key);
  }
}

void rate(Notification& notification) {
  notification.severity = Severity::kInfo;
  for (const auto* list : {&notification.items, &notification.active}) {
    for (const NotificationItem& item : *list) {
      notification.severity = std::max(notification.severity, item.severity);
    }
  }
  notification.all_clear = notification.active.empty();
}

}  // namespace

bool is_quiet(Intent intent) {
  return intent == Intent::kClear || intent == Intent::kReturnUnacked ||
         intent == Intent::kOccurredAndCleared || intent == Intent::kLower ||
         intent == Intent::kFresh;
}

NotificationItem make_item(const Alarm& alarm, Intent intent) {
  NotificationItem item{.intent = intent,
                        .key = alarm.key,
                        .severity = alarm.severity(),
                        .text = alarm.message.text,
                        .channel = alarm.message.channel,
                        .value = alarm.message.value,
                        .unit = alarm.message.unit,
                        .limit = alarm.message.limit,
                        .since = alarm.message.since,
                        .stale = alarm.stale,
                        .acknowledged_by = alarm.acknowledged_by,
                        .cause = alarm.message.cause,
                        .playbook = alarm.message.playbook,
                        .trend = alarm.message.trend};
  if (!alarm.active()) item.until = alarm.end_by_agent;
  return item;
}

Pending compose(const World& world, const Conversation& conversation, const Plan& plan,
                std::span<const Member> members, const Texts& texts, UtcTime now) {
  Pending pending;
  Notification& message = pending.notification;
  message.notifier = conversation.notifier;
  message.incident = conversation.incident;
  message.number = conversation.number;
  message.thread = conversation.thread;
  message.time = now;
  message.items.reserve(plan.items.size());
  pending.marks.reserve(plan.items.size());
  bool quiet = true;
  auto member = members.begin();
  for (const Planned& planned : plan.items) {
    while (member->alarm->key != planned.key) ++member;
    message.items.push_back(item_at(message.items.size(), *member->alarm, planned.intent));
    pending.marks.push_back({conversation.incident, planned.key, planned.after});
    quiet = quiet && (is_quiet(planned.intent) || !member->gate.open());
    message.escalation_step = std::max(message.escalation_step, member->step);
  }
  add_lines(conversation, pending);
  for (const Line& line : conversation.lines) quiet = quiet && is_quiet(line.item.intent);
  sort_by_key(message.items);
  add_active(conversation, plan, members, message);
  message.quiet = quiet;
  rate(message);
  message.may_be_duplicate =
      world.cut_off && std::ranges::any_of(std::as_const(message.items), [](const auto& item) {
        return item.key.fridge != kBridgeItself;
      });
  message.title = conversation.title;
  if (message.title.empty()) entitle(world, texts, message);
  return pending;
}

Pending compose_digest(std::vector<Pending> parts, const std::string& id, const Texts& texts) {
  Pending digest = std::move(parts.front());
  Notification& message = digest.notification;
  std::set<std::string> fridges = fridges_of(message.items);
  for (std::size_t i = 1; i < parts.size(); ++i) {
    Pending& part = parts[i];
    fridges.merge(fridges_of(part.notification.items));
    std::ranges::move(part.notification.items, std::back_inserter(message.items));
    std::ranges::move(part.notification.active, std::back_inserter(message.active));
    std::ranges::move(part.marks, std::back_inserter(digest.marks));
    digest.lines.merge(part.lines);
    message.quiet = message.quiet && part.notification.quiet;
  }
  message.incident = id;
  message.number = 0;
  message.thread.clear();
  message.question.clear();
  message.title = texts("title.digest", {{"incidents", std::to_string(parts.size())},
                                         {"fridges", std::to_string(fridges.size())}});
  sort_by_key(message.items);
  sort_by_key(message.active);
  rate(message);
  return digest;
}

}  // namespace coldwatch
