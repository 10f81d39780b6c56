#include "agent/console/keys.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

using Keys = std::vector<Key>;

TEST(KeyReader, TellsKeysApart) {
  struct Case {
    std::vector<std::string_view> portions;  // as they came, then silence
    Keys keys;
  };
  const Case cases[] = {
      {{"t"}, {Key::kTest}},
      {{"sS"}, {Key::kSnapshot, Key::kSnapshot}},
      {{"q"}, {Key::kExit}},
      {{"y"}, {Key::kYes}},
      {{" "}, {Key::kPageDown}},
      {{"x\r\n\t"}, {Key::kOther, Key::kOther, Key::kOther, Key::kOther}},
      {{"\x1b"}, {Key::kExit}},
      {{"\x1b\x1b"}, {Key::kExit, Key::kExit}},
      {{"\x1b[A\x1b[B"}, {Key::kUp, Key::kDown}},
      {{"\x1bOA\x1bOB"}, {Key::kUp, Key::kDown}},
      {{"\x1b[5~\x1b[6~"}, {Key::kPageUp, Key::kPageDown}},
      {{"\x1b", "[A"}, {Key::kUp}},
      {{"\x1b[", "5", "~t"}, {Key::kPageUp, Key::kTest}},
      {{"\x1b["}, {Key::kOther}},
      {{"\x1b[15~"}, {Key::kOther}},          // F5 is no letter t and no exit
      {{"\x1b[<0;10;10M"}, {Key::kOther}},    // a mouse
      {{"\x1bq"}, {Key::kExit, Key::kExit}},  // Alt+q
      {{"\x1b[1;1;1;1;1;1;1;1;1"}, {Key::kOther, Key::kOther, Key::kOther, Key::kOther}},
      {{"\xc3\xa4"}, {Key::kOther, Key::kOther}},
      {{""}, {}},
  };
  for (const Case& one : cases) {
    KeyReader reader;
    Keys keys;
    for (const std::string_view portion : one.portions) {
      for (const Key key : reader.read(portion)) keys.push_back(key);
    }
    for (const Key key : reader.read("")) keys.push_back(key);
    EXPECT_EQ(keys, one.keys) << one.portions.front();
  }
}

}  // namespace
}  // namespace coldwatch
