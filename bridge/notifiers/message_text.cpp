#include "bridge/notifiers/message_text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <set>
#include <tuple>

#include "bridge/notifiers/escaping.hpp"
#include "bridge/notifiers/layout.hpp"
#include "bridge/notifiers/trend.hpp"
#include "bridge/watch/own_alarms.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr std::size_t kLongestTextBytes = 400;
constexpr std::size_t kLongestPlaybookBytes = 1000;
constexpr std::size_t kLongestNameBytes = 80;
/// Rules of fridges whose alarms the bridge raises.
const std::set<std::string_view> kOwnOfFridges{"agent_offline", "log_stopped", "log_unreadable",
                                               "two_agents"};

std::string clean(std::string_view text, std::size_t most = kLongestTextBytes) {
  return shortened(visible(text), {most, Measure::kBytes});
}

/// One view of a notification: what the functions below share.
struct Scene {
  const Notification& notification;
  const Texts& texts;
  const RenderContext& context;
  bool several_sites = false;

  std::string clock(UtcTime time) const { return clock_words(time, context.now, *context.zone); }

  std::string fridge(const NotificationItem& item) const {
    const std::string fridge = fridge_words(item.key.fridge, texts);
    const std::string name = several_sites ? item.key.site + "/" + fridge : fridge;
    return clean(name, kLongestNameBytes);
  }
  std::string severity(Severity severity) const {
    return texts("severity." + std::string{word(severity)});
  }
  std::string label(const NotificationItem& item) const {
    return texts("intent." + std::string{word(item.intent)},
                 {{"severity", severity(item.severity)}});
  }
  std::string what(const NotificationItem& item) const {
    const std::string words = alarm_words(item.key, item.text, texts);
    if (item.count < 2) return clean(words);
    return clean(texts("times", {{"text", words}, {"count", std::to_string(item.count)}}));
  }
};

std::string duration_in(Milliseconds duration, const Texts& texts) {
  std::string words;
  for (const auto& [count, unit] : duration_parts(duration)) {
    words += (words.empty() ? "" : " ") +
             texts("duration." + std::string{unit}, {{"count", std::to_string(count)}});
  }
  return words;
}

/// Seconds only where the whole is below ten minutes.
std::string duration_between(UtcTime from, UtcTime to, const Texts& texts) {
  using std::chrono::minutes;
  if (to - from < std::chrono::seconds{1}) return {};
  const bool exact = to - from < minutes{10};
  return duration_in(exact ? to - from : std::chrono::floor<minutes>(to - from), texts);
}

std::string value_piece(const Scene& scene, const NotificationItem& item) {
  if (!item.value) return {};
  const std::string unit = clean(item.unit);
  Words words{{"channel", clean(item.channel)}, {"value", value_words(*item.value, unit)}};
  if (is_end(item.intent)) return scene.texts("piece.value_now", words);
  if (item.limit) words.emplace_back("limit", value_words(*item.limit, unit));
  return scene.texts("piece.value", words);
}

std::string time_piece(const Scene& scene, const NotificationItem& item) {
  const Texts& texts = scene.texts;
  if (item.intent == Intent::kNotice) return texts("piece.at", {{"time", scene.clock(item.since)}});
  if (!is_end(item.intent)) {
    const auto age = scene.context.now - item.since;
    const bool old = age >= std::chrono::minutes{1};
    const auto minutes = std::chrono::floor<std::chrono::minutes>(age);
    return texts("piece.since", {{"since", scene.clock(item.since)},
                                 {"duration", old ? duration_in(minutes, texts) : std::string{}}});
  }
  if (!item.until) return texts("piece.ended", {{"since", scene.clock(item.since)}});
  const Words words{{"since", scene.clock(item.since)},
                    {"until", scene.clock(*item.until)},
                    {"duration", duration_between(item.since, *item.until, texts)}};
  const bool past = item.intent == Intent::kOccurredAndCleared;
  return texts(past ? "piece.from_to" : "piece.lasted", words);
}

TextLine line_of(const Scene& scene, const NotificationItem& item) {
  const bool over = is_end(item.intent);
  std::vector<std::string> pieces{value_piece(scene, item)};
  if (!over && item.value) pieces.push_back(trend_words(item.trend, clean(item.unit), scene.texts));
  if (over) {
    pieces.insert(pieces.begin(), time_piece(scene, item));
  } else {
    pieces.push_back(time_piece(scene, item));
  }
  if (item.stale && item.intent != Intent::kStale) pieces.push_back(scene.texts("piece.stale"));
  if (!item.acknowledged_by.empty() && !over) {
    pieces.push_back(scene.texts("piece.acknowledged", {{"who", clean(item.acknowledged_by)}}));
  }
  std::string text;
  for (const std::string& piece : pieces) {
    if (piece.empty()) continue;
    text += (text.empty() ? std::string{} : scene.texts("join")) + piece;
  }
  return {scene.fridge(item), text};
}

std::size_t count_fridges(const TextSection& section) {
  std::set<std::string_view> fridges;
  for (const TextLine& line : section.lines) fridges.insert(line.fridge);
  return fridges.size();
}

/// Items that people would call the same alarm, in the order in which each first appears.
std::vector<std::vector<const NotificationItem*>> group(const Notification& notification) {
  using Sameness = std::tuple<Intent, Severity, int, std::string_view, std::string_view>;
  std::vector<std::vector<const NotificationItem*>> groups;
  std::map<Sameness, std::size_t> known;
  for (const NotificationItem& item : notification.items) {
    const Sameness same{item.intent, item.severity, item.count, item.text, item.playbook};
    const auto [entry, fresh] = known.emplace(same, groups.size());
    if (fresh) groups.emplace_back();
    groups[entry->second].push_back(&item);
  }
  std::ranges::stable_sort(groups, [](const auto& a, const auto& b) {
    const auto rank = [](const NotificationItem& item) {
      return is_end(item.intent) ? 3 : 2 - static_cast<int>(item.severity);
    };
    return rank(*a.front()) < rank(*b.front());
  });
  return groups;
}

std::string headline_of(const Scene& scene, const std::vector<const NotificationItem*>& group,
                        const TextSection& section, std::size_t others) {
  const std::size_t fridges = count_fridges(section);
  Words words{{"label", scene.label(*group.front())}, {"text", scene.what(*group.front())}};
  words.emplace_back("fridge", section.lines.front().fridge);
  words.emplace_back("count", std::to_string(fridges));
  std::string headline = scene.texts(fridges > 1 ? "headline.many" : "headline.one", words);
  if (others == 0) return headline;
  return scene.texts("headline.more", {{"headline", headline}, {"count", std::to_string(others)}});
}

/// Of so many alarms the names of the fridges, each once where its alarms stand together.
class Names {
 public:
  explicit Names(const Scene& scene) : scene_(scene) {}

  void add(const NotificationItem& item) {
    const bool same = last_ != nullptr && last_->key.fridge == item.key.fridge &&
                      last_->key.site == item.key.site;
    if (same) ++lines_.back().alarms;
    if (!same) lines_.push_back({scene_.fridge(item), {}});
    last_ = &item;
  }
  std::vector<TextLine> take() { return std::move(lines_); }

 private:
  const Scene& scene_;
  const NotificationItem* last_ = nullptr;
  std::vector<TextLine> lines_;
};

std::vector<TextLine> lines_of(const Scene& scene,
                               const std::vector<const NotificationItem*>& group) {
  if (scene.notification.items.size() > kMostDetailed) {
    Names names{scene};
    for (const NotificationItem* item : group) names.add(*item);
    return names.take();
  }
  std::vector<TextLine> lines;
  for (const NotificationItem* item : group) lines.push_back(line_of(scene, *item));
  return lines;
}

TextSection section_of(const Scene& scene, const std::vector<const NotificationItem*>& group) {
  const NotificationItem& first = *group.front();
  TextSection section{.intent = first.intent, .severity = first.severity};
  section.lines = lines_of(scene, group);
  const std::size_t fridges = count_fridges(section);
  section.heading = scene.texts(fridges > 1 ? "heading.many" : "heading.one",
                                {{"label", scene.label(first)},
                                 {"text", scene.what(first)},
                                 {"count", std::to_string(fridges)}});
  if (!first.playbook.empty() && !is_end(first.intent)) {
    section.playbook =
        scene.texts("playbook", {{"text", clean(first.playbook, kLongestPlaybookBytes)}});
  }
  return section;
}

std::vector<TextLine> still_active(const Scene& scene) {
  std::set<AlarmKey> told;
  for (const NotificationItem& item : scene.notification.items) told.insert(item.key);
  const bool only_names = scene.notification.active.size() > kMostDetailed;
  Names names{scene};
  std::vector<TextLine> lines;
  for (const NotificationItem& item : scene.notification.active) {
    if (told.contains(item.key)) continue;
    if (only_names) {
      names.add(item);
      continue;
    }
    lines.push_back({scene.fridge(item),
                     scene.texts("active.line", {{"text", scene.what(item)},
                                                 {"severity", scene.severity(item.severity)},
                                                 {"time", time_piece(scene, item)}})});
  }
  return only_names ? names.take() : lines;
}

bool names_several_sites(const Notification& notification) {
  std::set<std::string_view> sites;
  for (const NotificationItem& item : notification.items) sites.insert(item.key.site);
  for (const NotificationItem& item : notification.active) sites.insert(item.key.site);
  return sites.size() > 1;
}

}  // namespace

bool is_end(Intent intent) {
  return intent == Intent::kClear || intent == Intent::kReturnUnacked ||
         intent == Intent::kOccurredAndCleared;
}

std::string_view colour_sign(const Notification& notification) {
  if (notification.all_clear) return "🟢";
  constexpr std::array<std::string_view, 3> kSigns{"🔵", "🟠", "🔴"};
  return kSigns.at(static_cast<std::size_t>(notification.severity));
}

std::string clock_words(UtcTime time, UtcTime now, const TimeZone& zone) {
  const LocalTime local = zone.to_local(time);
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::hh_mm_ss clock{local - day};
  const std::chrono::year_month_day date{day};
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u %02d:%02d", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()));
  const bool today = day == std::chrono::floor<std::chrono::days>(zone.to_local(now));
  constexpr std::size_t kDateLength = 11;
  return today ? text.data() + kDateLength : text.data();
}

std::string alarm_words(const AlarmKey& key, const std::string& text, const Texts& texts) {
  // An alarm about one of many, such as notifier_failing_<name>, has the name at its end.
  constexpr std::string_view kFailing = "notifier_failing_";
  const std::string_view rule = key.rule;
  const bool failing = rule.starts_with(kFailing);
  const std::string name =
      "own." + std::string{failing ? kFailing.substr(0, kFailing.size() - 1) : rule};
  const bool own = key.fridge == kBridgeItself || kOwnOfFridges.contains(rule);
  if (text.empty()) return key.rule;
  if (!own || !texts.has(name)) return text;
  const auto colon = text.find(": ");
  return texts(name, {{"text", text},
                      {"name", failing ? std::string{rule.substr(kFailing.size())} : std::string{}},
                      {"detail", colon == text.npos ? std::string{} : text.substr(colon + 2)}});
}

std::string fridge_words(const std::string& fridge, const Texts& texts) {
  return fridge == kBridgeItself ? texts("own.bridge") : fridge;
}

MessageText message_text(const Notification& notification, const Texts& texts,
                         const std::string& link, const RenderContext& context) {
  const Scene scene{notification, texts, context, names_several_sites(notification)};
  MessageText message;
  const auto groups = group(notification);
  for (const auto& one : groups) message.sections.push_back(section_of(scene, one));
  message.headline = groups.empty() ? clean(notification.title)
                                    : headline_of(scene, groups.front(), message.sections.front(),
                                                  groups.size() - 1);
  message.context = clean(notification.question);
  if (notification.may_be_duplicate) {
    message.context += (message.context.empty() ? "" : " ") + texts("may_be_duplicate");
  }
  message.active = still_active(scene);
  if (!message.active.empty()) message.active_heading = texts("active");
  if (notification.all_clear) message.all_clear = texts("all_clear");
  if (!link.empty()) {
    message.link = link;
    message.link_label = texts("link");
  }
  return message;
}

}  // namespace coldwatch
