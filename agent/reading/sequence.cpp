#include "agent/reading/sequence.hpp"

#include <utility>

namespace coldwatch {
namespace {

constexpr int kGapIntervals = 5;
constexpr Milliseconds kShortestGap = std::chrono::seconds{30};

Remark anomaly(std::string code, std::uint64_t line, UtcTime time, std::string text) {
  return {Remark::Kind::kAnomaly, std::move(code), line, time, std::move(text)};
}

}  // namespace

void RowSequence::check_closely(std::uint64_t number, UtcTime time, std::vector<Remark>& remarks) {
  if (before_ && number != before_->number + 1) {
    remarks.push_back(anomaly("number_jump", number, time,
                              "line number goes from " + std::to_string(before_->number) + " to " +
                                  std::to_string(number)));
  }
  check_time(number, time, remarks);
}

void RowSequence::check_time(std::uint64_t number, UtcTime time, std::vector<Remark>& remarks) {
  const std::optional<Row> before = std::exchange(before_, Row{number, time});
  if (!before) return;
  const Milliseconds step = time - before->time;
  if (step == Milliseconds{0}) {
    remarks.push_back(anomaly("repeated_time", number, time, "same time as the row before"));
  } else if (step < Milliseconds{0}) {
    remarks.push_back(
        anomaly("time_back", number, time, "time goes back by " + duration_words(-step)));
  } else if (usual_ > Milliseconds{0} && step > kGapIntervals * usual_ && step > kShortestGap) {
    remarks.push_back(anomaly(
        "gap", number, time,
        "no row for " + duration_words(step) + " where one comes every " + duration_words(usual_)));
    usual_ *= 2;  // a log that is slower for good is remarked on once or twice, not for ever
  } else {
    usual_ = usual_ == Milliseconds{0} ? step : (usual_ * 7 + step) / 8;
  }
}

}  // namespace coldwatch
