// Messages of several parts: what is sent next after each answer, and what is never sent twice.
#include "bridge/delivery/attempt.hpp"

#include <gtest/gtest.h>

#include "tests/bridge/notifiers/notifier_helper.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

/// Answers every part of an attempt by its name; the names in order.
std::vector<std::string> run(Attempt& attempt, const std::map<std::string, Reply>& replies) {
  std::vector<std::string> sent;
  while (const Part* part = attempt.next()) {
    sent.push_back(part->name);
    Reply reply = replies.at(part->name);
    reply.part = part->name;
    reply.memo = part->memo;
    attempt.take(reply);
  }
  return sent;
}

const Reply kTaken{.status = 250, .stage = "DATA", .body = "250 queued"};

std::unique_ptr<Notifier> mailer() {
  json config = good_config("email");
  config["to"] = {"a@x.y", "b@x.y", "c@x.y"};
  return make_test_notifier("email", config);
}

using Names = std::vector<std::string>;

TEST(Attempt, EveryPartIsSent) {
  const auto mail = mailer();
  Attempt attempt{*mail, test_alarm(), test_context(), {}};
  EXPECT_EQ(run(attempt, {{"a@x.y", kTaken}, {"b@x.y", kTaken}, {"c@x.y", kTaken}}),
            (Names{"a@x.y", "b@x.y", "c@x.y"}));
  EXPECT_EQ(attempt.result().outcome, Outcome::kSent);
  EXPECT_EQ(attempt.result().thread, "<01J8-0@lab.org>");
  EXPECT_FALSE(attempt.some_refused());
}

TEST(Attempt, ARefusedRecipientStopsNobodyAndIsNotTriedAgain) {
  const auto mail = mailer();
  const Reply refused{.status = 550, .stage = "RCPT", .body = "550 no such user"};
  const Reply later{.status = 451, .stage = "RCPT", .body = "451 later"};
  Attempt first{*mail, test_alarm(), test_context(), {}};
  EXPECT_EQ(run(first, {{"a@x.y", kTaken}, {"b@x.y", refused}, {"c@x.y", later}}).size(), 3U);
  EXPECT_EQ(first.result().outcome, Outcome::kRetry);
  Attempt second{*mail, test_alarm(), test_context(), first.done()};
  EXPECT_EQ(run(second, {{"c@x.y", kTaken}}), (Names{"c@x.y"}));
  EXPECT_EQ(second.result().outcome, Outcome::kSent);
  EXPECT_EQ(second.result().thread, "<01J8-0@lab.org>");
  EXPECT_TRUE(second.some_refused());
}

TEST(Attempt, AllRefusedIsRefused) {
  const auto mail = mailer();
  const Reply refused{.status = 550, .stage = "RCPT", .body = "550 no"};
  Attempt attempt{*mail, test_alarm(), test_context(), {}};
  run(attempt, {{"a@x.y", refused}, {"b@x.y", refused}, {"c@x.y", refused}});
  EXPECT_EQ(attempt.result().outcome, Outcome::kRefused);
}

TEST(Attempt, AServerThatIsGoneIsNotAskedAgainForEachRecipient) {
  const auto mail = mailer();
  const Reply gone{.failure = "refused", .failure_outcome = Outcome::kRetry};
  Attempt attempt{*mail, test_alarm(), test_context(), {}};
  EXPECT_EQ(run(attempt, {{"a@x.y", gone}}), (Names{"a@x.y"}));
  EXPECT_EQ(attempt.result().outcome, Outcome::kRetry);
  EXPECT_NE(attempt.result().detail.find("refused"), std::string::npos);
}

TEST(Attempt, AWrongPasswordEndsIt) {
  const auto mail = mailer();
  const Reply wrong{.status = 535, .stage = "AUTH", .body = "535 bad s3cret"};
  Attempt attempt{*mail, test_alarm(), test_context(), {}};
  EXPECT_EQ(run(attempt, {{"a@x.y", wrong}}).size(), 1U);
  EXPECT_EQ(attempt.result().outcome, Outcome::kBroken);
  EXPECT_TRUE(attempt.result().detail.starts_with("a@x.y: AUTH: 535 bad ***. To do: check"));
}

std::unique_ptr<Notifier> wecom() {
  json config = good_config("wecom");
  config["mention"] = {"@all"};
  return make_test_notifier("wecom", config);
}

Reply wecom_says(int code) {
  return {.status = 200, .body = "{\"errcode\":" + std::to_string(code) + ",\"errmsg\":\"x\"}"};
}

TEST(Attempt, APictureThatFailsCostsNoAlarm) {
  const auto notifier = wecom();
  Attempt attempt{*notifier, test_alarm({item_with_trend()}), test_context(), {}};
  EXPECT_EQ(
      run(attempt,
          {{"markdown", wecom_says(0)}, {"ping", wecom_says(0)}, {"picture", wecom_says(45009)}}),
      (Names{"markdown", "ping", "picture"}));
  EXPECT_EQ(attempt.result().outcome, Outcome::kSent);
  EXPECT_TRUE(attempt.some_refused());
}

TEST(Attempt, APartThatArrivedIsNotSentAgain) {
  const auto notifier = wecom();
  Attempt first{*notifier, test_alarm(), test_context(), {}};
  run(first, {{"markdown", wecom_says(0)}, {"ping", wecom_says(45009)}});
  EXPECT_EQ(first.result().outcome, Outcome::kRetry);
  EXPECT_EQ(first.result().retry_after, std::chrono::seconds{60});
  Attempt second{*notifier, test_alarm(), test_context(), first.done()};
  EXPECT_EQ(run(second, {{"ping", wecom_says(0)}}), (Names{"ping"}));
  EXPECT_EQ(second.result().outcome, Outcome::kSent);
}

TEST(Attempt, ARefusedMessageIsTriedOnceInFewWords) {
  const auto notifier = wecom();
  Attempt attempt{*notifier, test_alarm(), test_context(), {}};
  EXPECT_EQ(run(attempt, {{"markdown", wecom_says(40058)}}), (Names{"markdown", "markdown"}));
  EXPECT_EQ(attempt.result().outcome, Outcome::kRefused);
}

TEST(Attempt, SlackPutsThePictureIntoTheThread) {
  const auto slack =
      make_test_notifier("slack", {{"secrets", {{"token", "xoxb-1"}}}, {"channel", "C0123"}});
  Attempt attempt{*slack, test_alarm({item_with_trend()}), test_context(), {}};
  std::vector<HttpRequest> requests;
  const std::map<std::string, Reply> replies{
      {"post", {.status = 200, .body = R"({"ok":true,"ts":"1712.34"})"}},
      {"picture address",
       {.status = 200, .body = R"({"ok":true,"upload_url":"https://files.x/up","file_id":"F1"})"}},
      {"picture bytes", {.status = 200, .body = "OK - 12345"}},
      {"picture share", {.status = 200, .body = R"({"ok":true,"files":[]})"}}};
  while (const Part* part = attempt.next()) {
    requests.push_back(std::get<HttpRequest>(part->request));
    Reply reply = replies.at(part->name);
    reply.part = part->name;
    reply.memo = part->memo;
    attempt.take(reply);
  }
  ASSERT_EQ(requests.size(), 4U);
  EXPECT_EQ(requests[2].url, "https://files.x/up");
  EXPECT_TRUE(requests[2].body.starts_with("\x89PNG"));
  EXPECT_NE(requests[1].body.find("length=" + std::to_string(requests[2].body.size())),
            std::string::npos);
  EXPECT_EQ(parse_json(requests[3].body),
            parse_json(R"({"files":[{"id":"F1","title":"trend"}],"channel_id":"C0123",
                            "thread_ts":"1712.34"})"));
  EXPECT_EQ(attempt.result().thread, "1712.34");
}

}  // namespace
}  // namespace coldwatch
