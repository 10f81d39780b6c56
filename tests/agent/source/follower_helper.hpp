// A log folder on the disk, a follower of it, and a clock that a test moves on.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "agent/source/follower.hpp"
#include "tests/agent/formats/vcl_writer.hpp"
#include "tests/common/temp_folder.hpp"

namespace coldwatch {

class FollowedFolder {
 public:
  FollowedFolder() { std::filesystem::create_directories(os_path("")); }

  std::filesystem::path os_path(const std::string& name) const {
    const std::string full = temp_.file("logs") + (name.empty() ? "" : "/" + name);
    return std::u8string{full.begin(), full.end()};
  }
  std::string path() const { return temp_.file("logs"); }

  void write(const std::string& name, const std::string& bytes) const { put(name, bytes, {}); }
  void append(const std::string& name, const std::string& bytes) const {
    put(name, bytes, std::ios::app);
  }
  void move(const std::string& from, const std::string& to) const {
    std::filesystem::rename(os_path(from), os_path(to));
  }
  void copy(const std::string& from, const std::string& to) const {
    std::filesystem::copy_file(os_path(from), os_path(to));
  }
  void remove(const std::string& name) const { std::filesystem::remove_all(os_path(name)); }

  LogSettings settings{.zone = *TimeZone::find("UTC", error_)};

  /// Starts anew, at `from` or as the settings say.
  void start(StreamPositions from = {}) {
    settings.folder = path();
    follower.emplace(settings, std::move(from));
  }

  /// The ids (pressures) of the rows that a few polls bring, in their order.
  std::vector<double> read(int polls = 4) {
    std::vector<double> ids;
    for (int i = 0; i < polls; ++i) {
      now += std::chrono::seconds{3};
      follower->poll(now);
      while (const auto chunk = follower->next()) {
        EXPECT_EQ(chunk->after, follower->positions().at(chunk->stream));
        for (std::size_t row = 0; row < chunk->rows->size(); ++row) {
          ids.push_back((*chunk->rows)[row].values[0]);
        }
        for (const Remark& remark : chunk->rows->remarks) remarks.push_back(remark.code);
      }
      for (LogNotice& notice : follower->take_notices()) notices.push_back(notice.type);
    }
    return ids;
  }

  std::optional<Follower> follower;
  std::vector<std::string> remarks;
  std::vector<std::string> notices;
  UtcTime now{std::chrono::seconds{1'800'000'000}};

 private:
  void put(const std::string& name, const std::string& bytes, std::ios::openmode mode) const {
    std::filesystem::create_directories(os_path(name).parent_path());
    std::ofstream stream{os_path(name), std::ios::binary | mode};
    stream << bytes;
    ASSERT_TRUE(stream.good()) << name;
  }

  TempFolder temp_;
  std::string error_;
};

using Ids = std::vector<double>;
using Words = std::vector<std::string>;

}  // namespace coldwatch
