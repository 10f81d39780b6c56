#include "agent/row_sender.hpp"

#include <algorithm>

namespace coldwatch {
namespace {

bool same_record(const Position& x, const Position& y) {
  return x.offset == y.offset && x.record == y.record;
}

/// Where one reader has no finished file, it is gone, or was left before this was kept.
bool same_end(const std::vector<FilePosition>& x, const std::vector<FilePosition>& y) {
  if (x.empty() || y.empty() || x.front().identity != y.front().identity) return true;
  return same_record(x.front().position, y.front().position);
}

}  // namespace

RowSender::RowSender(Topics topics, std::string fridge, StreamPositions acknowledged)
    : topics_(std::move(topics)),
      fridge_(std::move(fridge)),
      acknowledged_(std::move(acknowledged)) {}

void RowSender::begin(const std::string& stream, const FilePosition& at) {
  acknowledged_.emplace(stream, at);
}

void RowSender::offer(const Chunk& chunk, const ChannelView& view, bool connected) {
  if (!follows_) return;
  if (connected && wants_rows()) {
    take(chunk, view);
  } else {
    follows_ = false;
  }
}

void RowSender::take(const Chunk& chunk, const ChannelView& view) {
  const RowBatch& rows = *chunk.rows;
  for (std::size_t first = 0; first < rows.size();) {
    std::string payload = rows_payload(rows, view, chunk.file, first);
    waiting_bytes_ += payload.size();
    FilePosition after = first < rows.size() ? chunk.after_row(first - 1) : chunk.after;
    waiting_.push_back({Publication{.topic = topics_.of(fridge_, "rows", chunk.stream),
                                    .payload = std::move(payload)},
                        chunk.stream, std::move(after)});
  }
}

const Publication* RowSender::next(std::size_t window) const {
  const bool full = under_way_.size() >= std::max<std::size_t>(1, window * 3 / 4) ||
                    under_way_bytes_ >= kMostUnderWayBytes;
  return full || waiting_.empty() ? nullptr : &waiting_.front().publication;
}

void RowSender::sent(Ticket ticket) {
  Message& message = waiting_.front();
  const std::size_t bytes = message.publication.payload.size();
  under_way_.push_back({ticket, std::move(message.stream), std::move(message.after), bytes});
  under_way_bytes_ += bytes;
  waiting_bytes_ -= bytes;
  waiting_.pop_front();
}

bool RowSender::owns(Ticket ticket) const {
  return std::ranges::any_of(under_way_,
                             [ticket](const UnderWay& one) { return one.ticket == ticket; });
}

bool RowSender::acknowledge(Ticket ticket) {
  const auto found = std::ranges::find(under_way_, ticket, &UnderWay::ticket);
  if (found == under_way_.end()) return false;
  found->acknowledged = true;
  while (!under_way_.empty() && under_way_.front().acknowledged) {
    UnderWay& front = under_way_.front();
    acknowledged_[front.stream] = std::move(front.after);
    under_way_bytes_ -= front.bytes;
    under_way_.pop_front();
  }
  return true;
}

void RowSender::rewind() {
  if (!idle()) follows_ = false;
  waiting_.clear();
  under_way_.clear();
  waiting_bytes_ = 0;
  under_way_bytes_ = 0;
}

bool same_places(const StreamPositions& a, const StreamPositions& b) {
  return a.size() == b.size() && std::ranges::equal(a, b, [](const auto& x, const auto& y) {
           return x.first == y.first && x.second.identity == y.second.identity &&
                  same_record(x.second.position, y.second.position) &&
                  same_end(x.second.finished, y.second.finished);
         });
}

}  // namespace coldwatch
