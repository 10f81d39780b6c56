// Two bridges around one broker, in simulated time, each of which may die or be cut off.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/bridge/bridge_helper.hpp"

namespace coldwatch {

class TwoBridges {
 public:
  /// Both run, are connected and know each other; notifiers "mail" and "phone".
  TwoBridges();

  /// As an agent says it, who repeats it to whom the broker gives no retained message.
  void alarm(const std::string& fridge, const AlarmMessage& message);
  void command(const std::string& bridge, const std::string& verb, const std::string& payload);
  void wait(int time_s);

  void kill(std::size_t side);
  void start(std::size_t side);
  void cut(std::size_t side);
  void join(std::size_t side);
  /// The broker forgets everything, and both reconnect.
  void lose_broker(int time_s);

  Core& core(std::size_t side) { return *sides_[side].core; }
  bool lives(std::size_t side) const { return sides_[side].lives; }
  bool connected(std::size_t side) const { return sides_[side].connected; }
  /// What came from this one, and from both in the order of time; then forgotten.
  std::vector<std::string> take_told(std::size_t side);
  /// The last word of each alarm on each notifier, "mail f1/hot", whoever told it.
  const std::map<std::string, std::string>& last_words() const { return last_words_; }
  int told() const { return told_; }

 private:
  struct Side {
    std::unique_ptr<Core> core;
    bool lives = true;
    bool connected = true;
    std::size_t arrived = 0;
    bool hears() const { return lives && connected; }
  };
  void publish(const Publication& one, std::size_t from);
  void carry();
  void beat();
  void note_arrivals(Side& side);

  std::array<Side, 2> sides_;
  std::map<std::string, std::string> retained_;
  std::map<std::string, std::string> last_words_;
  int told_ = 0;
  int seconds_ = 0;
  UtcTime now_{};
};

}  // namespace coldwatch
