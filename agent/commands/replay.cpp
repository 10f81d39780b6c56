#include "agent/commands/replay.hpp"

#include "agent/agent.hpp"
#include "agent/looks.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

using Write = std::function<void(std::string_view)>;

class Replay {
 public:
  Replay(LoadedConfig loaded, const Write& write, const Progress& progress)
      : config_(std::move(loaded.config)),
        agent_(config_, std::move(loaded.rules), {.epoch = "replay"}),
        write_(write),
        progress_(progress) {}

  bool log(const std::string& path, std::string& error) {
    LogSettings settings = config_.log;
    settings.folder = path;
    settings.start = LogStart::kBeginning;
    Follower follower{settings, {}};
    follower.poll(UtcTime::max());
    while (const auto chunk = follower.next()) this->chunk(*chunk);
    for (const LogNotice& notice : follower.take_notices()) agent_.on_notice(notice, last_);
    flush();
    if (follower.condition().state == LogCondition::State::kReadable) return true;
    error = follower.condition().text;
    return false;
  }

 private:
  void chunk(const Chunk& chunk) {
    const ChannelView& view = agent_.view(chunk.stream, chunk.rows->channels());
    const RowOrigin origin{chunk.stream, chunk.file, view};
    for (std::size_t i = 0; i < chunk.rows->size(); ++i) {
      const RowView row = (*chunk.rows)[i];
      for (const UtcTime now : looks_.until(row.time)) {
        agent_.look(now, out_);
        flush();
      }
      last_ = row.time;
      agent_.on_row(origin, row, row.time, out_);
      flush();
    }
    for (const Remark& remark : chunk.rows->remarks) {
      agent_.on_remark(origin, remark, remark.time.value_or(last_));
    }
    flush();
    rows_ += chunk.rows->size();
    progress_(rows_, last_);
    const std::string topic = config_.topics().of(config_.fridge, "rows", chunk.stream);
    for (std::size_t first = 0; first < chunk.rows->size();) {
      std::string payload = rows_payload(*chunk.rows, view, chunk.file, first);
      write_(replay_line({.topic = topic, .payload = std::move(payload)}));
    }
  }

  void flush() {
    if (agent_.alarms_changed() || !settled_) agent_.settle(out_);
    settled_ = true;
    for (const Publication& one : out_.live) write_(replay_line(one));
    for (const Publication& one : out_.state) write_(replay_line(one));
    out_ = {};
    while (const EventMessage* event = agent_.events().next()) {
      write_(replay_line({.topic = agent_.event_topic(), .payload = dump(to_json(*event))}));
      agent_.events().confirm(event->seq);
    }
  }

  const AgentConfig config_;
  Agent agent_;
  const Write& write_;
  const Progress& progress_;
  Looks looks_;
  std::uint64_t rows_ = 0;
  bool settled_ = false;  // rules about silence are judged from then on
  Outgoing out_;
  UtcTime last_{};
};

}  // namespace

std::string replay_line(const Publication& publication) {
  const std::string& payload = publication.payload;
  std::string line = "{\"topic\":";
  append_json_string(line, publication.topic);
  line += ",\"qos\":" + std::to_string(publication.qos) +
          ",\"retain\":" + (publication.retain ? "true" : "false") + ",\"payload\":";
  if (payload.starts_with('{') || payload.starts_with('[')) {
    line += payload;
  } else {
    append_json_string(line, payload);
  }
  return line + "}\n";
}

bool replay(LoadedConfig loaded, const std::vector<std::string>& logs, const Write& write,
            const Progress& progress, std::string& error) {
  const std::string folder = loaded.config.log.folder;
  Replay replay{std::move(loaded), write, progress};
  if (logs.empty()) return replay.log(folder, error);
  for (const std::string& path : logs) {
    if (!replay.log(path, error)) return false;
  }
  return true;
}

}  // namespace coldwatch
