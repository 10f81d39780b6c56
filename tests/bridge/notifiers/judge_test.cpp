// What each service's answers mean. HTTP 200 by itself never means that an alarm has arrived.
#include <gtest/gtest.h>

#include "tests/bridge/notifiers/notifier_helper.hpp"

namespace coldwatch {
namespace {

struct Case {
  const char* type;
  int status;
  const char* body;
  Outcome outcome;
  std::optional<Milliseconds> retry_after = std::nullopt;
  const char* thread = "";
};

constexpr Outcome kSent = Outcome::kSent;
constexpr Outcome kRetry = Outcome::kRetry;
constexpr Outcome kRefused = Outcome::kRefused;
constexpr Outcome kBroken = Outcome::kBroken;

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

const Case kCases[] = {
    {"slack", 200, "ok", kSent},
    {"slack", 200, "ok\n<html>", kRetry},
    {"slack", 400, "invalid_payload", kRefused},
    {"slack", 404, "no_service", kBroken},
    {"feishu", 200, R"({"code":0,"msg":"success"})", kSent},
    {"feishu", 200, R"({"StatusCode":0,"StatusMessage":"success","code":0})", kSent},
    {"feishu", 200, R"({"code":11232,"msg":"rate limit"})", kRetry, seconds{15}},
    {"feishu", 200, R"({"code":9499,"msg":"Bad Request"})", kRefused},
    {"feishu", 200, R"({"code":19021,"msg":"sign match fail or timestamp"})", kBroken},
    {"feishu", 200, R"({"code":19024,"msg":"Key Words Not Found"})", kBroken},
    {"feishu", 200, R"({"code":"0"})", kRetry},
    {"feishu", 200, R"({"msg":"success"})", kRetry},
    {"feishu", 200, R"({"code":77777,"msg":"never heard of"})", kRetry},
    {"lark", 200, R"({"code":0})", kSent},
    {"wecom", 200, R"({"errcode":0,"errmsg":"ok"})", kSent},
    {"wecom", 200, R"({"errcode":45009,"errmsg":"api freq out of limit"})", kRetry, seconds{60}},
    {"wecom", 200, R"({"errcode":93000,"errmsg":"invalid webhook url"})", kBroken},
    {"wecom", 200, R"({"errcode":40058,"errmsg":"too long"})", kRefused},
    {"wecom", 200, R"({"errcode":-1,"errmsg":"busy"})", kRetry},
    {"wecom", 200, R"({"errcode":null})", kRetry},
    {"wecom", 200, R"([0])", kRetry},
    {"dingtalk", 200, R"({"errcode":0,"errmsg":"ok"})", kSent},
    {"dingtalk", 200, R"({"errcode":310000,"errmsg":"sign not match"})", kBroken},
    {"dingtalk", 200, R"({"errcode":130101,"errmsg":"send too fast"})", kRetry, minutes{10}},
    {"dingtalk", 200, R"({"errcode":1111,"errmsg":"Sent TOO FAST, deny"})", kRetry, minutes{10}},
    {"dingtalk", 200, R"({"status":1111,"punish":"deny"})", kRetry},
    {"teams", 202, "", kSent},
    {"teams", 200, "1", kSent},
    {"teams", 200, "Webhook message delivery failed with error: HTTP error 429", kRetry},
    {"teams", 200, "", kRetry},
    {"discord", 200, R"({"id":"1234","type":0})", kSent},
    {"discord", 204, "", kSent},
    {"discord", 429, R"({"message":"limited","retry_after":0.376})", kRetry, seconds{1}},
    {"discord", 429, R"({"retry_after":64.57})", kRetry, milliseconds{64570}},
    {"discord", 429, R"({"retry_after":1e300})", kRetry, minutes{15}},
    {"discord", 429, R"({"retry_after":-3})", kRetry, seconds{1}},
    {"discord", 404, R"({"message":"Unknown Webhook","code":10015})", kBroken},
    {"telegram", 200, R"({"ok":true,"result":{"message_id":42}})", kSent, {}, "42"},
    {"telegram", 200, R"({"ok":false,"error_code":400,"description":"x"})", kRetry},
    {"telegram", 429, R"({"ok":false,"error_code":429,"parameters":{"retry_after":35}})", kRetry,
     seconds{35}},
    {"telegram", 400, R"({"ok":false,"error_code":400,"description":"can't parse entities"})",
     kRefused},
    {"telegram", 400,
     R"({"ok":false,"error_code":400,"description":"Bad Request: chat not found"})", kBroken},
    {"telegram", 400, R"({"ok":false,"parameters":{"migrate_to_chat_id":-1001}})", kBroken},
    {"telegram", 401, R"({"ok":false,"error_code":401,"description":"Unauthorized"})", kBroken},
    {"telegram", 502, "<html>", kRetry},
    {"ntfy", 200, R"({"id":"hwQ2YpKdmg","event":"message"})", kSent},
    {"ntfy", 200, R"({"event":"message"})", kRetry},
    {"ntfy", 429, R"({"code":42901,"http":429,"error":"limit reached"})", kRetry},
    {"ntfy", 413, R"({"code":41303,"http":413})", kRefused},
    {"pushover", 200, R"({"status":1,"request":"647d"})", kSent},
    {"pushover", 200, R"({"status":0})", kRetry},
    {"pushover", 400, R"({"token":"invalid","errors":["application token is invalid"],"status":0})",
     kBroken},
    {"pushover", 400, R"({"errors":["message cannot be blank"],"status":0})", kRefused},
    {"pagerduty", 202, R"({"status":"success","message":"Event processed"})", kSent},
    {"pagerduty", 202, R"({"status":"invalid event"})", kRetry},
    {"pagerduty", 400, R"({"status":"invalid event"})", kRefused},
    {"pagerduty", 429, R"({"status":"throttle exceeded"})", kRetry},
    {"webhook", 200, "", kSent},
    {"webhook", 204, "", kSent},
    {"webhook", 200, "  <!DOCTYPE html>", kRetry},
    {"webhook", 410, "", kBroken},
};

TEST(Judge, KnowsTheAnswersOfEachService) {
  for (const Case& one : kCases) {
    SCOPED_TRACE(std::string{one.type} + ": " + std::to_string(one.status) + " " + one.body);
    const auto notifier = make_test_notifier(one.type, good_config(one.type));
    const Judgement judgement =
        notifier->judge({.part = "post", .status = one.status, .body = one.body});
    EXPECT_EQ(word(judgement.outcome), word(one.outcome));
    EXPECT_EQ(judgement.retry_after, one.retry_after);
    EXPECT_EQ(judgement.thread, one.thread);
    EXPECT_FALSE(judgement.detail.empty());
  }
}

/// Whoever answers in the place of a service has not delivered anything.
TEST(Judge, TakesNothingThatAnybodyCouldHaveSaid) {
  const char* bodies[] = {"",
                          "OK",
                          "success",
                          "null",
                          "true",
                          "[]",
                          "{}",
                          "\"ok\"",
                          "0",
                          "<html><body>Login</body></html>",
                          "{\"ok\":1}",
                          "{\"code\":",
                          "\xff\xfe\x00",
                          "{\"status\":\"1\"}"};
  for (const NotifierType* type : notifier_types()) {
    const std::string name{type->name};
    const bool by_http = name != "console" && name != "email" && name != "exec" && name != "mqtt" &&
                         name != "webhook";
    if (!by_http) continue;
    const auto notifier = make_test_notifier(name, good_config(name));
    for (const char* body : bodies) {
      SCOPED_TRACE(name + ": " + body);
      const auto judgement = notifier->judge({.part = "post", .status = 200, .body = body});
      EXPECT_EQ(word(judgement.outcome), "retry");
    }
  }
}

TEST(Judge, TellsTroubleOnTheWayApart) {
  for (const NotifierType* type : notifier_types()) {
    const std::string name{type->name};
    const auto notifier = make_test_notifier(name, good_config(name));
    if (name == "console") continue;
    const Reply reply{.failure = "no route", .failure_outcome = Outcome::kAmbiguous};
    EXPECT_EQ(word(notifier->judge(reply).outcome), "ambiguous") << name;
  }
}

TEST(Judge, PushoverKnowsWhetherSomebodyHasAcknowledged) {
  using State = ReceiptAnswer::State;
  const auto phone = make_test_notifier("pushover", good_config("pushover"));
  const auto receipt = [&phone](const char* body) {
    return phone->receipt({.status = 200, .body = body});
  };
  EXPECT_EQ(receipt(R"({"status":1,"request":"x","receipt":"rLqVuqTRh62UzxtmqiaLzQmVcPgiCy"})"),
            "rLqVuqTRh62UzxtmqiaLzQmVcPgiCy");
  EXPECT_EQ(receipt(R"({"status":1,"request":"x"})"), "");
  EXPECT_EQ(receipt(R"({"status":1,"receipt":"../../messages.json?x="})"), "");
  const HttpRequest question = phone->ask_about("r1");
  EXPECT_EQ(question.method, "GET");
  EXPECT_EQ(question.url, "https://api.pushover.net/1/receipts/r1.json?token=T0KEN");
  const HttpRequest end = phone->call_off("r1");
  EXPECT_EQ(end.url + " " + end.body,
            "https://api.pushover.net/1/receipts/r1/cancel.json token=T0KEN");
  const struct {
    int status;
    const char* body;
    ReceiptAnswer answer;
  } rows[] = {
      {200,
       R"({"status":1,"acknowledged":1,"acknowledged_at":1424305421,"expired":0,
                "acknowledged_by":"uQiRzpo4DXghDmr9QzzfQu27cmVRsG",
                "acknowledged_by_device":"ann-iphone"})",
       {State::kAcknowledged, "ann-iphone"}},
      {200, R"({"status":1,"acknowledged":1})", {State::kAcknowledged, "team"}},
      {200, R"({"status":1,"acknowledged":0,"expired":0})", {}},
      {200, R"({"status":1,"acknowledged":"1"})", {}},
      {200, R"({"status":1,"acknowledged":0,"expired":1})", {State::kOver, ""}},
      {200, "<html>Login</html>", {}},
      {200, "", {}},
      {429, R"({"status":0})", {}},
      {500, "", {}},
      {404, R"({"receipt":"not found","status":0})", {State::kOver, ""}},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(phone->read_answer({.status = row.status, .body = row.body}), row.answer) << row.body;
  }
  EXPECT_EQ(phone->read_answer({.failure = "no route"}), ReceiptAnswer{});
}

TEST(Judge, KnowsMailServers) {
  const auto mail = make_test_notifier("email", good_config("email"));
  const auto outcome = [&mail](int status, const char* stage) {
    return mail->judge({.status = status, .stage = stage, .body = "text"}).outcome;
  };
  EXPECT_EQ(outcome(250, "DATA"), kSent);
  EXPECT_EQ(outcome(451, "DATA"), kRetry);
  EXPECT_EQ(outcome(552, "DATA"), kRefused);
  EXPECT_EQ(outcome(550, "RCPT"), kRefused);
  EXPECT_EQ(outcome(450, "RCPT"), kRetry);
  EXPECT_EQ(outcome(535, "AUTH"), kBroken);
  EXPECT_EQ(outcome(454, "AUTH"), kRetry);
  EXPECT_EQ(outcome(550, "MAIL"), kBroken);
}

TEST(Judge, KnowsProgramsByTheirExitStatus) {
  const auto program = make_test_notifier("exec", good_config("exec"));
  EXPECT_EQ(program->judge({.status = 0}).outcome, kSent);
  EXPECT_EQ(program->judge({.status = 1, .body = "no network\n"}).outcome, kRetry);
  EXPECT_EQ(program->judge({.status = 1, .body = "no network\n"}).detail,
            "exit status 1: no network");
  EXPECT_EQ(program->judge({.status = 127}).outcome, kBroken);
}

TEST(Judge, SlackWebKnowsItsErrors) {
  const auto slack =
      make_test_notifier("slack", {{"secrets", {{"token", "xoxb-1"}}}, {"channel", "C0123"}});
  const auto judged = [&slack](const char* body) {
    return slack->judge({.part = "post", .status = 200, .body = body});
  };
  EXPECT_EQ(judged(R"({"ok":true,"ts":"1712.34"})").thread, "1712.34");
  EXPECT_EQ(judged(R"({"ok":false,"error":"not_in_channel"})").outcome, kBroken);
  EXPECT_EQ(judged(R"({"ok":false,"error":"msg_too_long"})").outcome, kRefused);
  EXPECT_EQ(judged(R"({"ok":false,"error":"ratelimited"})").outcome, kRetry);
  EXPECT_EQ(judged(R"({"ok":"true"})").outcome, kRetry);
}

}  // namespace
}  // namespace coldwatch
