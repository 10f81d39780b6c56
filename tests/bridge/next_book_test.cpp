// The book is published when the broker has room, and says nothing that is not stored.
#include <gtest/gtest.h>

#include "tests/bridge/bridge_helper.hpp"

namespace coldwatch {
namespace {

using std::chrono::hours;

/// The rule of the entry of the book that is the broker's next; "" for none.
std::string next_in_book(Bridge& bridge, UtcTime now) {
  const auto book = bridge.next_book(now);
  return book ? book->topic.substr(book->topic.rfind('/') + 1) : "";
}

TEST(NextBook, WaitsForTheBrokerInTurn) {
  const UtcTime now{hours{24 * 365 * 50}};
  std::string error;
  Bridge bridge{config_with({"c"}), TimeZone::find("UTC", error).value(), IdMaker{1}, now,
                Milliseconds{0}};
  const auto alarm = [&bridge, now](const char* rule, std::uint64_t seq) {
    bridge.on_message("coldwatch/lab/f1/alarm/" + std::string{rule},
                      dump(to_json(alarm_message(Severity::kWarning, seq))), false, now);
  };
  for (const auto& [rule, seq] : {std::pair{"a", 1}, {"b", 2}, {"c", 3}}) {
    alarm(rule, static_cast<std::uint64_t>(seq));
  }
  EXPECT_EQ(next_in_book(bridge, now), "") << "before it is known to the store";
  bridge.step(now);
  EXPECT_EQ(next_in_book(bridge, now), "a");
  alarm("a", 4);
  bridge.step(now);
  EXPECT_EQ(next_in_book(bridge, now), "b") << "one that changes all the time does not go first";
  alarm("c", 5);
  EXPECT_EQ(next_in_book(bridge, now), "a") << "what c is by now is not stored yet";
  EXPECT_EQ(next_in_book(bridge, now), "");
  bridge.step(now);
  EXPECT_EQ(next_in_book(bridge, now), "c");
  EXPECT_EQ(next_in_book(bridge, now), "");
  bridge.announcement(now);
  EXPECT_EQ(bridge.waiting_books(), 3U);
  for (const char* rule : {"a", "b", "c", ""}) EXPECT_EQ(next_in_book(bridge, now), rule);
  EXPECT_EQ(bridge.waiting_books(), 0U);
}

}  // namespace
}  // namespace coldwatch
