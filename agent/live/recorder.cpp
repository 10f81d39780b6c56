#include "agent/live/recorder.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "common/log.hpp"

namespace coldwatch {
namespace {

/// A server that takes one client only is not to be knocked at all the time.
constexpr Milliseconds kRetryPause = std::chrono::seconds{5};

class Recording {
 public:
  Recording(const LiveSettings& settings, const std::string& folder, LiveClock clock,
            std::stop_token stop)
      : poll_(settings.poll),
        clock_(clock),
        stop_(std::move(stop)),
        source_(settings, std::move(clock), [this] { return stop_.stop_requested(); }),
        journal_(folder, source_.name(), settings.keep) {}

  void run() {
    auto next = clock_.steady();
    while (!stop_.stop_requested()) {
      const bool worked = take_sample();
      const auto now = clock_.steady();
      // After a long round or a sleep of the PC the next one is due now, and not all that were missed.
      next = worked ? std::max(next + poll_, now) : now + std::max(poll_, kRetryPause);
      pause(next - now);
    }
  }

 private:
  bool take_sample() {
    try {
      const LiveSample sample = source_.sample();
      std::string error;
      const bool written = journal_.add(sample, clock_.utc(), error);
      tell(written ? "" : error);
      return true;
    } catch (const LiveError& trouble) {
      if (!stop_.stop_requested()) tell(trouble.what());
      return false;
    }
  }

  /// Once for each trouble, and once where it is over.
  void tell(const std::string& trouble) {
    if (trouble == trouble_) return;
    const std::string words = trouble.empty() ? source_.name() + ": answers again" : trouble;
    log_warning("live source " + words);
    std::string error;
    if (!journal_.say(words, clock_.utc(), error)) log_error(error);
    trouble_ = trouble;
  }

  void pause(std::chrono::steady_clock::duration time) {
    std::mutex mutex;
    std::unique_lock lock{mutex};
    std::condition_variable_any().wait_for(lock, stop_, time, [] { return false; });
  }

  Milliseconds poll_;
  LiveClock clock_;
  std::stop_token stop_;
  LiveSource source_;
  LiveJournal journal_;
  std::string trouble_;
};

}  // namespace

LiveRecorder::LiveRecorder(const LiveSettings& settings, const std::string& folder, LiveClock clock)
    : thread_([=](std::stop_token stop) {
        Recording{settings, folder, clock, std::move(stop)}.run();
      }) {}

}  // namespace coldwatch
