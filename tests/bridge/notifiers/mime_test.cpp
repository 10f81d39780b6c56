#include "bridge/notifiers/mime.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

TEST(Mime, SubjectOfChineseAndEmoji) {
  EXPECT_EQ(header_text("[LD400-3] 混合室温度过高: T=0.142 K > 0.100 K (持续 5 min) 🔥", 9),
            "=?UTF-8?B?W0xENDAwLTNdIOa3t+WQiOWupOa4qeW6pui/h+mrmDogVD0wLjE0?=\r\n"
            " =?UTF-8?B?MiBLID4gMC4xMDAgSyAo5oyB57utIDUgbWluKSDwn5Sl?=");
}

TEST(Mime, HeadersCannotBeInjectedInto) {
  EXPECT_EQ(header_text("a\r\nBcc: b\x7f", 9), "a  Bcc: b ");
  EXPECT_EQ(header_text("\xff", 9), "=?UTF-8?B?77+9?=");
  EXPECT_EQ(header_text("=?UTF-8?Q?x?=", 9), "=?UTF-8?B?PT9VVEYtOD9RP3g/PQ==?=");
}

struct AddressCase {
  const char* text;
  const char* name;
  const char* address;  // null where it is none
};

TEST(Mime, Addresses) {
  constexpr AddressCase kCases[] = {
      {"ann@lab.org", "", "ann@lab.org"},
      {" Ann B. <ann@lab.org> ", "Ann B.", "ann@lab.org"},
      {"<ann@lab.org>", "", "ann@lab.org"},
      {"", "", nullptr},
      {"ann", "", nullptr},
      {"@lab.org", "", nullptr},
      {"ann@", "", nullptr},
      {"a@b@c", "", nullptr},
      {"a b@c", "", nullptr},
      {"a@b>\r\nRCPT TO:<c@d", "", nullptr},
      {"a@b,c@d", "", nullptr},
      {"Ann <a@b", "", nullptr},
      {"ä@lab.org", "", nullptr},
      {"\"a\"@b", "", nullptr},
  };
  for (const AddressCase& one : kCases) {
    const auto parsed = parse_address(one.text);
    ASSERT_EQ(parsed.has_value(), one.address != nullptr) << one.text;
    if (!parsed) continue;
    EXPECT_EQ(parsed->name, one.name);
    EXPECT_EQ(parsed->address, one.address);
  }
  EXPECT_FALSE(parse_address(std::string(300, 'a') + "@b.org"));
}

TEST(Mime, NamesInAddresses) {
  EXPECT_EQ(header_address({"Lab 3", "a@b.org"}), "Lab 3\r\n <a@b.org>");
  EXPECT_EQ(header_address({"Lab, \"3\"", "a@b.org"}), "\"Lab, \\\"3\\\"\"\r\n <a@b.org>");
  EXPECT_EQ(header_address({"Bö", "a@b.org"}), "=?UTF-8?B?QsO2?=\r\n <a@b.org>");
}

TEST(Mime, LongOrForeignLinesAreEncoded) {
  const std::string plain = mail_text({.text = "short\n.\nlines"}, "b");
  EXPECT_NE(plain.find("7bit\r\n\r\nshort\r\n.\r\nlines\r\n"), plain.npos);
  for (const std::string& text : {std::string(2000, 'x'), std::string{"0.1 µK"}}) {
    const std::string mail = mail_text({.text = text}, "b");
    EXPECT_NE(mail.find("Content-Transfer-Encoding: base64"), mail.npos);
    std::size_t line = 0;
    for (const char c : mail) {
      line = c == '\n' ? 0 : line + 1;
      ASSERT_LE(line, 100U);
    }
  }
}

}  // namespace
}  // namespace coldwatch
