#include "agent/commands/backtest.hpp"

#include "agent/channel_view.hpp"
#include "agent/source/follower.hpp"

namespace coldwatch {
namespace {

bool live_through(LogSettings settings, ChannelViews& views, Backtest& backtest,
                  const Progress& progress, std::string& error) {
  settings.start = LogStart::kBeginning;
  Follower follower{settings, {}};
  follower.poll(UtcTime::max());
  while (const auto chunk = follower.next()) {
    const SharedChannels channels = views.of(chunk->stream, chunk->rows->channels()).channels();
    for (std::size_t i = 0; i < chunk->rows->size(); ++i) {
      backtest.on_row(chunk->stream, channels, (*chunk->rows)[i]);
    }
    if (!chunk->rows->empty()) {
      progress(backtest.rows(), (*chunk->rows)[chunk->rows->size() - 1].time);
    }
  }
  if (follower.condition().state == LogCondition::State::kReadable) return true;
  error = follower.condition().text;
  return false;
}

}  // namespace

std::optional<BacktestReport> backtest(LoadedConfig loaded, const std::vector<std::string>& logs,
                                       std::optional<UtcTime> event, const Progress& progress,
                                       std::string& error) {
  Backtest run{std::move(loaded.rules), event};
  ChannelViews views{loaded.config.channels};
  LogSettings settings = loaded.config.log;
  if (logs.empty() && !live_through(settings, views, run, progress, error)) return std::nullopt;
  for (const std::string& path : logs) {
    settings.folder = path;
    if (!live_through(settings, views, run, progress, error)) return std::nullopt;
  }
  return run.report();
}

}  // namespace coldwatch
