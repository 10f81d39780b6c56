#include "agent/source/log_entry.hpp"

#include "agent/source/fingerprint.hpp"

namespace coldwatch {

std::pair<const Format*, Recognition> recognise(const Format* only, std::string_view path,
                                                std::string_view head) {
  for (const Format* format : formats()) {
    if (only == nullptr ? format->only_by_name : format != only) continue;
    Recognition found = format->recognise(path, head);
    if (found.mine) return {format, std::move(found)};
  }
  return {nullptr, {}};
}

bool is_same_log(const LogEntry& one, const LogEntry& other) {
  const bool copy =
      one.recognition.order == other.recognition.order && one.head_hash == other.head_hash;
  return copy || one.identity == other.identity;
}

std::optional<LogEntry> examine_file(const Format* format, LogFile& file,
                                     const FileContext& context) {
  if (file.state() != LogFile::State::kOpen) return std::nullopt;
  const auto head = read_some(file, 0, kHeadBytes);
  if (!head) return std::nullopt;
  auto [known, recognition] = recognise(format, context.path, *head);
  if (known == nullptr) return std::nullopt;
  LogEntry entry{.path = context.path,
                 .format = known,
                 .recognition = std::move(recognition),
                 .identity = file.identity(),
                 .head_hash = fingerprint(*head),
                 .size = file.size()};
  const Opened opened = known->open(context, *head);
  if (opened.reader) {
    entry.has_records = known->rewritten_whole || file.size() > opened.reader->start().offset;
  } else if (!opened.need_more) {
    entry.problem = opened.why;
  }
  return entry;
}

}  // namespace coldwatch
