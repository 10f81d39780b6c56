#include "agent/live/live_source.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

LiveClock clock_of_the_system() {
  return {.utc = [] { return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now()); },
          .steady = [] { return std::chrono::steady_clock::now(); }};
}

std::string trouble(const LiveSettings& settings) {
  LiveSource source{settings, clock_of_the_system(), [] { return false; }};
  try {
    source.sample();
  } catch (const LiveError& error) {
    return error.what();
  }
  return "none";
}

TEST(LiveSource, NamesTheServerThatRefuses) {
  const std::string words = trouble(
      {.protocol = "triton_scpi", .host = "127.0.0.1", .port = 1, .timeout = Milliseconds{5000}});
  EXPECT_TRUE(words.starts_with("triton_scpi at 127.0.0.1:1: cannot be connected to: ")) << words;
}

TEST(LiveSource, NamesTheHostThatIsNotKnown) {
  const std::string words =
      trouble({.protocol = "ppms_visa", .host = "no-such-host.invalid", .port = 6340});
  EXPECT_TRUE(words.starts_with("ppms_visa at no-such-host.invalid:6340: no-such-host.invalid: "))
      << words;
}

TEST(LiveSource, NamesTheHttpServerThatRefuses) {
  const std::string words = trouble({.protocol = "bluefors_http", .host = "127.0.0.1", .port = 1});
  EXPECT_TRUE(words.starts_with("bluefors_http at 127.0.0.1:1: ")) << words;
}

}  // namespace
}  // namespace coldwatch
