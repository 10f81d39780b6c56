#include "tests/simulator/written_log.hpp"

namespace coldwatch::simulator {
namespace {

/// "1.082930E+2", as ValveControl writes it, or "1.082930e+02".
WrittenNumber in_words(double value, bool old) {
  WrittenNumber number = written("%.6e", value);
  if (!old) return number;
  const std::size_t e = number.text.find('e');
  number.text[e] = 'E';
  if (number.text[e + 2] == '0') number.text.erase(e + 2, 1);
  return number;
}

class BlueforsWriter {
 public:
  BlueforsWriter(const LogPlan& plan, bool old) : plan_(plan), old_(old), noise_(plan.seed) {}

  WrittenLog write() {
    for (row_ = 0; row_ < plan_.rows; ++row_) {
      const LocalTime local = plan_.zone.to_local(plan_.time(row_));
      day_ = formatted("%02d-%02u-%02u", local, 100);
      const std::string date{day_.substr(6, 2) + day_.substr(2, 4) + day_.substr(0, 2)};
      stamp_ = date + "," + formatted("%04d-%02u-%02u %02d:%02d:%02d", local).substr(11);
      add_thermometer(1, 4);
      add_thermometer(6, 0.02);
      const WrittenNumber flow = written("%.6f", 0.5 + 0.01 * noise_.normal());
      add_line("Flowmeter", (old_ ? " " : "") + stamp_ + "," + flow.text);
      add_row("flowmeter", {{"Flowmeter", flow.value}});
      add_gauges();
      add_valves();
    }
    return std::move(log_);
  }

 private:
  void add_line(const std::string& kind, const std::string& line) {
    log_.files[day_ + "/" + kind + " " + day_ + ".log"] += line + "\r\n";
  }
  void add_row(const std::string& stream, std::map<std::string, std::optional<double>> values) {
    log_.streams[stream].push_back({plan_.time(row_), std::move(values)});
  }

  /// T of the sixth channel is silent for a third of the log, and once the bridge gives R = 0.
  void add_thermometer(int channel, double temperature) {
    const std::string name = "CH" + std::to_string(channel);
    const bool silent = channel == 6 && row_ > plan_.rows / 3 && row_ < 2 * plan_.rows / 3;
    const bool glitch = row_ == plan_.rows / 4;
    const std::string begin = (old_ ? " " : "") + stamp_ + ",";
    const WrittenNumber kelvin =
        in_words(glitch ? 20.1005 : temperature * (1 + 0.01 * noise_.normal()), old_);
    const WrittenNumber ohm = in_words(glitch ? -0.0 : 5000 + noise_.normal(), old_);
    if (!silent) add_line(name + " T", begin + kelvin.text);
    add_line(name + " R", begin + ohm.text);
    const auto good = [&](double value) {
      return glitch ? std::nullopt : std::optional<double>{value};
    };
    add_row("ch" + std::to_string(channel),
            {{name + "_T", silent ? std::nullopt : good(kelvin.value)},
             {name + "_R", good(ohm.value)}});
  }

  /// The fifth is off and repeats what it had.
  void add_gauges() {
    std::string line = stamp_;
    std::map<std::string, std::optional<double>> values;
    for (int gauge = 1; gauge <= 6; ++gauge) {
      const bool off = gauge == 5;
      const WrittenNumber mbar = off ? written("%.2e", 0.02) : written("%.2e", noise_.normal());
      const std::string number = std::to_string(gauge);
      line += ",CH" + number + (old_ ? ",P" + number + "  ," : ",        ,") + (off ? "0" : "1") +
              "," + mbar.text + "," + (off ? "4" : "0") + ",1";
      values["P" + number] = off ? std::nullopt : std::optional{mbar.value};
    }
    add_line("maxigauge", line + ",");
    add_row("maxigauge", std::move(values));
  }

  /// Told when they change, as ValveControl does; every time by Control Software.
  void add_valves() {
    const bool open = row_ / 7 % 2 == 1;
    if (old_ && row_ % 7 != 0) return;
    add_line("Channels", stamp_ + (old_ ? ",8" : ",0") + ",v1," + (open ? "1" : "0") + ",turbo1,1");
    add_row("channels", {{"v1", open ? 1.0 : 0.0}, {"turbo1", 1.0}});
  }

  const LogPlan& plan_;
  bool old_;
  Noise noise_;
  int row_ = 0;
  std::string day_;    // YY-MM-DD
  std::string stamp_;  // DD-MM-YY,HH:MM:SS
  WrittenLog log_;
};

}  // namespace

WrittenLog write_bluefors(const LogPlan& plan, bool old) {
  return BlueforsWriter{plan, old}.write();
}

}  // namespace coldwatch::simulator
