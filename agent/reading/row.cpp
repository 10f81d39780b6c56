#include "agent/reading/row.hpp"

#include <algorithm>
#include <iterator>

namespace coldwatch {

void RowBatch::reset(SharedChannels channels) {
  std::fill_n(quality_.begin(), heads_.size() * width_, Quality::kGood);
  channels_ = std::move(channels);
  width_ = channels_ ? channels_->size() : 0;
  heads_.clear();
  remarks.clear();
}

void RowBatch::grow(std::size_t cells) {
  values_.resize(std::max(cells, 2 * values_.size()));
  quality_.resize(values_.size());
}

void RowBatch::append(const RowBatch& other, std::size_t first, std::size_t last) {
  const std::size_t begin = heads_.size() * width_;
  const std::size_t count = (last - first) * width_;
  make_room(begin + count);
  std::copy_n(other.heads_.data() + first, last - first, std::back_inserter(heads_));
  std::copy_n(other.values_.data() + first * width_, count, values_.data() + begin);
  std::copy_n(other.quality_.data() + first * width_, count, quality_.data() + begin);
}

void RowBatch::drop_last() {
  heads_.pop_back();
  std::fill_n(quality_.data() + heads_.size() * width_, width_, Quality::kGood);
}

RowView RowBatch::operator[](std::size_t index) const {
  const Head& head = heads_[index];
  return {head.number, head.time, head.next, std::span{values_}.subspan(index * width_, width_),
          std::span{quality_}.subspan(index * width_, width_)};
}

}  // namespace coldwatch
