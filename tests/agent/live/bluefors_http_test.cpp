#include <gtest/gtest.h>

#include "agent/live/live_protocol.hpp"
#include "tests/agent/live/scripted_link.hpp"

namespace coldwatch {
namespace {

using testing::text_of;

const LiveProtocol& bluefors() { return *find_live_protocol("bluefors_http"); }

TEST(BlueforsHttp, ReadsFlatNodes) {
  const LiveSample sample = bluefors().parse(R"({"data": {
    "mapper.bf": {"name": "mapper.bf", "type": null},
    "mapper.bf.temperatures.tmixing": {"name": "tmixing", "type": "Value.Number.Float",
      "content": {"read_only": true,
        "latest_valid_value": {"value": "0.0121", "outdated": false, "date": 1719705600000,
                               "status": "SYNCHRONIZED", "exception": ""},
        "latest_value": {"value": "0.0121", "outdated": false, "date": 1719705600000,
                         "status": "SYNCHRONIZED"}}},
    "mapper.bf.temperatures.t50k": {"content": {"latest_valid_value":
        {"value": "0.0", "outdated": false, "status": "SYNCHRONIZED"}}},
    "mapper.bf.temperatures.tstill": {"content": {"latest_valid_value":
        {"value": "0.9", "outdated": true, "status": "SYNCHRONIZED"}}},
    "mapper.bf.temperatures.tfse": {"content": {"latest_valid_value": null}},
    "mapper.bf.pressures.p3": {"content": {"latest_valid_value":
        {"value": "-7.0", "outdated": false, "status": "INDEPENDENT"}}},
    "mapper.bf.flow": {"content": {"latest_valid_value": {"value": "0.8", "status": "CHANGED"},
        "latest_value": {"value": "", "status": "DISCONNECTED"}}},
    "mapper.bf.valves.v1": {"content": {"latest_valid_value": {"value": "1", "status": "QUEUED"}}},
    "mapper.bf.valves.v2": {"content": {"latest_valid_value": {"value": "", "status": "INVALID"}}},
    "mapper.bf.system_name": {"content": {"latest_valid_value":
        {"value": "BF-LD400", "status": "SYNCHRONIZED"}}},
    "driver.lakeshore.status.inputs.channel7.temperature": {"content": {"latest_valid_value":
        {"value": "0.0", "status": "SYNCHRONIZED"}}}
  }})");
  EXPECT_EQ(text_of(sample),
            "driver.lakeshore.status.inputs.channel7.temperature (K)=-|flow=-|pressures.p3=-7|"
            "temperatures.t50k (K)=-|temperatures.tfse (K)=-|temperatures.tmixing (K)=0.0121|"
            "temperatures.tstill (K)=~0.9|valves.v1=1|valves.v2=-");
}

TEST(BlueforsHttp, ReadsTreesAndNodesAtTheTop) {
  const std::string leaf =
      R"({"name": "x", "content": {"latest_valid_value": {"value": "4.2", "status": "CHANGED"}}})";
  for (const std::string& body :
       {R"({"mapper": {"type": null, "bf": {"temperatures": {"t4k": )" + leaf + "}}}}",
        R"({"data": {"mapper": {"bf": {"temperatures": {"t4k": )" + leaf + "}}}}}",
        R"({"mapper.bf.temperatures.t4k": )" + leaf + "}",
        R"({"mapper": {"mapper.bf": {"mapper.bf.temperatures.t4k": )" + leaf + "}}}"}) {
    EXPECT_EQ(text_of(bluefors().parse(body)), "temperatures.t4k (K)=4.2") << body;
  }
}

TEST(BlueforsHttp, RefusesWhatHoldsNoValues) {
  std::string deep;
  for (int i = 0; i < 5000; ++i) deep += R"({"a":)";
  deep += "1" + std::string(5000, '}');
  for (const std::string& body :
       {std::string{}, std::string{"<html>403</html>"}, std::string{"[]"}, std::string{"{}"},
        std::string{R"({"data": null})"}, std::string{R"({"data": {"a": {"content": []}}})"},
        std::string{R"({"error": "invalid key"})"}, std::string("{\"data\": {\"a\0", 12), deep}) {
    EXPECT_THROW(bluefors().parse(body), LiveError) << body.substr(0, 80);
  }
}

TEST(BlueforsHttp, AsksForOneBranchWithTheKeyEncoded) {
  LiveSettings settings{.protocol = "bluefors_http"};
  EXPECT_EQ(bluefors().target(settings), "/values/mapper/bf/?recursion=-1&style=flat");
  settings.key = "a&b=c/d";
  settings.options["branch"] = "driver.lakeshore";
  EXPECT_EQ(bluefors().target(settings),
            "/values/driver/lakeshore/?recursion=-1&style=flat&key=a%26b%3Dc%2Fd");
  for (const char* wrong : {"", ".a", "a..b", "a/b", "a?x=1", "a b"}) {
    EXPECT_NE(bluefors().check({{"branch", wrong}}), "") << wrong;
  }
  EXPECT_NE(bluefors().check({{"brnch", "mapper"}}), "");
  EXPECT_EQ(bluefors().check({{"branch", "mapper.bf.temperatures"}}), "");
}

}  // namespace
}  // namespace coldwatch
