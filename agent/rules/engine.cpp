#include "agent/rules/engine.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "agent/rules/rule.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

constexpr std::size_t kMostRules = 500;

}  // namespace

class RuleEngine::Impl {
 public:
  std::vector<Rule> rules;
  Board board;
  std::string revision;

  struct Stream {
    SharedChannels channels;
    std::vector<Board::Slot> slots;
    std::vector<bool> fresh;  // by rule: does it judge a channel of this stream?
  };

  Stream& stream_of(const std::string& name, const SharedChannels& channels) {
    Stream& stream = streams_[name];
    if (stream.channels == channels) return stream;
    stream.channels = channels;
    stream.slots = board.add(*channels);
    bind();
    return stream;
  }

  void bind() {
    for (Rule& rule : rules) rule.bind(board);
    for (auto& [name, stream] : streams_) {
      stream.fresh.assign(rules.size(), false);
      for (std::size_t i = 0; i < rules.size(); ++i) {
        stream.fresh[i] = std::ranges::any_of(rules[i].inputs(), [&stream](Board::Slot slot) {
          return std::ranges::find(stream.slots, slot) != stream.slots.end();
        });
      }
    }
  }

 private:
  std::map<std::string, Stream> streams_;
};

RuleEngine::RuleEngine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RuleEngine::RuleEngine(RuleEngine&&) noexcept = default;
RuleEngine& RuleEngine::operator=(RuleEngine&&) noexcept = default;
RuleEngine::~RuleEngine() = default;

RuleEngine RuleEngine::read(SettingsReader& config, const std::string& fridge,
                            const std::string& /*library_folder*/, Mistakes& mistakes) {
  auto impl = std::make_unique<Impl>();
  const json* found = config.raw("rules");
  const json rules = found == nullptr ? json::array() : *found;
  if (!rules.is_array()) {
    config.mistake("rules", "expected a list of objects [{ ... }, { ... }]");
    return RuleEngine{std::move(impl)};
  }
  if (rules.size() > kMostRules) {
    config.mistake("rules", "found " + std::to_string(rules.size()) + " rules, expected at most " +
                                std::to_string(kMostRules));
    return RuleEngine{std::move(impl)};
  }
  std::map<std::string, std::string> path_of_id;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const auto before = mistakes.size();
    ReadRule rule =
        read_rule(rules[i], config.path_of("rules[" + std::to_string(i) + "]"), mistakes);
    const auto [known, is_new] = path_of_id.emplace(rule.settings.id, rule.settings.path);
    if (!is_new && !rule.settings.id.empty()) {
      mistakes.push_back({rule.settings.path + ".id", "found \"" + rule.settings.id + "\", which " +
                                                          known->second + " has already"});
    }
    if (mistakes.size() == before) impl->rules.emplace_back(std::move(rule), fridge);
  }
  impl->revision = settings_hash(rules);
  return RuleEngine{std::move(impl)};
}

Mistakes RuleEngine::check(const std::map<std::string, SharedChannels>& channels) const {
  Board board;
  for (const auto& [stream, list] : channels) board.add(*list);
  Mistakes mistakes;
  for (const Rule& rule : impl_->rules) rule.check(board, mistakes);
  return mistakes;
}

std::vector<Transition> RuleEngine::on_row(const std::string& stream,
                                           const SharedChannels& channels, const RowView& row) {
  std::vector<Transition> transitions;
  const auto& bound = impl_->stream_of(stream, channels);
  impl_->board.take(bound.slots, row);
  for (std::size_t i = 0; i < impl_->rules.size(); ++i) {
    Rule& rule = impl_->rules[i];
    if (bound.fresh[i] || rule.waits_for_time()) {
      rule.on_row(impl_->board, row.time, bound.fresh[i], transitions);
    }
  }
  return transitions;
}

std::vector<Transition> RuleEngine::on_tick(UtcTime /*now*/, const TickFacts& /*facts*/) {
  return {};
}

std::map<std::string, AlarmMessage> RuleEngine::states() const {
  std::map<std::string, AlarmMessage> states;
  for (const Rule& rule : impl_->rules) {
    if (auto message = rule.message(impl_->board)) {
      states.emplace(rule.settings().id, std::move(*message));
    }
  }
  return states;
}

json RuleEngine::describe() const {
  json list = json::array();
  for (const Rule& rule : impl_->rules) {
    const RuleSettings& settings = rule.settings();
    list.push_back(
        {{"id", settings.id}, {"measure", settings.kind}, {"kind", word(settings.alarm_kind())}});
  }
  return list;
}

const std::string& RuleEngine::revision() const { return impl_->revision; }

json RuleEngine::state() const {
  json rules = json::object();
  for (const Rule& rule : impl_->rules) rules[rule.settings().id] = rule.state();
  return {{"board", impl_->board.state()}, {"rules", std::move(rules)}};
}

void RuleEngine::restore(const json& state) {
  try {
    impl_->board.restore(state.at("board"));
  } catch (const json::exception&) {
    return;  // damaged: the rules judge anew, as at a first start
  }
  impl_->bind();
  for (Rule& rule : impl_->rules) {
    try {
      const auto& rules = state.at("rules");
      if (rules.contains(rule.settings().id)) rule.restore(rules.at(rule.settings().id));
    } catch (const json::exception&) {
      rule.forget();
    }
  }
}

}  // namespace coldwatch
