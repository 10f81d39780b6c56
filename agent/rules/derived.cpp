#include "agent/rules/derived.hpp"

#include <algorithm>

#include "common/json.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr char kPath[] = "channels.derived";

bool contains(const auto& list, const auto& value) {
  return std::ranges::find(list, value) != std::ranges::end(list);
}

}  // namespace

DerivedChannels DerivedChannels::read(const nlohmann::json* value, Mistakes& mistakes) {
  DerivedChannels derived;
  if (value == nullptr) return derived;
  if (!value->is_object() || value->size() > kMost) {
    mistakes.push_back({kPath, "expected an object of at most " + std::to_string(kMost) +
                                   " expressions {\"name\": \"a - b\"}"});
    return derived;
  }
  std::vector<One> waiting;
  for (const auto& [name, text] : value->items()) {
    const std::string path = std::string{kPath} + "." + name;
    if (name != key_of(name)) {
      mistakes.push_back({path, "expected a name of letters, digits and single _, such as \"" +
                                    key_of(name) + "\""});
    } else if (!text.is_string()) {
      mistakes.push_back({path, "expected an expression in quotes"});
    } else {
      std::string error;
      auto expression = Expression::read(text.get<std::string>(), error);
      if (!expression) {
        mistakes.push_back({path, "\"" + text.get<std::string>() + "\": " + error});
      } else {
        waiting.push_back({name, std::move(*expression)});
      }
    }
  }
  while (!waiting.empty()) {
    const auto ready = std::ranges::find_if(waiting, [&waiting](const One& one) {
      return std::ranges::none_of(one.expression.channels(), [&waiting](const std::string& name) {
        return std::ranges::find(waiting, name, &One::name) != waiting.end();
      });
    });
    if (ready == waiting.end()) break;
    derived.all_.push_back(std::move(*ready));
    waiting.erase(ready);
  }
  for (const One& one : waiting) {
    mistakes.push_back(
        {std::string{kPath} + "." + one.name, "needs itself, directly or through others"});
  }
  return derived;
}

void DerivedChannels::put_names(Board& board) const {
  for (const One& one : all_) {
    const Channel channel{one.name, one.name, "", ""};
    board.add(std::span{&channel, 1});
  }
}

void DerivedChannels::settle(Board& board) {
  for (One& one : all_) {
    const Channel channel{one.name, one.name, "", ""};
    one.slot = board.add(std::span{&channel, 1}).front();
  }
}

void DerivedChannels::bind(const Board& board) {
  for (One& one : all_) one.expression.bind(board);
}

void DerivedChannels::spread(std::vector<Board::Slot>& touched) const {
  for (const One& one : all_) {
    const auto uses = [&touched](Board::Slot slot) { return contains(touched, slot); };
    if (std::ranges::any_of(one.expression.inputs(), uses)) touched.push_back(one.slot);
  }
}

void DerivedChannels::on_row(Scene& scene, UtcTime time, const std::vector<Board::Slot>& touched) {
  for (One& one : all_) {
    if (one.slot == Board::kMostSlots || !contains(touched, one.slot)) continue;
    scene.board.put(one.slot, time, one.expression.on_row(scene, time));
  }
}

void DerivedChannels::check(const std::vector<std::string>& log_keys, const Board& board,
                            Mistakes& mistakes) const {
  for (const One& one : all_) {
    const std::string path = std::string{kPath} + "." + one.name;
    if (contains(log_keys, one.name)) {
      mistakes.push_back({path, "the log has a channel of that name already"});
    }
    one.expression.check(board, path, mistakes);
  }
}

nlohmann::json DerivedChannels::state() const {
  nlohmann::json state = nlohmann::json::object();
  for (const One& one : all_) state[one.name] = one.expression.state();
  return state;
}

void DerivedChannels::restore(const nlohmann::json& state) {
  for (One& one : all_) {
    if (state.contains(one.name)) one.expression.restore(state.at(one.name));
  }
}

}  // namespace coldwatch
