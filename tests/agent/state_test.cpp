#include "agent/state.hpp"

#include "common/files.hpp"
#include "common/settings.hpp"
#include "tests/agent/agent_helper.hpp"
#include "tests/common/temp_folder.hpp"

namespace coldwatch {
namespace {

AgentState full_state() {
  AgentState state{.fridge = "triton1", .epoch = "2026-03-01T12:00:00.000Z", .seq = 41};
  state.evaluated["main"] = {.path = "log ü.vcl",
                             .identity = "65:1234",
                             .head_hash = "256:9f",
                             .order = "2026-03-01",
                             .position = {.offset = 1ULL << 40, .record = 7, .time = kNoon}};
  state.acknowledged["main"] = {
      .path = "log ü.vcl",
      .identity = "65:1234",
      .finished = {{.path = "before.vcl", .identity = "65:1233", .position = {.offset = 504}}}};
  state.rules = {{"warm", {{"side", "high"}}}};
  state.told["warm"] = {41, "id41", AlarmState::kActive, Severity::kCritical};
  state.events.push_back({.id = "id41",
                          .type = "raise",
                          .rule = "warm",
                          .state = AlarmState::kActive,
                          .severity = Severity::kCritical,
                          .text = "MC is \"warm\"",
                          .channel = "MC_T_K",
                          .value = 0.3,
                          .unit = "K",
                          .time = kNoon,
                          .since = kNoon,
                          .epoch = "2026-03-01T12:00:00.000Z",
                          .seq = 41,
                          .replay = true,
                          .file = "log ü.vcl",
                          .row = "7"});
  state.snapshot_due = kNoon;
  return state;
}

TEST(State, ComesBackAsItWasSaved) {
  const TempFolder folder;
  StateFile file{folder.file("agent.state.json")};
  ASSERT_TRUE(file.save(full_state(), kNoon));
  EXPECT_EQ(file.load("triton1", kNoon + std::chrono::hours{1}), full_state());
}

TEST(State, BeginsANewEpochWhereThereIsNoFile) {
  const TempFolder folder;
  const AgentState state = StateFile{folder.file("none.json")}.load("triton1", kNoon);
  EXPECT_EQ(state, (AgentState{.fridge = "triton1", .epoch = "2026-03-01T12:00:00.000Z"}));
}

TEST(State, SetsAsideWhatItCannotUse) {
  const std::string good = serialize(full_state());
  const auto with = [&good](const std::string& from, const std::string& to) {
    std::string text = good;
    const auto at = text.find(from);
    EXPECT_NE(at, text.npos) << from;
    return text.replace(at, from.size(), to);
  };
  const std::pair<const char*, std::string> cases[] = {
      {"empty", ""},
      {"torn", good.substr(0, good.size() / 2)},
      {"last byte missing", good.substr(0, good.size() - 2)},
      {"zeros after a power cut", std::string(good.size(), '\0')},
      {"not an object", "[1, 2]"},
      {"no JSON", "hello"},
      {"other version", with("\"version\":1", "\"version\":2")},
      {"no version", with(",\"version\":1", "")},
      {"other fridge", with("\"fridge\":\"triton1\"", "\"fridge\":\"triton2\"")},
      {"seq is no number", with("\"seq\":41", "\"seq\":\"41\"")},
      {"seq below all", with("\"seq\":41", "\"seq\":-1")},
      {"seq at the end of all", with("\"seq\":41", "\"seq\":18446744073709551615")},
      {"seq in halves", with("\"seq\":41", "\"seq\":41.5")},
      {"last_event below all", with("\"last_event\":0", "\"last_event\":-1")},
      {"offset below all", with("\"offset\":1099511627776", "\"offset\":-1")},
      {"record beyond all", with("\"record\":7", "\"record\":1e300")},
      {"seq of what was told", with("\"id\":\"id41\",\"seq\":41,\"severity\":2",
                                    "\"id\":\"id41\",\"seq\":-1,\"severity\":2")},
      {"unknown state", with("\"state\":1", "\"state\":9")},
      {"event without type", with("\"type\":\"raise\"", "\"kind\":\"raise\"")},
      {"offset is a text", with("\"offset\":1099511627776", "\"offset\":\"far\"")},
      {"deep nesting", std::string(100000, '[')},
  };
  for (const auto& [what, content] : cases) {
    const TempFolder folder;
    folder.write("agent.state.json", content);
    const AgentState state = StateFile{folder.file("agent.state.json")}.load("triton1", kNoon);
    EXPECT_EQ(state.epoch, "2026-03-01T12:00:00.000Z") << what;
    EXPECT_TRUE(state.evaluated.empty()) << what;
    std::string error;
    EXPECT_EQ(read_file(folder.file("agent.state.json.damaged"), good.size() + 200000, error),
              content)
        << what << error;
  }
}

TEST(State, DoesNotReplaceAFileThatItCannotRead) {
  const TempFolder folder;
  std::filesystem::create_directories(folder.path() + "/agent.state.json/in the way");
  EXPECT_THROW(StateFile{folder.file("agent.state.json")}.load("triton1", kNoon), SettingsError);
}

TEST(State, SurvivesAFolderThatIsGone) {
  const TempFolder folder;
  StateFile file{folder.file("gone/agent.state.json")};
  EXPECT_FALSE(file.save(full_state(), kNoon));
  std::filesystem::create_directories(folder.path() + "/gone");
  EXPECT_TRUE(file.save(full_state(), kNoon));
  EXPECT_EQ(file.load("triton1", kNoon), full_state());
}

}  // namespace
}  // namespace coldwatch
