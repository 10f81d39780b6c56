#include "agent/rules/expression.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "common/json.hpp"

namespace coldwatch {
namespace {

const double kNone = std::nan("");

const Channels kFridge{{"Motor_Current", "Motor Current", "A", "current"},
                       {"PT2_Plate_T_K", "PT2 Plate T(K)", "K", "temperature"},
                       {"MC_T_mK", "MC T(mK)", "mK", "temperature"},
                       {"Water_In", "Water In", "C", "temperature"},
                       {"50K_stage", "50K stage", "K", "temperature"},
                       {"Set_T_K", "Set T(K)", "K", "temperature"}};

TEST(ExpressionText, FindsTheChannelsOfTheFridge) {
  using Kind = Operand::Kind;
  const std::tuple<const char*, const char*, std::vector<Operand>> table[] = {
      {"Motor_Current > 10", "o0 > 10 ", {{Kind::kChannel, "Motor_Current", {}}}},
      {"'MC T(mK)' < 1e-2", "o0 < 1e-2 ", {{Kind::kChannel, "MC T(mK)", {}}}},
      {"a-a*b", "o0 - o0 * o1 ", {{Kind::kChannel, "a", {}}, {Kind::kChannel, "b", {}}}},
      {"50K_stage<100", "o0 < 100 ", {{Kind::kChannel, "50K_stage", {}}}},
      {"any T < 100 K", "o0 < 100 ", {{Kind::kColdest, "", {}}}},
      {"any(T) < 100", "o0 < 100 ", {{Kind::kColdest, "", {}}}},
      {"any T<100mK", "o0 < 100 / 1000 ", {{Kind::kColdest, "", {}}}},
      {"any T > 5K and all T < 9", "o0 > 5 && o0 < 9 ", {{Kind::kWarmest, "", {}}}},
      {"phase = \"base\"", "o0 == 4 ", {{Kind::kPhase, "", {}}}},
      {"phase_age > 3600", "o0 > 3600 ", {{Kind::kPhaseAge, "", {}}}},
      {"rate(T, 10m) > 0.2", "o0 > 0.2 ", {{Kind::kRate, "T", std::chrono::minutes{10}}}},
      {"age('a b') > 60 or ratio(x)>2",
       "o0 > 60 || o1 > 2 ",
       {{Kind::kAge, "a b", {}}, {Kind::kRatio, "x", {}}}},
      {"min(a, abs(1.5))", "min( o0 , abs( 1.5 ) ) ", {{Kind::kChannel, "a", {}}}},
      {"1e3 + .5", "1e3 + .5 ", {}}};
  for (const auto& [text, arithmetic, operands] : table) {
    std::string error;
    const auto parts = read_expression_text(text, error);
    ASSERT_TRUE(parts) << text << ": " << error;
    EXPECT_EQ(parts->arithmetic, arithmetic);
    EXPECT_EQ(parts->operands, operands) << text;
  }
}

TEST(ExpressionText, SaysWhatIsNoExpression) {
  const std::pair<const char*, const char*> table[] = {
      {"", "found an empty expression"},
      {"  \n", "found an empty expression"},
      {"a > 'b", "found a quote without its end"},
      {"rate('b, 10m)", "found a quote without its end"},
      {"a ; b", "found \";\", which no expression has"},
      {"!a", "found a single \"!\", expected !=, && or ||"},
      {"a & b", "found a single \"&\", expected !=, && or ||"},
      {"phase == \"bas\"", "found the phase \"bas\", expected \"base\""},
      {"phase == 'x'",
       "found the phase \"x\", expected one of warm, cooling, condensing, base, ramping, warming, "
       "maintenance"},
      {"rat(T, 1m)", "found the function \"rat\", which there is not, did you mean \"rate\"?"},
      {"system(1)", "found the function \"system\", which there is not"},
      {"rate(T)",
       "expected rate(channel, window) with a window of at least 10s, such as rate(T, 10m)"},
      {"rate(T, 1s)",
       "expected rate(channel, window) with a window of at least 10s, such as rate(T, 10m)"},
      {"rate(T, 600)",
       "expected rate(channel, window) with a window of at least 10s, such as rate(T, 10m)"},
      {"age()", "expected one channel and a closing bracket after \"age(\""},
      {"age(a + b)", "expected one channel and a closing bracket after \"age(\""},
      {"any T", "expected \"any T\" to be followed by < or > and a temperature"},
      {"all T == 3", "expected \"all T\" to be followed by < or > and a temperature"},
      {"any T < 100 F 2", nullptr},
      {"any T < x", "found \"x\" after \"T\", expected a temperature such as 100 K"}};
  for (const auto& [text, expected] : table) {
    std::string error;
    const bool readable = read_expression_text(text, error).has_value();
    if (expected == nullptr) continue;  // left to the arithmetic
    EXPECT_FALSE(readable) << text;
    EXPECT_EQ(error, expected) << text;
  }
  std::string error;
  EXPECT_FALSE(read_expression_text(std::string(1001, '1'), error));
  std::string many;
  for (int i = 0; i < 33; ++i) many += "+c" + std::to_string(i);
  EXPECT_FALSE(read_expression_text(many, error));
  EXPECT_EQ(error, "names more than 32 different things");
}

TEST(ExpressionText, ReadsNoHostileTextBeyondItsEnd) {
  for (const char* text : {"\"", "any", "any(", "any(T", "any T <", "rate(", "rate(a,", "age(\"",
                           "1e", "1e-", "\xFF\xFE", "a\0b", "((((((((", "phase", "phase ==", "."}) {
    std::string error;
    const auto parts = read_expression_text(text, error);
    EXPECT_TRUE(parts || !error.empty()) << text;
  }
}

class ExpressionValues : public testing::Test {
 protected:
  void SetUp() override {
    if (!kHaveFormulas) GTEST_SKIP() << "this build has no muParser, so it has no expressions";
    slots_ = scene_.board.add(kFridge);
  }
  double value(const char* text, const std::vector<double>& values) {
    std::string error;
    auto expression = Expression::read(text, error);
    EXPECT_TRUE(expression) << text << ": " << error;
    if (!expression) return kNone;
    expression->bind(scene_.board);
    row(0, values);
    return expression->on_row(scene_, UtcTime{});
  }
  void row(int second, const std::vector<double>& values) {
    const std::vector<Quality> quality(values.size(), Quality::kGood);
    scene_.board.take(slots_, {0, UtcTime{std::chrono::seconds{second}}, {}, values, quality});
  }
  Scene scene_;
  std::vector<Board::Slot> slots_;
};

TEST_F(ExpressionValues, FollowTheChannels) {
  const std::vector<double> row{20, 4, 10, 15, 58, 1};
  const std::pair<const char*, double> table[] = {
      {"Motor_Current > 10", 1},
      {"Motor_Current > 10 and PT2_Plate_T_K > 5", 0},
      {"'Motor Current' / PT2_Plate_T_K", 5},
      {"50K_stage - PT2_Plate_T_K", 54},
      {"abs(PT2_Plate_T_K - 50K_stage)", 54},
      {"min(Motor_Current, 3) + max(1, 2)", 5},
      {"any T < 11 mK", 1},
      {"any T < 9 mK", 0},
      {"coldest", 0.01},
      {"warmest", 58},
      {"all T < 60 K", 1},
      {"any T > 60 K", 0},
      {"age(Motor_Current)", 0},
      {"2 < 3 ? 7 : 8", 7},
  };
  for (const auto& [text, expected] : table) EXPECT_EQ(value(text, row), expected) << text;
}

TEST_F(ExpressionValues, AreInvalidWhereOneOperandIs) {
  const std::vector<double> row{kNone, 4, kNone, 15, 58, 1};
  for (const char* text :
       {"Motor_Current", "Motor_Current > 10", "Motor_Current < 10",
        "PT2_Plate_T_K > 3 or Motor_Current > 10", "Motor_Current * 0", "PT2_Plate_T_K / 0",
        "sqrt(0 - PT2_Plate_T_K)", "phase == 'base'", "phase_age > 60", "ratio(PT2_Plate_T_K)",
        "rate(PT2_Plate_T_K, 10m)", "Nobody > 1"}) {
    EXPECT_TRUE(std::isnan(value(text, row))) << text;
  }
  EXPECT_EQ(value("any T < 100 K", row), 1) << "one thermometer that is off does not disarm";
}

TEST_F(ExpressionValues, RefuseWhatIsNoArithmetic) {
  for (const char* text :
       {"1 +", "(1", "1, 2", "a b", "min()", "any T < 100 F 2", "a = b = ", "max(,)"}) {
    std::string error;
    EXPECT_FALSE(Expression::read(text, error)) << text;
    EXPECT_EQ(error.rfind("cannot be read as an expression: ", 0), 0U) << text << ": " << error;
  }
}

TEST_F(ExpressionValues, RememberTheirWindowsOverARestart) {
  std::string error;
  auto before = Expression::read("rate(PT2_Plate_T_K, 10m)", error);
  before->bind(scene_.board);
  for (int minute = 0; minute < 10; ++minute) {
    row(60 * minute, {1, 4 + 0.5 * minute, 1, 1, 1, 1});
    before->on_row(scene_, UtcTime{});
  }
  auto after = Expression::read("rate(PT2_Plate_T_K, 10m)", error);
  after->bind(scene_.board);
  after->restore(parse_json(before->state().dump()));
  row(600, {1, 9, 1, 1, 1, 1});
  EXPECT_DOUBLE_EQ(after->on_row(scene_, UtcTime{}), 0.5);
  EXPECT_DOUBLE_EQ(before->on_row(scene_, UtcTime{}), 0.5);
}

TEST_F(ExpressionValues, NameTheNearestChannel) {
  std::string error;
  const auto expression = Expression::read("Motor_Curent > 1 and PT2_Plate_T_K > 1", error);
  Mistakes mistakes;
  expression->check(scene_.board, "rules[0].when", mistakes);
  ASSERT_EQ(mistakes.size(), 1U);
  EXPECT_EQ(mistakes[0].path, "rules[0].when");
  EXPECT_EQ(mistakes[0].text,
            "found \"Motor_Curent\", but the log has no such channel, did you mean "
            "\"Motor_Current\"?");
  Expression::read("phse == 4", error)->check(scene_.board, "when", mistakes);
  EXPECT_EQ(mistakes.back().text,
            "found \"phse\", but the log has no such channel, did you mean \"phase\"?");
}

TEST(Formula, SaysSoWhereTheBuildHasNone) {
  if (kHaveFormulas) GTEST_SKIP() << "this build has muParser";
  std::string error;
  EXPECT_FALSE(Expression::read("1 + 1", error));
  EXPECT_NE(error.find("this build of the agent has no expressions"), std::string::npos);
}

}  // namespace
}  // namespace coldwatch
