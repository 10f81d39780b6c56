#include "tests/simulator/vcl_bytes.hpp"

#include <bit>
#include <cstdint>

namespace coldwatch::simulator {
namespace {

constexpr std::size_t kTextBytes = 0x400;
constexpr std::size_t kNamesAt = 0x1800;
constexpr std::size_t kNameBytes = 32;
constexpr std::size_t kAxesAt = 0x2F00;
constexpr std::size_t kAxesBytes = 252;

}  // namespace

std::string vcl_head(std::span<const std::string> columns, std::string_view path,
                     std::string_view created) {
  std::string head =
      "VeriCold data logfile.\r\n(c) 2010 Oxford Instruments plc.\r\n"
      "To read this file you will need a log file reader from Oxford Instruments.\r\n\r\n"
      "Log File Version: no version number assigned\r\n\r\nOriginal filename: ";
  head.append(path).append("\r\nCreation date: ").append(created);
  head.append("\r\nLast write access: ").append(created).append("\r\n");
  head.resize(kTextBytes, '\0');
  head += "This is the standard comments block";
  head.resize(kNamesAt, '\0');
  for (const std::string& name : columns) {
    const std::size_t end = head.size() + kNameBytes;
    head.append(name, 0, kNameBytes - 1).resize(end, '\0');
  }
  head.resize(kAxesAt, '\0');
  head.append(kAxesBytes, '\xFF').append({'\0', '\0', '\0', '\x6B'});
  return head;
}

std::string vcl_row(std::span<const double> values) {
  std::string bytes;
  bytes.reserve(values.size() * sizeof(double));
  for (const double value : values) {
    auto bits = std::bit_cast<std::uint64_t>(value);
    for (std::size_t i = 0; i < sizeof bits; ++i, bits >>= 8U) {
      bytes.push_back(static_cast<char>(bits & 0xFFU));
    }
  }
  return bytes;
}

}  // namespace coldwatch::simulator
