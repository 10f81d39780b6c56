#include "agent/rules/expression_text.hpp"

#include <algorithm>
#include <array>

#include "agent/rules/phase.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr std::array<std::string_view, 11> kFunctions{"min",   "max",  "abs",  "sqrt", "exp", "ln",
                                                      "log10", "sign", "rint", "sum",  "avg"};
constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kOperators = "+-*/^(),<>=!&|?:";

struct OwnWord {
  std::string_view word;
  Operand::Kind kind;
};
constexpr OwnWord kOwnWords[] = {{"phase", Operand::Kind::kPhase},
                                 {"phase_age", Operand::Kind::kPhaseAge},
                                 {"coldest", Operand::Kind::kColdest},
                                 {"warmest", Operand::Kind::kWarmest}};

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  std::optional<ExpressionText> read(std::string& error) {
    while (error_.empty() && !rest_.empty()) step();
    if (!error_.empty()) {
      error = error_;
      return std::nullopt;
    }
    return std::move(result_);
  }

 private:
  void step() {
    skip_blanks();
    if (rest_.empty()) return;
    const char c = rest_.front();
    if (c == '"' || c == '\'') {
      quoted();
    } else if (is_word(c) || c == '.') {
      word_or_number();
    } else if (kOperators.find(c) != kOperators.npos) {
      operator_sign();
    } else {
      fail("found \"" + std::string{rest_.substr(0, 1)} + "\", which no expression has");
    }
  }

  void skip_blanks() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(kBlanks), rest_.size()));
  }

  void fail(std::string why) {
    if (error_.empty()) error_ = std::move(why);
  }

  void put(std::string_view token) { result_.arithmetic.append(token).append(" "); }

  void put(Operand operand) {
    auto& operands = result_.operands;
    const auto known = std::ranges::find(operands, operand);
    if (known == operands.end() && operands.size() >= kMostOperands) {
      return fail("names more than " + std::to_string(kMostOperands) + " different things");
    }
    put("o" + std::to_string(known - operands.begin()));
    if (known == operands.end()) operands.push_back(std::move(operand));
  }

  void quoted() {
    const char quote = rest_.front();
    const auto end = rest_.find(quote, 1);
    if (end == rest_.npos) return fail("found a quote without its end");
    const std::string_view inside = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    if (const auto phase = parse_phase(inside)) {
      put(std::to_string(static_cast<int>(*phase)));
    } else if (previous_is_phase_) {
      const std::vector<std::string> words{kPhaseWords.begin(), kPhaseWords.end()};
      const std::string hint = nearest(inside, words);
      fail("found the phase \"" + std::string{inside} + "\", expected " +
           (hint.empty() ? "one of warm, cooling, condensing, base, ramping, warming, maintenance"
                         : "\"" + hint + "\""));
    } else {
      put(Operand{Operand::Kind::kChannel, std::string{inside}, {}});
    }
    previous_is_phase_ = false;
  }

  void operator_sign() {
    for (const std::string_view two : {"<=", ">=", "==", "!=", "&&", "||"}) {
      if (!rest_.starts_with(two)) continue;
      rest_.remove_prefix(2);
      return put(two);
    }
    const std::string_view one = rest_.substr(0, 1);
    rest_.remove_prefix(1);
    if (one == "!" || one == "&" || one == "|") {
      return fail("found a single \"" + std::string{one} + "\", expected !=, && or ||");
    }
    put(one == "=" ? "==" : one);
  }

  std::string_view take_word() {
    std::size_t length = 0;
    while (length < rest_.size() &&
           (is_word(rest_[length]) || rest_[length] == '.' || is_exponent_sign(length))) {
      ++length;
    }
    const std::string_view taken = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return taken;
  }

  /// The sign in "1e-5" belongs to the number, the one in "T1e-5" does not.
  bool is_exponent_sign(std::size_t at) const {
    if (at < 2 || (rest_[at] != '-' && rest_[at] != '+')) return false;
    if (rest_[at - 1] != 'e' && rest_[at - 1] != 'E') return false;
    return parse_number(rest_.substr(0, at - 1)).has_value();
  }

  bool take(char c) {
    skip_blanks();
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void word_or_number() {
    const std::string_view word = take_word();
    previous_is_phase_ = previous_is_phase_ && word == "phase";
    if (parse_number(word)) return put(word);
    if (word == "and" || word == "or") return put(word == "and" ? "&&" : "||");
    if (word == "any" || word == "all") {
      if (any_or_all(word)) return;
    }
    if (const auto* known = std::ranges::find(kOwnWords, word, &OwnWord::word);
        known != std::end(kOwnWords)) {
      previous_is_phase_ = known->kind == Operand::Kind::kPhase;
      return put(Operand{known->kind, {}, {}});
    }
    skip_blanks();
    if (rest_.starts_with('(')) return function(word);
    put(Operand{Operand::Kind::kChannel, std::string{word}, {}});
  }

  /// "any T < 100 K" and "any(T) < 100". False, with nothing taken, where it is something else.
  bool any_or_all(std::string_view word) {
    const std::string_view before = rest_;
    const bool bracket = take('(');
    skip_blanks();
    if (take_word() != "T" || (bracket && !take(')'))) {
      rest_ = before;
      return false;
    }
    skip_blanks();
    const bool below = rest_.starts_with('<');
    if (!below && !rest_.starts_with('>')) {
      fail("expected \"" + std::string{word} + " T\" to be followed by < or > and a temperature");
      return true;
    }
    put(Operand{
        below == (word == "any") ? Operand::Kind::kColdest : Operand::Kind::kWarmest, {}, {}});
    operator_sign();
    limit_in_kelvin();
    return true;
  }

  void limit_in_kelvin() {
    skip_blanks();
    const std::string_view number = take_word();
    const std::size_t digits = std::min(number.find_first_not_of("0123456789.eE+-"), number.size());
    const auto value = parse_number(number.substr(0, digits));
    skip_blanks();
    std::string_view unit = number.substr(digits);
    if (unit.empty() && (rest_.starts_with("K") || rest_.starts_with("mK"))) unit = take_word();
    if (!value || !(unit.empty() || unit == "K" || unit == "mK")) {
      return fail("found \"" + std::string{number} +
                  "\" after \"T\", expected a temperature such as "
                  "100 K");
    }
    put(std::string{number.substr(0, digits)} + (unit == "mK" ? " / 1000" : ""));
  }

  void function(std::string_view name) {
    take('(');
    // muParser knows a function by the bracket that follows it at once.
    if (std::ranges::find(kFunctions, name) != kFunctions.end())
      return put(std::string{name} + "(");
    Operand operand;
    if (name == "rate") {
      operand.kind = Operand::Kind::kRate;
    } else if (name == "age") {
      operand.kind = Operand::Kind::kAge;
    } else if (name == "ratio") {
      operand.kind = Operand::Kind::kRatio;
    } else {
      std::vector<std::string> known{kFunctions.begin(), kFunctions.end()};
      known.insert(known.end(), {"rate", "age", "ratio"});
      const std::string hint = nearest(name, known);
      return fail("found the function \"" + std::string{name} + "\", which there is not" +
                  (hint.empty() ? "" : ", did you mean \"" + hint + "\"?"));
    }
    arguments(std::move(operand), name);
  }

  void arguments(Operand operand, std::string_view name) {
    skip_blanks();
    if (rest_.starts_with('"') || rest_.starts_with('\'')) {
      const auto end = rest_.find(rest_.front(), 1);
      if (end == rest_.npos) return fail("found a quote without its end");
      operand.channel = rest_.substr(1, end - 1);
      rest_.remove_prefix(end + 1);
    } else {
      operand.channel = take_word();
    }
    if (operand.kind == Operand::Kind::kRate) {
      const bool comma = take(',');
      skip_blanks();
      const auto window = parse_duration(comma ? take_word() : std::string_view{});
      if (!window || *window < std::chrono::seconds{10}) {
        return fail(
            "expected rate(channel, window) with a window of at least 10s, such as "
            "rate(T, 10m)");
      }
      operand.window = *window;
    }
    if (operand.channel.empty() || !take(')')) {
      return fail("expected one channel and a closing bracket after \"" + std::string{name} +
                  "(\"");
    }
    put(std::move(operand));
  }

  std::string_view rest_;
  std::string error_;
  ExpressionText result_;
  bool previous_is_phase_ = false;  // "phase ==" stands before what comes
};

}  // namespace

std::optional<ExpressionText> read_expression_text(std::string_view text, std::string& error) {
  if (text.size() > kLongestExpressionBytes) {
    error = "found " + std::to_string(text.size()) + " bytes, expected at most " +
            std::to_string(kLongestExpressionBytes);
    return std::nullopt;
  }
  if (trim(text).empty()) {
    error = "found an empty expression";
    return std::nullopt;
  }
  return Reader{text}.read(error);
}

std::vector<std::string> expression_words() {
  std::vector<std::string> words;
  for (const OwnWord& own : kOwnWords) words.emplace_back(own.word);
  return words;
}

}  // namespace coldwatch
