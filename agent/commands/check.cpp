#include "agent/commands/check.hpp"

#include <algorithm>
#include <iterator>

#include "agent/channel_view.hpp"
#include "agent/config.hpp"
#include "agent/live/live_source.hpp"
#include "agent/source/catalog.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

/// Enough to have seen the columns of every stream: with start "now" a stream has one chunk.
constexpr int kMostChunks = 1000;
constexpr std::size_t kMostWarnings = 20;

struct LogFindings {
  std::map<std::string, SharedChannels> channels;
  std::string format;
  LogCondition condition;
  std::optional<UtcTime> newest;
};

LogFindings look_at_log(const AgentConfig& config, UtcTime now) {
  LogSettings settings = config.log;
  settings.start = LogStart::kNow;
  Follower follower{settings, {}};
  follower.poll(now);
  LogFindings found;
  ChannelViews views{config.channels};
  for (int i = 0; i < kMostChunks; ++i) {
    const auto chunk = follower.next();
    if (!chunk) break;
    found.channels[chunk->stream] = views.of(chunk->stream, chunk->rows->channels()).channels();
    if (chunk->rows->empty()) continue;
    const UtcTime time = (*chunk->rows)[chunk->rows->size() - 1].time;
    if (!found.newest || time > *found.newest) found.newest = time;
  }
  for (const auto& [stream, channels] : follower.channels()) {
    if (!found.channels.contains(stream))
      found.channels[stream] = views.of(stream, channels).channels();
  }
  found.format = follower.format();
  found.condition = follower.condition();
  return found;
}

/// What in the folder this agent does not follow, a warning a line.
std::string left_out(const AgentConfig& config, const LogFindings& found) {
  const Format* format = find_format(found.format);
  if (format == nullptr) return {};
  LogSettings settings = config.log;
  settings.format = found.format;
  Catalog own{settings};
  own.refresh({}, {});
  std::vector<std::string> sentences = own.copies();
  if (!format->only_by_name) {  // its files would be those of other formats
    settings.format = "auto";
    Catalog all{settings};
    all.refresh({}, {});
    std::ranges::move(all.other_formats(format), std::back_inserter(sentences));
  }
  std::string text;
  for (std::size_t i = 0; i < std::min(sentences.size(), kMostWarnings); ++i) {
    text += "warning: not followed: " + sentences[i] + "\n";
  }
  if (sentences.size() > kMostWarnings) {
    text += "warning: and " + std::to_string(sentences.size() - kMostWarnings) + " more\n";
  }
  return text;
}

/// What a live source answers now, in words; its channels are those of the journal that it will write.
std::string ask_live_source(const AgentConfig& config, const LiveClock& clock, LogFindings& found) {
  LiveSource source{*config.live, clock, [] { return false; }};
  try {
    const LiveSample sample = source.sample();
    std::vector<std::string> names;
    for (const LiveValue& value : sample.values) names.push_back(value.name);
    const auto good = std::ranges::count(sample.values, Quality::kGood, &LiveValue::quality);
    ChannelViews views{config.channels};
    const auto channels = std::make_shared<const Channels>(make_channels(names));
    if (found.channels.empty()) found.channels["main"] = views.of("main", channels).channels();
    return source.name() + ": answers, " + std::to_string(names.size()) + " channels, " +
           std::to_string(good) + " of them with a good value\n";
  } catch (const LiveError& error) {
    return std::string{"warning: "} + error.what() + "\n";
  }
}

bool has_channel(const LogFindings& found, const std::string& wanted) {
  for (const auto& [stream, channels] : found.channels) {
    for (const Channel& channel : *channels) {
      if (channel.key == wanted || channel.name == wanted) return true;
    }
  }
  return false;
}

void check_names(const AgentConfig& config, const LogFindings& found, Mistakes& mistakes) {
  std::vector<std::string> known;
  for (const auto& [stream, channels] : found.channels) {
    for (const Channel& channel : *channels) known.push_back(channel.name);
  }
  const auto check = [&](const std::string& path, const std::string& name) {
    if (has_channel(found, name)) return;
    const std::string hint = nearest(name, known);
    mistakes.push_back({path, "the log has no channel \"" + name + "\"" +
                                  (hint.empty() ? "" : ", did you mean \"" + hint + "\"?")});
  };
  for (const auto& [name, unit] : config.channels.units) check("channels.units." + name, name);
  for (const std::string& name : config.channels.ignore) check("channels.ignore", name);
  for (const std::string& name : config.snapshot_channels) check("snapshot.channels", name);
}

std::string praise(const std::string& file, const AgentConfig& config, const LogFindings& found,
                   const std::string& live, UtcTime now) {
  std::string text = file + ": no mistakes; fridge " + config.fridge + "\n" + live;
  if (found.channels.empty()) {
    return text + "warning: the rules could not be checked against the log in " +
           config.log.folder + ": " +
           (found.condition.text.empty() ? "no log file was found" : found.condition.text) + "\n";
  }
  std::size_t columns = 0;
  for (const auto& [stream, channels] : found.channels) columns += channels->size();
  text += config.log.folder + ": " +
          (found.format.empty() ? "no journal yet" : "format " + found.format) + ", " +
          std::to_string(columns) + " channels in " + std::to_string(found.channels.size()) +
          (found.channels.size() == 1 ? " stream" : " streams");
  if (found.newest) {
    text += ", newest row " + to_rfc3339(*found.newest);
    if (*found.newest <= now) text += " (" + duration_words(now - *found.newest) + " ago)";
  }
  return text + "\n" + left_out(config, found);
}

}  // namespace

CheckResult check(const std::string& file, UtcTime now, const LiveClock& clock) {
  Mistakes mistakes;
  const LoadedConfig loaded = load_agent_config(file, mistakes);
  LogFindings found;
  if (!loaded.config.log.folder.empty()) found = look_at_log(loaded.config, now);
  std::string live;
  if (loaded.config.live && mistakes.empty()) live = ask_live_source(loaded.config, clock, found);
  if (!found.channels.empty()) {
    const Mistakes against_log = loaded.rules.check(found.channels);
    mistakes.insert(mistakes.end(), against_log.begin(), against_log.end());
    check_names(loaded.config, found, mistakes);
  }
  if (!mistakes.empty()) return {.ok = false, .report = describe(mistakes, file)};
  return {.ok = true, .report = praise(file, loaded.config, found, live, now)};
}

}  // namespace coldwatch
