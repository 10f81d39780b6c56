// Keeps the rows of a sheet that were read before away from the XML parser, which would take ten times
// as long over them as unpacking them takes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace coldwatch {

/// Fed with a sheet piece by piece. Whole rows are left out and nothing else, so what is passed on is as
/// well-formed as the sheet. Where the sheet does not begin as one that Excel or openpyxl wrote, it
/// leaves nothing out.
class RowSkipper {
 public:
  /// Leaves out rows 2 to `after`.
  explicit RowSkipper(std::uint64_t after) : after_(after) {}

  /// What of `piece`, and of what was held back before, is to be parsed; valid until the next call.
  std::string_view pass(std::string_view piece);

  /// Number of the last row that was left out; 0 where none was. The next row passed on follows it.
  std::uint64_t last() const { return last_; }

 private:
  std::string_view skip(std::string_view bytes);

  std::uint64_t after_;
  std::uint64_t last_ = 0;
  enum class State { kBegin, kSkip, kPass } state_ = State::kBegin;
  std::string held_;  // the end of the last piece, where a tag may be cut
  std::string buffer_;
};

}  // namespace coldwatch
