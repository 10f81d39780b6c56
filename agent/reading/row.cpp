#include "agent/reading/row.hpp"

#include <algorithm>
#include <iterator>

namespace coldwatch {
namespace {

/// A batch is filled again and again, so its blocks keep what they have grown to.
template <typename T>
void make_room(std::vector<T>& block, std::size_t size) {
  if (block.size() < size) block.resize(std::max(size, 2 * block.size()));
}

}  // namespace

void RowBatch::reset(SharedChannels channels) {
  channels_ = std::move(channels);
  width_ = channels_ ? channels_->size() : 0;
  heads_.clear();
  remarks.clear();
}

RowBatch::Slot RowBatch::add(std::uint64_t number, UtcTime time, Position next) {
  const std::size_t begin = heads_.size() * width_;
  make_room(values_, begin + width_);
  make_room(quality_, begin + width_);
  heads_.push_back({number, time, next});
  std::fill_n(quality_.data() + begin, width_, Quality::kGood);
  return {{values_.data() + begin, width_}, {quality_.data() + begin, width_}};
}

void RowBatch::append(const RowBatch& other, std::size_t first, std::size_t last) {
  const std::size_t begin = heads_.size() * width_;
  const std::size_t count = (last - first) * width_;
  make_room(values_, begin + count);
  make_room(quality_, begin + count);
  std::copy_n(other.heads_.data() + first, last - first, std::back_inserter(heads_));
  std::copy_n(other.values_.data() + first * width_, count, values_.data() + begin);
  std::copy_n(other.quality_.data() + first * width_, count, quality_.data() + begin);
}

void RowBatch::drop_last() { heads_.pop_back(); }

RowView RowBatch::operator[](std::size_t index) const {
  const Head& head = heads_[index];
  return {head.number, head.time, head.next, std::span{values_}.subspan(index * width_, width_),
          std::span{quality_}.subspan(index * width_, width_)};
}

}  // namespace coldwatch
