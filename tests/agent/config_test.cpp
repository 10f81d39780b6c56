#include "agent/config.hpp"

#include <gtest/gtest.h>

#include "common/files.hpp"
#include "common/json.hpp"
#include "tests/common/temp_folder.hpp"

namespace coldwatch {
namespace {

using namespace std::chrono_literals;

constexpr const char* kSample = COLDWATCH_SOURCE "/config/agent.json";

LoadedConfig load(const TempFolder& folder, const std::string& text, Mistakes& mistakes) {
  folder.write("agent.json", text);
  return load_agent_config(folder.file("agent.json"), mistakes);
}

TEST(AgentConfig, SampleHasNoMistakes) {
  Mistakes mistakes;
  const LoadedConfig loaded = load_agent_config(kSample, mistakes);
  EXPECT_EQ(describe(mistakes, "agent.json"), "");
  EXPECT_EQ(loaded.config.fridge, "triton1");
  EXPECT_EQ(loaded.rules.states().count("pt_off"), 1U);
}

TEST(AgentConfig, SampleShowsTheDefaults) {
  Mistakes mistakes;
  const AgentConfig sample = load_agent_config(kSample, mistakes).config;
  const TempFolder folder;
  const AgentConfig plain =
      load(folder, R"({"fridge":"triton1","log":{"folder":"/logs"}})", mistakes).config;
  ASSERT_TRUE(mistakes.empty()) << describe(mistakes, "");
  EXPECT_EQ(sample.root, plain.root);
  EXPECT_EQ(sample.site, plain.site);
  EXPECT_EQ(sample.broker.uris, plain.broker.uris);
  EXPECT_EQ(sample.broker.protocol, plain.broker.protocol);
  EXPECT_EQ(sample.broker.keep_alive, plain.broker.keep_alive);
  EXPECT_EQ(sample.broker.connect_timeout, plain.broker.connect_timeout);
  EXPECT_EQ(sample.broker.window, plain.broker.window);
  EXPECT_EQ(sample.log.format, plain.log.format);
  EXPECT_EQ(sample.log.start, plain.log.start);
  EXPECT_EQ(sample.log.options, plain.log.options);
  EXPECT_EQ(sample.log.zone.name(), plain.log.zone.name());
  EXPECT_EQ(sample.poll, plain.poll);
  EXPECT_EQ(sample.stale_after, plain.stale_after);
  EXPECT_EQ(sample.channels.units, plain.channels.units);
  EXPECT_EQ(sample.snapshot_schedule, plain.snapshot_schedule);
  EXPECT_EQ(sample.per_channel, plain.per_channel);
  EXPECT_EQ(sample.heartbeat, plain.heartbeat);
  EXPECT_EQ(plain.state_file, folder.file("triton1.state.json"));
  EXPECT_EQ(plain.broker.client_id, "coldwatch-lab-triton1");
}

void expect_keys(const nlohmann::json& schema, const nlohmann::json& sample,
                 const std::string& path) {
  for (const auto& [key, property] : schema.at("properties").items()) {
    if (key == "uris" || key == "$schema") continue;  // the other spelling of "uri"; for editors
    EXPECT_TRUE(sample.contains(key)) << path << key << " is not in config/agent.json";
    if (property.contains("properties") && sample.contains(key)) {
      expect_keys(property, sample[key], path + key + ".");
    }
  }
}

TEST(AgentConfig, SampleShowsEveryKeyOfTheSchema) {
  Mistakes mistakes;
  const auto sample = load_settings(kSample, mistakes);
  const auto schema = load_settings(COLDWATCH_SOURCE "/schemas/agent-config.schema.json", mistakes);
  ASSERT_TRUE(mistakes.empty()) << describe(mistakes, "");
  expect_keys(schema, sample, "");
}

TEST(AgentConfig, ResolvesPathsFromItsOwnFolder) {
  const TempFolder folder;
  folder.write("secret", "hush\n");
  Mistakes mistakes;
  const AgentConfig config = load(folder,
                                  R"({"fridge":"f","state_file":"s.json","log":{"folder":"logs"},
               "broker":{"user":"f","password_file":"secret"}})",
                                  mistakes)
                                 .config;
  EXPECT_EQ(describe(mistakes, ""), "");
  EXPECT_EQ(config.state_file, folder.file("s.json"));
  EXPECT_EQ(config.log.folder, folder.file("logs"));
  EXPECT_EQ(config.broker.password, "hush");
  for (const char* absolute : {"/data/logs", "C:/logs", "D:\\\\logs", "\\\\\\\\server\\\\share"}) {
    const std::string text = R"({"fridge":"f","log":{"folder":")" + std::string{absolute} + "\"}}";
    EXPECT_EQ(load(folder, text, mistakes).config.log.folder,
              parse_json(text)["log"]["folder"].get<std::string>());
  }
}

TEST(AgentConfig, LiveSourcesAreOffUnlessNamed) {
  const TempFolder folder;
  Mistakes mistakes;
  const auto live_of = [&](const std::string& live) {
    return load(folder, R"({"fridge":"f","log":{"folder":"/l"},"live":{)" + live + "}}", mistakes)
        .config.live;
  };
  EXPECT_FALSE(live_of(""));
  EXPECT_FALSE(live_of(R"("host":"triton","poll":"5s")"));
  folder.write("key", "6e1c\n");
  const auto live = live_of(R"("protocol":"bluefors_http","tls":true,"port":49098,"keep":"7d",
      "ca_file":"bf.pem","key_file":"key","options":{"branch":"driver"})");
  ASSERT_TRUE(live) << describe(mistakes, "");
  EXPECT_EQ(live->port, 49098);
  EXPECT_EQ(live->ca_file, folder.file("bf.pem"));
  EXPECT_EQ(live->key, "6e1c");
  EXPECT_EQ(live->keep, 24h * 7);
  EXPECT_EQ(live_of(R"("protocol":"triton_scpi")")->port, 33576);
  EXPECT_EQ(describe(mistakes, ""), "");
}

TEST(AgentConfig, NamesEveryMistakeInALiveSource) {
  const std::pair<const char*, const char*> cases[] = {
      {R"("protocol":"scpi")", "live.protocol"},
      {R"("protocol":"dr200")", "live.port"},
      {R"("protocol":"triton_scpi","port":65536)", "live.port"},
      {R"("protocol":"triton_scpi","host":"a b")", "live.host"},
      {R"("protocol":"triton_scpi","host":"a/b?c=d")", "live.host"},
      {R"("protocol":"triton_scpi","host":"")", "live.host"},
      {R"("protocol":"triton_scpi","poll":"100ms")", "live.poll"},
      {R"("protocol":"triton_scpi","timeout":"2m")", "live.timeout"},
      {R"("protocol":"triton_scpi","keep":"1h")", "live.keep"},
      {R"("protocol":"triton_scpi","tls":true)", "live.tls"},
      {R"("protocol":"triton_scpi","options":{"map":"2019"})", "live.options"},
      {R"("protocol":"leiden_messenger","options":{"map":"2020"})", "live.options"},
      {R"("protocol":"qd_socket","options":{"dialect":"EXIT"})", "live.options"},
      {R"("protocol":"bluefors_http","options":{"branch":"a/b"})", "live.options"},
      {R"("protocol":"bluefors_http","ca_file":"x.pem")", "live.ca_file"},
      {R"("protocol":"bluefors_http","key":"x")", "live.key"},
  };
  for (const auto& [live, path] : cases) {
    const TempFolder folder;
    Mistakes mistakes;
    load(folder, std::string{R"({"fridge":"f","log":{"folder":"/l"},"live":{)"} + live + "}}",
         mistakes);
    ASSERT_EQ(mistakes.size(), 1U) << live << "\n" << describe(mistakes, "agent.json");
    EXPECT_EQ(mistakes.front().path, path) << live;
  }
}

TEST(AgentConfig, NamesEveryMistakeWithItsPath) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"log":{"folder":"/l"}})", "fridge"},
      {R"({"fridge":"","log":{"folder":"/l"}})", "fridge"},
      {R"({"fridge":"a/b","log":{"folder":"/l"}})", "fridge"},
      {R"({"fridge":"_bridge","log":{"folder":"/l"}})", "fridge"},
      {R"({"fridge":"f.1","log":{"folder":"/l"}})", "fridge"},
      {R"({"fridge":7,"log":{"folder":"/l"}})", "fridge"},
      {R"({"fridge":"f"})", "log.folder"},
      {R"({"fridge":"f","log":"/l"})", "log"},
      {R"({"fridge":"f","log":{"folder":"/l","pol":"1s"}})", "log.pol"},
      {R"({"fridge":"f","log":{"folder":"/l","poll":"49ms"}})", "log.poll"},
      {R"({"fridge":"f","log":{"folder":"/l","poll":1}})", "log.poll"},
      {R"({"fridge":"f","log":{"folder":"/l","format":"word"}})", "log.format"},
      {R"({"fridge":"f","log":{"folder":"/l","time_zone":"Mars/Olympus"}})", "log.time_zone"},
      {R"({"fridge":"f","log":{"folder":"/l","start":"tomorrow"}})", "log.start"},
      {R"({"fridge":"f","log":{"folder":"/l","options":{"a":1}}})", "log.options"},
      {R"({"fridge":"f","log":{"folder":"/l"},"site":"a b"})", "site"},
      {R"({"fridge":"f","log":{"folder":"/l"},"root":""})", "root"},
      {R"({"fridge":"f","log":{"folder":"/l"},"heartbeat":"0s"})", "heartbeat"},
      {R"({"fridge":"f","log":{"folder":"/l"},"per_channel":"yes"})", "per_channel"},
      {R"({"fridge":"f","log":{"folder":"/l"},"snapshot":{"schedule":"often"}})",
       "snapshot.schedule"},
      {R"({"fridge":"f","log":{"folder":"/l"},"channels":{"names":"a"}})", "channels.names"},
      {R"({"fridge":"f","log":{"folder":"/l"},"channels":{"unit":{}}})", "channels.unit"},
      {R"({"fridge":"f","log":{"folder":"/l"},"broker":{"password":"x"}})", "broker.password"},
      {R"({"fridge":"f","log":{"folder":"/l"},"broker":{"uri":"localhost"}})", "broker.uri"},
      {R"({"fridge":"f","log":{"folder":"/l"},"broker":{"ca_file":"none.pem",
          "uri":"mqtts://h"}})",
       "broker.ca_file"},
      {R"({"fridge":"f","log":{"folder":"/l"},"rule":[]})", "rule"},
      {R"({"fridge":"f","fridge":"g","log":{"folder":"/l"}})", "fridge"},
      {"{\"fridge\":\"f\",", ""},
      {"[]", ""},
      {"", ""},
  };
  for (const auto& [text, path] : cases) {
    const TempFolder folder;
    Mistakes mistakes;
    load(folder, text, mistakes);
    ASSERT_FALSE(mistakes.empty()) << text;
    EXPECT_EQ(mistakes.front().path, path) << text << "\n" << describe(mistakes, "agent.json");
  }
}

TEST(AgentConfig, NamesAllMistakesTogether) {
  const TempFolder folder;
  folder.write("agent.json", R"({"fridg":"f","log":{"folder":"/l","poll":"often"},
      "rules":[{"id":"a","channel":"T","low":{"at":2},"high":{"at":1,"severity":"critical",
      "text":"x"}}]})");
  try {
    require_agent_config(folder.file("agent.json"));
    FAIL() << "no mistake was found";
  } catch (const SettingsError& error) {
    for (const char* expected :
         {"fridge: is missing", "fridg: unknown key, did you mean \"fridge\"?", "log.poll: found",
          "rules[0].low.at: found 2"}) {
      EXPECT_NE(std::string{error.what()}.find(expected), std::string::npos) << expected << " in\n"
                                                                             << error.what();
    }
  }
}

TEST(AgentConfig, KeepsItsStateBesideTheConfig) {
  const struct {
    const char* written;
    std::string expected;  // "<folder>" stands for the config's
  } kRows[] = {{"", "<folder>/f.state.json"},
               {R"(,"state_file":"s/mine.json")", "<folder>/s/mine.json"},
               {R"(,"state_file":"/var/mine.json")", "/var/mine.json"},
               {R"(,"state_file":"C:/mine.json")", "C:/mine.json"}};
  for (const auto& row : kRows) {
    const TempFolder folder;
    Mistakes mistakes;
    const LoadedConfig loaded =
        load(folder, R"({"fridge":"f","log":{"folder":"/l"})" + std::string{row.written} + "}",
             mistakes);
    EXPECT_EQ(describe(mistakes, ""), "");
    std::string expected = row.expected;
    if (expected.starts_with("<folder>/")) expected = folder.file(expected.substr(9));
    EXPECT_EQ(loaded.config.state_file, expected);
  }
}

TEST(AgentConfig, SaysWhichFileIsMissing) {
  Mistakes mistakes;
  load_agent_config("/none/agent.json", mistakes);
  ASSERT_EQ(mistakes.size(), 1U);
  EXPECT_NE(mistakes[0].text.find("/none/agent.json"), std::string::npos);
}

}  // namespace
}  // namespace coldwatch
