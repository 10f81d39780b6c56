#include "common/mqtt_route.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

constexpr double kMiddle = 0.5;  // a jitter factor of 1
constexpr Milliseconds kLong = std::chrono::minutes{1};
constexpr Milliseconds kShort = std::chrono::seconds{1};

MqttRoute route(std::vector<std::string> uris, MqttProtocol protocol = MqttProtocol::kAuto) {
  MqttSettings settings;
  settings.uris = std::move(uris);
  settings.protocol = protocol;
  return MqttRoute{settings};
}

TEST(ParseBrokerUri, TakesHostAndPortApart) {
  const std::vector<std::pair<std::string, BrokerAddress>> table{
      {"mqtt://localhost", {false, "localhost", 1883}},
      {"mqtts://broker.lab.example", {true, "broker.lab.example", 8883}},
      {"mqtt://10.0.0.1:18830", {false, "10.0.0.1", 18830}},
      {"mqtt://[::1]", {false, "[::1]", 1883}},
      {"mqtts://[fe80::1]:9", {true, "[fe80::1]", 9}},
      {"mqtt://fridge_pc:65535", {false, "fridge_pc", 65535}},
  };
  for (const auto& [uri, address] : table) EXPECT_EQ(parse_broker_uri(uri), address) << uri;
}

TEST(ParseBrokerUri, RefusesEverythingElse) {
  for (const char* uri : {"",
                          "localhost",
                          "localhost:1883",
                          "tcp://localhost:1883",
                          "ssl://localhost",
                          "http://localhost",
                          "MQTT://localhost",
                          "mqtt:/localhost",
                          "mqtt://",
                          "mqtts://",
                          "mqtt://:1883",
                          "mqtt://localhost:",
                          "mqtt://localhost:0",
                          "mqtt://localhost:65536",
                          "mqtt://localhost:-1",
                          "mqtt://localhost: 1883",
                          "mqtt://localhost:1883 ",
                          "mqtt://localhost:1883/",
                          "mqtt://localhost/path",
                          "mqtt://user:word@localhost",
                          "mqtt://user@localhost",
                          "mqtt://local host",
                          "mqtt://[::1",
                          "mqtt://[]",
                          "mqtt://::1",
                          "mqtt://[::1]x",
                          "mqtt://[host]:1",
                          "mqtt://h\xC3\xB6st",
                          "mqtt://a:1:2",
                          "mqtt://localhost:99999999999999999999"}) {
    EXPECT_EQ(parse_broker_uri(uri), std::nullopt) << uri;
  }
}

TEST(MqttRoute, TriesBothVersionsBeforeTheNextBroker) {
  MqttRoute one = route({"a", "b"});
  EXPECT_EQ(std::pair(one.uri(), one.v5()), std::pair(std::string{"a"}, true));
  one.failed(true, kMiddle);
  EXPECT_EQ(std::pair(one.uri(), one.v5()), std::pair(std::string{"a"}, false));
  one.failed(true, kMiddle);
  EXPECT_EQ(std::pair(one.uri(), one.v5()), std::pair(std::string{"b"}, true));
  one.failed(true, kMiddle);
  one.failed(true, kMiddle);
  EXPECT_EQ(std::pair(one.uri(), one.v5()), std::pair(std::string{"a"}, true));
}

TEST(MqttRoute, KeepsTheVersionWhereTheFailureSaysNothingOfIt) {
  MqttRoute one = route({"a"});
  for (int i = 0; i < 20; ++i) one.failed(false, kMiddle);
  EXPECT_TRUE(one.v5());
}

TEST(MqttRoute, KeepsAConfiguredVersion) {
  MqttRoute five = route({"a"}, MqttProtocol::kV5);
  MqttRoute three = route({"a"}, MqttProtocol::kV311);
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(five.v5());
    EXPECT_FALSE(three.v5());
    five.failed(true, kMiddle);
    three.failed(true, kMiddle);
  }
}

TEST(MqttRoute, RemembersTheVersionThatWorkedUntilItIsInDoubt) {
  MqttRoute one = route({"a"});
  one.failed(true, kMiddle);
  one.worked();
  one.lost(kLong, kMiddle);
  for (unsigned i = 1; i < MqttRoute::kDoubtAfter; ++i) {
    one.failed(true, kMiddle);
    EXPECT_FALSE(one.v5()) << i;
  }
  one.failed(true, kMiddle);
  EXPECT_TRUE(one.v5());
}

TEST(MqttRoute, WaitsDoubleUpToTheMostAndAreSpread) {
  MqttRoute one = route({"a"});
  std::vector<int> seconds;
  for (int i = 0; i < 8; ++i) {
    seconds.push_back(static_cast<int>(one.failed(false, kMiddle) / std::chrono::seconds{1}));
  }
  EXPECT_EQ(seconds, (std::vector{1, 2, 4, 8, 16, 32, 60, 60}));
  EXPECT_EQ(one.failed(false, 0.0), std::chrono::seconds{30});
  EXPECT_NEAR(static_cast<double>(one.failed(false, 0.999).count()), 90'000, 100);
  for (int i = 0; i < 200; ++i) one.failed(false, kMiddle);
  EXPECT_EQ(one.failed(false, kMiddle), std::chrono::seconds{60});
}

TEST(MqttRoute, ASettledConnectionThatIsLostIsMadeAgainAtOnceAtTheSameBroker) {
  MqttRoute one = route({"a", "b"});
  for (int i = 0; i < 6; ++i) one.failed(false, kMiddle);
  one.worked();
  EXPECT_EQ(one.lost(kLong, kMiddle), std::chrono::seconds{1});
  EXPECT_EQ(one.uri(), "a");
}

TEST(MqttRoute, ConnectionsThatEndEarlyAreTriedEverMoreSlowlyAndElsewhere) {
  MqttRoute one = route({"a", "b"});
  one.worked();
  EXPECT_EQ(one.lost(kShort, kMiddle), std::chrono::seconds{1});
  EXPECT_EQ(one.uri(), "b");
  one.worked();
  EXPECT_EQ(one.lost(kShort, kMiddle), std::chrono::seconds{2});
  one.worked();
  EXPECT_EQ(one.lost(kShort, kMiddle), std::chrono::seconds{4});
  EXPECT_EQ(one.early_losses(), 3u);
  one.worked();
  EXPECT_EQ(one.lost(MqttRoute::kSettled, kMiddle), std::chrono::seconds{1});
  EXPECT_EQ(one.early_losses(), 0u);
}

TEST(MqttRoute, GoesByAnotherNameAfterASubscriptionHadEndedTheConnection) {
  MqttSettings settings;
  settings.client_id = "coldwatch-lab-f1";
  MqttRoute one{settings};
  std::vector<std::string> names;
  for (int attempt = 0; attempt < 6; ++attempt) {
    names.push_back(one.client_id());
    one.ended_subscribing();
  }
  EXPECT_EQ(names, (std::vector<std::string>{"coldwatch-lab-f1", "coldwatch-lab-f1-1",
                                             "coldwatch-lab-f1-2", "coldwatch-lab-f1-3",
                                             "coldwatch-lab-f1", "coldwatch-lab-f1-1"}));
}

}  // namespace
}  // namespace coldwatch
