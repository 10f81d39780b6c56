// Which open receipts a service is asked about, and how often.
#include "bridge/delivery/receipts.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

const UtcTime kNow{hours{24 * 365 * 50}};

Receipt receipt(const std::string& number, const std::string& notifier = "phone",
                const std::string& incident = "01J8") {
  return {number, notifier, incident, {{"lab", "f1", "pt_off"}}, kNow, kNow + hours{1}};
}

std::vector<std::string> asked(Receipts& receipts, UtcTime now) {
  std::vector<std::string> numbers;
  for (const Receipt& one : receipts.ask(now)) numbers.push_back(one.number);
  return numbers;
}

using Numbers = std::vector<std::string>;

TEST(Receipts, OneQuestionANotifierInTurnNeverFasterThanAllowed) {
  Receipts receipts;
  receipts.add(receipt("a"));
  receipts.add(receipt("b"));
  receipts.add(receipt("c", "other"));
  EXPECT_EQ(asked(receipts, kNow), (Numbers{"a", "c"}));
  EXPECT_EQ(asked(receipts, kNow + seconds{4}), Numbers{});
  EXPECT_EQ(asked(receipts, kNow + seconds{5}), (Numbers{"b", "c"}));
  EXPECT_EQ(asked(receipts, kNow + seconds{10}), (Numbers{"a", "c"}));
}

TEST(Receipts, EndWithTheirTime) {
  Receipts receipts;
  receipts.add(receipt("a"));
  EXPECT_EQ(asked(receipts, kNow + hours{1}), Numbers{"a"});
  EXPECT_EQ(asked(receipts, kNow + hours{1} + seconds{6}), Numbers{});
  EXPECT_EQ(receipts.find("a"), nullptr);
  EXPECT_EQ(receipts.take_changes().back(), (CourierNote{"receipt/a", std::nullopt}));
}

TEST(Receipts, SurviveARestart) {
  Receipts before;
  before.add(receipt("a"));
  before.add(receipt("b"));
  before.close("a");
  Receipts after;
  for (const CourierNote& note : before.take_changes()) EXPECT_TRUE(after.restore(note));
  EXPECT_EQ(after.find("a"), nullptr);
  ASSERT_NE(after.find("b"), nullptr);
  EXPECT_EQ(*after.find("b"), receipt("b"));
  EXPECT_EQ(after.notes(), before.notes());
}

TEST(Receipts, AreBounded) {
  Receipts receipts;
  for (std::size_t i = 0; i <= Receipts::kMost; ++i) receipts.add(receipt(std::to_string(i)));
  EXPECT_EQ(receipts.notes().size(), Receipts::kMost);
  EXPECT_EQ(receipts.find("0"), nullptr);
}

TEST(Receipts, LeaveWhatTheyCannotRead) {
  Receipts receipts;
  EXPECT_FALSE(receipts.restore({"parts/x", "{}"}));
  for (const char* body : {"", "{}", "{\"notifier\":1}", "[[]]"}) {
    EXPECT_TRUE(receipts.restore({"receipt/x", body})) << body;
  }
  EXPECT_TRUE(receipts.notes().empty());
}

}  // namespace
}  // namespace coldwatch
