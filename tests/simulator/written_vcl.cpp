#include <cmath>

#include "common/text.hpp"
#include "tests/simulator/vcl_bytes.hpp"
#include "tests/simulator/written_log.hpp"

namespace coldwatch::simulator {
namespace {

constexpr int kRowsBeforeTheFirstScan = 2;
constexpr double kStaleAfter_s = 300;

/// Collects the cells of one row, and what of them is a reading.
class RowMaker {
 public:
  RowMaker(int number, UtcTime time)
      : time_s_(static_cast<double>(time.time_since_epoch().count()) / 1000),
        cells_{0, static_cast<double>(number), time_s_},
        names_{"LineSize(bytes)", "LineNumber", "Time(secs)"} {
    row_.time = time;
  }

  void add(const std::string& name, double value, bool good = true) {
    names_.push_back(name);
    cells_.push_back(value);
    std::string key = key_of(name);
    if (row_.values.contains(key)) key += "_2";
    row_.values[key] = good ? std::optional{value} : std::nullopt;
  }
  /// Not a channel of its own: it judges the other two.
  void add_time(const std::string& name, double value) {
    names_.push_back(name);
    cells_.push_back(value);
  }

  double time_s() const { return time_s_; }
  const std::vector<std::string>& names() const { return names_; }
  std::string bytes() {
    cells_[0] = 8.0 * static_cast<double>(cells_.size());
    return vcl_row(cells_);
  }
  WrittenRow row() { return std::move(row_); }

 private:
  double time_s_;
  std::vector<double> cells_;
  std::vector<std::string> names_;
  WrittenRow row_;
};

void add_plant(RowMaker& maker, int pulse_tubes, Noise& noise) {
  for (const char* gauge : {"P1 Tank (Bar)", "P2 Condense (Bar)", "P3 Still (mbar)",
                            "P4 TurboBack (mbar)", "P5 ForepumpBack (Bar)", "Dewar (mbar)"}) {
    maker.add(gauge, 0.1 * noise.normal());  // small negatives are readings
  }
  for (int tube = 0; tube < pulse_tubes; ++tube) {
    for (const char* name : {"Input Water Temp", "Output Water Temp", "Helium Temp", "Oil Temp",
                             "Motor Current", "Low Pressure", "High Pressure"}) {
      maker.add(name, tube == 0 ? 20 + noise.normal() : 0);  // and so are zeros
    }
  }
}

template <typename AddRow>
WrittenLog write_vcl(const LogPlan& plan, AddRow add_row) {
  Noise noise{plan.seed};
  WrittenLog log;
  const LocalTime created = plan.zone.to_local(plan.start - plan.interval);
  const std::string path = formatted("log %02d%02u%02u %02d%02d%02d.vcl", created, 100);
  std::string& bytes = log.files[path];
  for (int i = 0; i < plan.rows; ++i) {
    RowMaker maker{i, plan.time(i)};
    add_row(maker, i, noise);
    if (i == 0) {
      bytes = vcl_head(maker.names(), "C:/Oxford Instruments/" + path,
                       formatted("%04d-%02u-%02uT%02d:%02d:%02d", created));
    }
    bytes += maker.bytes();
    log.streams["main"].push_back(maker.row());
  }
  return log;
}

}  // namespace

WrittenLog write_triton_xl(const LogPlan& plan) {
  return write_vcl(plan, [](RowMaker& maker, int i, Noise& noise) {
    add_plant(maker, 2, noise);
    for (int sensor = 1; sensor <= 14; ++sensor) {
      const bool off = sensor == 5 || i < kRowsBeforeTheFirstScan;
      const std::string name = "Stage " + std::to_string(sensor);
      maker.add(name + " T(K)", off ? 321.1145 : 4 + 0.01 * noise.normal(), !off);
      maker.add(name + " R(Ohm)", off ? 0 : 1000 + noise.normal(), !off);
    }
    for (const char* name : {"Still heater (W)", "chamber heater (W)", "turbo current(A)",
                             "turbo power(W)", "turbo speed(Hz)", "turbo motor(C)"}) {
      maker.add(name, std::abs(noise.normal()));
    }
  });
}

WrittenLog write_dr200(const LogPlan& plan) {
  const int frozen_from = plan.rows / 2;
  const double frozen_s =
      static_cast<double>(plan.time(frozen_from).time_since_epoch().count()) / 1000;
  return write_vcl(plan, [=](RowMaker& maker, int i, Noise& noise) {
    add_plant(maker, 1, noise);
    for (int sensor = 0; sensor < 13; ++sensor) {
      const std::string name = "M/C X5575" + std::to_string(sensor);
      const bool scanned = sensor != 12 && i >= kRowsBeforeTheFirstScan;
      const bool freezes = sensor == 3 && i >= frozen_from;
      const double t = !scanned ? 0 : freezes ? frozen_s : maker.time_s() - 14 * (sensor % 8);
      const bool good = scanned && maker.time_s() - t <= kStaleAfter_s;
      maker.add_time(name + " t(s)", t);
      maker.add(name + " T(K)", scanned ? 1 + 0.01 * noise.normal() : 0, good);
      maker.add(name + " R(Ohm)", scanned ? 2000 + noise.normal() : 0, good);
    }
    for (const char* name :
         {"Still heater (W)", "chamber heater (W)", "IVC sorb heater (W)", "turbo current(A)",
          "turbo power(W)", "turbo speed(Hz)", "turbo motor(C)", "turbo bottom(C)", "PT hours"}) {
      maker.add(name, std::abs(noise.normal()));
    }
  });
}

}  // namespace coldwatch::simulator
