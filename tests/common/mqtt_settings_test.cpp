#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "common/files.hpp"
#include "common/json.hpp"
#include "common/mqtt_session.hpp"

namespace coldwatch {
namespace {

class MqttSettingsTest : public testing::Test {
 protected:
  MqttSettingsTest() {
    std::filesystem::create_directories(folder_);
    write("ca.pem", "-----BEGIN CERTIFICATE-----\n...\n-----END CERTIFICATE-----\n");
    write("key.pem", "-----BEGIN EC PRIVATE KEY-----\n...\n-----END EC PRIVATE KEY-----\n");
    write("password", "word\n");
  }
  ~MqttSettingsTest() override { std::filesystem::remove_all(folder_); }

  std::string file(const std::string& name) const { return (folder_ / name).generic_string(); }
  void write(const std::string& name, const std::string& content) const {
    std::ofstream{folder_ / name, std::ios::binary} << content;
    using std::filesystem::perms;
    std::filesystem::permissions(folder_ / name, perms::owner_read | perms::owner_write);
  }

  MqttSettings read(const nlohmann::json& section, bool secrets_must_exist = true) {
    mistakes_.clear();
    return read_mqtt_settings(SettingsReader{section, "broker", mistakes_}, secrets_must_exist);
  }

  const std::filesystem::path folder_ =
      std::filesystem::path{testing::TempDir()} / "mqtt settings test";
  Mistakes mistakes_;
};

TEST_F(MqttSettingsTest, AnEmptySectionIsTheBrokerOnThisMachine) {
  const MqttSettings settings = read(nlohmann::json::object());
  EXPECT_EQ(mistakes_, Mistakes{});
  EXPECT_EQ(settings.uris, std::vector<std::string>{"mqtt://localhost:1883"});
  EXPECT_EQ(settings.protocol, MqttProtocol::kAuto);
  EXPECT_EQ(settings.keep_alive, std::chrono::seconds{15});
}

TEST_F(MqttSettingsTest, ReadsEveryKey) {
  const MqttSettings settings = read({{"uris", {"mqtts://a", "mqtts://b:1"}},
                                      {"user", "fridge"},
                                      {"password_file", file("password")},
                                      {"ca_file", file("ca.pem")},
                                      {"certificate", file("ca.pem")},
                                      {"key", file("key.pem")},
                                      {"protocol", "3.1.1"},
                                      {"keep_alive", "30s"},
                                      {"connect_timeout", "10s"},
                                      {"window", 10}});
  EXPECT_EQ(describe(mistakes_, ""), "");
  EXPECT_EQ(settings.uris, (std::vector<std::string>{"mqtts://a", "mqtts://b:1"}));
  EXPECT_EQ(settings.user, "fridge");
  EXPECT_EQ(settings.password, "word");
  EXPECT_EQ(settings.ca_file, file("ca.pem"));
  EXPECT_EQ(settings.certificate, file("ca.pem"));
  EXPECT_EQ(settings.key, file("key.pem"));
  EXPECT_EQ(settings.protocol, MqttProtocol::kV311);
  EXPECT_EQ(settings.keep_alive, std::chrono::seconds{30});
  EXPECT_EQ(settings.connect_timeout, std::chrono::seconds{10});
  EXPECT_EQ(settings.window, 10u);
}

TEST_F(MqttSettingsTest, AKeyIsASecretAndACertificateIsNone) {
  using std::filesystem::perm_options;
  using std::filesystem::perms;
  const auto set = [this](const char* name, perms what, perm_options how) {
    std::filesystem::permissions(folder_ / name, what, how);
  };
  const nlohmann::json section{{"uri", "mqtts://a"},
                               {"ca_file", file("ca.pem")},
                               {"certificate", file("ca.pem")},
                               {"key", file("key.pem")}};
  set("ca.pem", perms::others_read, perm_options::add);
  read(section);
  EXPECT_EQ(describe(mistakes_, ""), "");
  for (const perms open : {perms::others_read, perms::others_write}) {
    set("key.pem", open, perm_options::add);
    if (!is_open_to_everyone(file("key.pem")) && !is_writable_by_everyone(file("key.pem"))) {
      GTEST_SKIP() << "this system has no such permission";
    }
    read(section);
    ASSERT_EQ(mistakes_.size(), 1u);
    EXPECT_EQ(mistakes_[0].path, "broker.key");
    EXPECT_NE(mistakes_[0].text.find("every user of this machine may"), std::string::npos);
    read(section, false);
    EXPECT_EQ(describe(mistakes_, ""), "") << "on another machine";
    set("key.pem", open, perm_options::remove);
  }
}

TEST_F(MqttSettingsTest, NamesEveryMistakeWithItsPlaceAndWhatWasFound) {
  struct Row {
    nlohmann::json section;
    std::string path;
    std::string words;
  };
  const std::string ca = file("ca.pem");
  const std::vector<Row> table{
      {{{"uri", "tcp://localhost:1883"}}, "broker.uri", "\"tcp://localhost:1883\""},
      {{{"uri", ""}}, "broker.uri", "expected \"mqtt://HOST[:PORT]\""},
      {{{"uri", 1883}}, "broker.uri", "expected a text"},
      {{{"uris", nlohmann::json::array()}}, "broker.uris", "found 0 brokers"},
      {{{"uris", {"mqtt://a", "b"}}}, "broker.uris", "found \"b\""},
      {{{"uris", {"mqtt://a"}}, {"uri", "mqtt://a"}}, "broker.uris", "only one of them"},
      {{{"uris", std::vector<std::string>(17, "mqtt://a")}}, "broker.uris", "found 17 brokers"},
      {{{"password", "word"}}, "broker.password", "password_file"},
      {{{"password_file", file("password")}}, "broker.user", "missing beside a password"},
      {{{"user", "x"}, {"password_file", file("no")}}, "broker.password_file", file("no")},
      {{{"uri", "mqtts://a"}, {"ca_file", file("no.pem")}}, "broker.ca_file", file("no.pem")},
      {{{"uri", "mqtts://a"}, {"ca_file", file("key.pem")}}, "broker.ca_file", "no PEM block"},
      {{{"uri", "mqtts://a"}, {"ca_file", ca}, {"certificate", file("password")}},
       "broker.certificate",
       "no PEM block"},
      {{{"uri", "mqtts://a"}, {"ca_file", ca}, {"certificate", ca}, {"key", ca}},
       "broker.key",
       "PRIVATE KEY"},
      {{{"uri", "mqtts://a"}, {"ca_file", ca}, {"key", file("key.pem")}},
       "broker.key",
       "without \"certificate\""},
      {{{"uri", "mqtt://a"}, {"ca_file", ca}}, "broker.ca_file", "not encrypted"},
      {{{"protocol", "4"}}, "broker.protocol", "\"auto\", \"5\" or \"3.1.1\""},
      {{{"protocol", 5}}, "broker.protocol", "found 5"},
      {{{"keep_alive", "1s"}}, "broker.keep_alive", "found \"1s\""},
      {{{"keep_alive", 15}}, "broker.keep_alive", "a duration"},
      {{{"connect_timeout", "0s"}}, "broker.connect_timeout", "a duration"},
      {{{"window", 0}}, "broker.window", "found 0"},
      {{{"window", 2000}}, "broker.window", "found 2000"},
      {{{"adress", "mqtt://a"}}, "broker.adress", "unknown key"},
  };
  for (const Row& row : table) {
    read(row.section);
    ASSERT_EQ(mistakes_.size(), 1u) << row.section << describe(mistakes_, "");
    EXPECT_EQ(mistakes_[0].path, row.path) << row.section;
    EXPECT_NE(mistakes_[0].text.find(row.words), std::string::npos) << mistakes_[0].text;
  }
}

TEST_F(MqttSettingsTest, ACheckOnAnotherMachineDoesNotMissTheFiles) {
  read({{"uri", "mqtts://a"},
        {"user", "x"},
        {"password_file", "/not/here"},
        {"ca_file", "/not/here/either"},
        {"certificate", "/nor/here"}},
       false);
  EXPECT_EQ(describe(mistakes_, ""), "");
}

}  // namespace
}  // namespace coldwatch
