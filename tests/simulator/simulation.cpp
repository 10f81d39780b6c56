#include "tests/simulator/simulation.hpp"

#include "tests/simulator/triton.hpp"
#include "tests/simulator/vcl_bytes.hpp"

namespace coldwatch::simulator {
namespace {

// The scanner sees the fridge change while it goes round.
constexpr double kLongestScan_s = 30;

double seconds_of(Milliseconds duration) { return static_cast<double>(duration.count()) / 1000; }

}  // namespace

Simulation::Simulation(SimulationSettings settings)
    : settings_(std::move(settings)),
      fridge_(settings_.warm ? warm_fridge() : cold_fridge()),
      noise_(settings_.seed) {}

void Simulation::happen(Happening happening, LogStep& step) {
  step.happened.push_back(happening);
  switch (happening) {
    case Happening::kWaterFailure:
      conditions_.water = false;
      break;
    case Happening::kCompressorTrip:
      conditions_.compressor = false;
      break;
    case Happening::kRecovery:
      conditions_ = {};
      break;
    case Happening::kScannerPark:
    case Happening::kScannerResume:
      scanner_.park(happening == Happening::kScannerPark);
      break;
    case Happening::kLogPause:
    case Happening::kLogResume:
      paused_ = happening == Happening::kLogPause;
      break;
    case Happening::kNewLog:
      step.new_file = true;
      paused_ = false;
      line_ = 0;
      scanner_.forget();
      break;
  }
}

LogStep Simulation::next() {
  LogStep step{.time = settings_.start + settings_.interval * tick_};
  const Milliseconds since_start = step.time - settings_.start;
  while (next_step_ < settings_.scenario.size() &&
         settings_.scenario[next_step_].at <= since_start) {
    happen(settings_.scenario[next_step_++].happening, step);
  }
  const double log_s = seconds_of(settings_.interval);
  const double now_s = seconds_of(step.time.time_since_epoch());
  double left_s = log_s * settings_.speed;
  while (left_s > 0) {
    const double part_s = std::min(left_s, kLongestScan_s);
    left_s -= part_s;
    fridge_ = advance(fridge_, conditions_, part_s);
    scanner_.advance(fridge_, part_s, now_s - left_s / settings_.speed, part_s / settings_.speed,
                     noise_);
  }
  if (!paused_) step.row = vcl_row(triton_row(line_++, now_s, fridge_, scanner_, noise_));
  ++tick_;
  return step;
}

}  // namespace coldwatch::simulator
