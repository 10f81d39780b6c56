// A folder of its own for a test, gone when the test is over.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace coldwatch {

class TempFolder {
 public:
  TempFolder() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    path_ = std::filesystem::temp_directory_path() /
            ("coldwatch_" + std::string{test->test_suite_name()} + "_" + test->name());
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  /// The path of `name` in the folder, UTF-8.
  std::string file(const std::string& name) const { return utf8(path_ / as_path(name)); }
  std::string path() const { return utf8(path_); }

  /// Readable by its owner only, as a file with a secret has to be.
  void write(const std::string& name, std::string_view content) const {
    std::ofstream stream{path_ / as_path(name), std::ios::binary};
    stream << content;
    ASSERT_TRUE(stream.good()) << name;
    using std::filesystem::perms;
    std::filesystem::permissions(path_ / as_path(name), perms::owner_read | perms::owner_write);
  }

 private:
  static std::filesystem::path as_path(const std::string& text) {
    return std::u8string{text.begin(), text.end()};
  }
  static std::string utf8(const std::filesystem::path& path) {
    const std::u8string text = path.generic_u8string();
    return {text.begin(), text.end()};
  }

  std::filesystem::path path_;
};

}  // namespace coldwatch
