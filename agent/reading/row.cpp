#include "agent/reading/row.hpp"

namespace coldwatch {

void RowBatch::reset(SharedChannels channels) {
  channels_ = std::move(channels);
  width_ = channels_ ? channels_->size() : 0;
  heads_.clear();
  values_.clear();
  quality_.clear();
  remarks.clear();
}

RowBatch::Slot RowBatch::add(std::uint64_t number, UtcTime time, Position next) {
  heads_.push_back({number, time, next});
  values_.resize(values_.size() + width_);
  quality_.resize(quality_.size() + width_, Quality::kGood);
  return {std::span{values_}.last(width_), std::span{quality_}.last(width_)};
}

void RowBatch::append(const RowBatch& other, std::size_t first, std::size_t last) {
  const auto part = [](auto& to, const auto& from, std::size_t begin, std::size_t end) {
    to.insert(to.end(), from.begin() + static_cast<std::ptrdiff_t>(begin),
              from.begin() + static_cast<std::ptrdiff_t>(end));
  };
  part(heads_, other.heads_, first, last);
  part(values_, other.values_, first * width_, last * width_);
  part(quality_, other.quality_, first * width_, last * width_);
}

void RowBatch::drop_last() {
  heads_.pop_back();
  values_.resize(values_.size() - width_);
  quality_.resize(quality_.size() - width_);
}

RowView RowBatch::operator[](std::size_t index) const {
  const Head& head = heads_[index];
  return {head.number, head.time, head.next, std::span{values_}.subspan(index * width_, width_),
          std::span{quality_}.subspan(index * width_, width_)};
}

}  // namespace coldwatch
