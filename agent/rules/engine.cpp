#include "agent/rules/engine.hpp"

#include <algorithm>

#include "agent/rules/derived.hpp"
#include "agent/rules/library.hpp"
#include "agent/rules/rule.hpp"
#include "agent/rules/stages.hpp"
#include "common/json.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

constexpr std::size_t kMostRules = 500;
constexpr std::size_t kMostBaselinesShown = 100;

/// The rules of config and library, as far as they can be read.
std::vector<Rule> read_rules(const Library& library, const json& rules, const std::string& path,
                             const std::string& fridge, Mistakes& mistakes) {
  std::vector<Rule> read;
  for (RuleSource& source : merge_rules(library, rules, path, mistakes)) {
    const auto before = mistakes.size();
    ReadRule rule = read_rule(source.value, std::move(source.path), mistakes);
    rule.settings.from_library = source.from_library;
    if (mistakes.size() == before) read.emplace_back(std::move(rule), fridge);
  }
  return read;
}

}  // namespace

class RuleEngine::Impl {
 public:
  std::map<std::string, ChannelNames> names;
  std::vector<Rule> rules;
  DerivedChannels derived;
  Scene scene;
  Cadences cadences;
  std::string revision;

  struct Stream {
    SharedChannels channels;
    std::vector<Board::Slot> slots;
    std::vector<Board::Slot> touched;  // those, and the derived ones they bring
    std::vector<bool> fresh;           // by rule: has it an input among the touched?
    std::vector<Board::Slot> learned;  // the touched ones whose baselines are wanted
    Cadence* cadence = nullptr;
  };

  /// Begins with an empty board.
  void begin() {
    scene.board = Board{names};
    derived.settle(scene.board);
  }

  Stream& stream_of(const std::string& name, const SharedChannels& channels) {
    Stream& stream = streams_[name];
    if (stream.channels == channels) return stream;
    stream.channels = channels;
    stream.slots = scene.board.add(*channels);
    stream.cadence = &cadences[name];
    bind();
    return stream;
  }

  void bind() {
    stages_.bind(scene.board);
    derived.bind(scene.board);
    std::vector<Board::Slot> wanted;
    for (Rule& rule : rules) {
      rule.bind(scene.board);
      const auto learns = rule.learns();
      wanted.insert(wanted.end(), learns.begin(), learns.end());
    }
    for (auto& [name, stream] : streams_) bind_stream(stream, wanted);
  }

  void take(const Stream& stream, const RowView& row) {
    scene.board.take(stream.slots, row);
    stream.cadence->on_row(row.time);
    derived.on_row(scene, row.time, stream.touched);
    scene.phase.on_row(row.time, stages_.facts(scene, row.time));
  }

  void learn(const Stream& stream, UtcTime time) {
    if (stream.learned.empty() || !scene.phase.steady()) return;
    if (std::ranges::any_of(rules, &Rule::troubled)) return;
    for (const Board::Slot slot : stream.learned) {
      const double value = scene.board[slot].value;
      if (value != value) continue;
      scene.baselines.learn(scene.board.channel(slot).key, scene.phase.phase(), time, value);
    }
  }

  void forget_streams() { streams_.clear(); }

 private:
  void bind_stream(Stream& stream, const std::vector<Board::Slot>& wanted) const {
    stream.touched = stream.slots;
    derived.spread(stream.touched);
    const auto touches = [&stream](Board::Slot slot) {
      return std::ranges::find(stream.touched, slot) != stream.touched.end();
    };
    stream.fresh.clear();
    for (const Rule& rule : rules) {
      stream.fresh.push_back(std::ranges::any_of(rule.inputs(), touches));
    }
    stream.learned.clear();
    std::ranges::copy_if(wanted, std::back_inserter(stream.learned), touches);
    std::ranges::sort(stream.learned);
    const auto repeated = std::ranges::unique(stream.learned);
    stream.learned.erase(repeated.begin(), repeated.end());
  }

  Stages stages_;
  std::map<std::string, Stream> streams_;
};

RuleEngine::RuleEngine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RuleEngine::RuleEngine(RuleEngine&&) noexcept = default;
RuleEngine& RuleEngine::operator=(RuleEngine&&) noexcept = default;
RuleEngine::~RuleEngine() = default;

RuleEngine RuleEngine::read(SettingsReader& config, const std::string& fridge,
                            const std::string& library_folder, Mistakes& mistakes) {
  auto impl = std::make_unique<Impl>();
  Library library;
  const std::string name = config.text("rule_library");
  if (!name.empty()) {
    library = read_library(library_folder, name, config.path_of("rule_library"), mistakes);
  }
  const json* channels = config.raw("channels");
  const bool has_derived =
      channels != nullptr && channels->is_object() && channels->contains("derived");
  const json* derived = has_derived ? &channels->at("derived") : nullptr;
  impl->derived = DerivedChannels::read(derived, mistakes);
  const json* found = config.raw("rules");
  const json rules = found == nullptr ? json::array() : *found;
  if (!rules.is_array() || rules.size() > kMostRules) {
    config.mistake("rules", "expected a list of at most " + std::to_string(kMostRules) +
                                " objects [{ ... }, { ... }]");
  } else {
    impl->rules = read_rules(library, rules, config.path_of("rules"), fridge, mistakes);
  }
  json settings{{"rules", rules}, {"library", library.rules}, {"names", library.names}};
  if (derived != nullptr) settings["derived"] = *derived;
  impl->revision = settings_hash(settings);
  impl->names = std::move(library.names);
  impl->begin();
  impl->bind();
  return RuleEngine{std::move(impl)};
}

Mistakes RuleEngine::check(const std::map<std::string, SharedChannels>& channels) const {
  Board board{impl_->names};
  std::vector<std::string> keys;
  for (const auto& [stream, list] : channels) {
    board.add(*list);
    for (const Channel& channel : *list) keys.push_back(channel.key);
  }
  impl_->derived.put_names(board);
  Mistakes mistakes;
  impl_->derived.check(keys, board, mistakes);
  for (const Rule& rule : impl_->rules) {
    if (!rule.settings().from_library) rule.check(board, mistakes);
  }
  return mistakes;
}

std::vector<Transition> RuleEngine::on_row(const std::string& stream,
                                           const SharedChannels& channels, const RowView& row) {
  std::vector<Transition> transitions;
  const auto& bound = impl_->stream_of(stream, channels);
  impl_->take(bound, row);
  for (std::size_t i = 0; i < impl_->rules.size(); ++i) {
    Rule& rule = impl_->rules[i];
    if (bound.fresh[i] || rule.waits_for_time()) {
      rule.on_row(impl_->scene, row.time, bound.fresh[i], transitions);
    }
  }
  impl_->learn(bound, row.time);
  return transitions;
}

std::vector<Transition> RuleEngine::on_tick(UtcTime now, const TickFacts& facts) {
  std::vector<Transition> transitions;
  const Silence silence{now, facts, impl_->cadences};
  for (Rule& rule : impl_->rules) rule.on_tick(silence, impl_->scene, transitions);
  return transitions;
}

std::map<std::string, AlarmMessage> RuleEngine::states() const {
  std::map<std::string, AlarmMessage> states;
  for (const Rule& rule : impl_->rules) {
    if (auto message = rule.message(impl_->scene.board)) {
      states.emplace(rule.settings().id, std::move(*message));
    }
  }
  return states;
}

std::vector<RuleStanding> RuleEngine::standings() const {
  std::vector<RuleStanding> all;
  for (const Rule& rule : impl_->rules) {
    if (rule.fits()) all.push_back(rule.standing(impl_->scene.board));
  }
  return all;
}

bool RuleEngine::has(const std::string& rule) const {
  return std::ranges::any_of(impl_->rules,
                             [&rule](const Rule& one) { return one.settings().id == rule; });
}

json RuleEngine::describe() const {
  json list = json::array();
  for (const Rule& rule : impl_->rules) {
    const RuleSettings& settings = rule.settings();
    if (settings.from_library && !rule.fits()) continue;
    list.push_back(
        {{"id", settings.id}, {"measure", settings.kind}, {"kind", word(settings.alarm_kind())}});
  }
  return list;
}

const std::string& RuleEngine::revision() const { return impl_->revision; }

std::string_view RuleEngine::phase() const { return word(impl_->scene.phase.phase()); }

std::optional<UtcTime> RuleEngine::declared_until() const {
  return impl_->scene.phase.declared_until();
}

std::string RuleEngine::declare(std::string_view phase, UtcTime now, Milliseconds how_long) {
  if (phase == "none") {
    impl_->scene.phase.end_declaration();
    return {};
  }
  const auto known = parse_phase(phase);
  if (known != Phase::kWarming && known != Phase::kMaintenance) {
    return "found the phase \"" + std::string{phase} +
           "\", expected \"warming\", \"maintenance\" or \"none\"";
  }
  if (how_long <= Milliseconds{0} || how_long > PhaseModel::kLongestDeclaration) {
    return "a declared phase ends after at most " + duration_text(PhaseModel::kLongestDeclaration);
  }
  impl_->scene.phase.declare(*known, now + how_long);
  return {};
}

std::vector<RuleTally> RuleEngine::tally() const {
  std::vector<RuleTally> all;
  for (const Rule& rule : impl_->rules) all.push_back(rule.tally(impl_->scene.board));
  return all;
}

json RuleEngine::baselines() const { return impl_->scene.baselines.describe(); }

json RuleEngine::present_baselines() const {
  return impl_->scene.baselines.medians(impl_->scene.phase.phase(), kMostBaselinesShown);
}

std::size_t RuleEngine::reset_baselines(const std::string& channel) {
  return impl_->scene.baselines.reset(channel);
}

json RuleEngine::state() const {
  const Scene& scene = impl_->scene;
  json rules = json::object();
  for (const Rule& rule : impl_->rules) rules[rule.settings().id] = rule.state();
  json cadences = json::object();
  for (const auto& [stream, cadence] : impl_->cadences) cadences[stream] = cadence.state();
  return {{"board", scene.board.state()},         {"derived", impl_->derived.state()},
          {"baselines", scene.baselines.state()}, {"phase", scene.phase.state()},
          {"cadences", std::move(cadences)},      {"rules", std::move(rules)}};
}

void RuleEngine::restore(const json& state) {
  const auto part = [&state](const char* key, auto&& take) {
    try {
      take(state.at(key));
      return true;
    } catch (const json::exception&) {
      return false;  // damaged: this part begins anew, as at a first start
    }
  };
  impl_->forget_streams();
  if (!part("board", [this](const json& board) { impl_->scene.board.restore(board); })) {
    impl_->begin();
  }
  impl_->derived.settle(impl_->scene.board);
  impl_->bind();
  part("derived", [this](const json& derived) { impl_->derived.restore(derived); });
  if (!part("baselines", [this](const json& all) { impl_->scene.baselines.restore(all); })) {
    impl_->scene.baselines = {};
  }
  if (!part("phase", [this](const json& phase) { impl_->scene.phase.restore(phase); })) {
    impl_->scene.phase = {};
  }
  part("cadences", [this](const json& cadences) {
    for (const auto& [stream, one] : cadences.items()) impl_->cadences[stream].restore(one);
  });
  for (Rule& rule : impl_->rules) {
    const std::string& id = rule.settings().id;
    const bool whole = part("rules", [&rule, &id](const json& all) {
      if (all.contains(id)) rule.restore(all.at(id));
    });
    if (!whole) rule.forget();
  }
}

}  // namespace coldwatch
