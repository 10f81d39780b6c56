// Signatures against the published values of each vendor.
#include "bridge/notifiers/signature.hpp"

#include <gtest/gtest.h>

#include "tests/bridge/notifiers/notifier_helper.hpp"

namespace coldwatch {
namespace {

TEST(Signature, StandardWebhooks) {
  const auto key = base64_decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  ASSERT_TRUE(key);
  EXPECT_EQ(
      base64(hmac_sha256(*key, "msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}")),
      "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(Signature, FeishuHasTheTextAsItsKey) {
  EXPECT_EQ(base64(hmac_sha256("100\ndemo", "")), "jquNHnVOwmDRfw+vqTIrY5dooJAgi5EcRtLsQE4wfXg=");
  nlohmann::json config = good_config("feishu");
  config["secrets"]["secret"] = "demo";
  const auto notifier = make_test_notifier("feishu", config);
  RenderContext context = test_context();
  context.now = UtcTime{std::chrono::milliseconds{1599360473999}};
  const auto body = parse_json(body_of(notifier->requests(test_alarm(), context).front().request));
  EXPECT_EQ(body["timestamp"], "1599360473");
  EXPECT_EQ(body["sign"], "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=");
}

TEST(Signature, DingtalkHasTheSecretAsItsKeyAndStandsInTheAddress) {
  const auto notifier = make_test_notifier("dingtalk", good_config("dingtalk"));
  RenderContext context = test_context();
  context.now = UtcTime{std::chrono::milliseconds{1577262236757}};
  const auto parts = notifier->requests(test_alarm(), context);
  EXPECT_TRUE(std::get<HttpRequest>(parts.front().request)
                  .url.ends_with("&timestamp=1577262236757&sign="
                                 "hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D"));
}

TEST(Signature, Base64) {
  for (const std::string text : {"", "f", "fo", "foo", "foob", "\xff\x00\xfe"}) {
    EXPECT_EQ(base64_decode(base64(text)), text);
  }
  EXPECT_EQ(base64("foob"), "Zm9vYg==");
  for (const char* broken : {"Zg", "Zg=", "Z!==", "====", "Zg==\n", "Zg==Zg=="}) {
    EXPECT_EQ(base64_decode(broken), std::nullopt) << broken;
  }
}

TEST(Signature, Md5AndUrl) {
  EXPECT_EQ(md5_hex("abc"), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(url_encode("a b+c/温~"), "a%20b%2Bc%2F%E6%B8%A9~");
}

}  // namespace
}  // namespace coldwatch
