// Lets arbitrary bytes write, cut, rename and delete logs in a folder that a follower watches. No
// row may be handed out that nobody wrote, and what is written to a new file must arrive.
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>

#include "agent/source/follower.hpp"
#include "tests/fuzz/require.hpp"

namespace coldwatch {
namespace {

namespace fs = std::filesystem;

/// Longer histories find little more, and take longer.
constexpr std::size_t kMostActions = 60;

/// The folder, and what was written to it: a number for each row, never one twice.
class World {
 public:
  World() : folder_(place() / ("follower_fuzz_" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
    for (const fs::directory_entry& old : fs::directory_iterator(folder_)) fs::remove(old.path());
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  std::string path() const { return folder_.string(); }

  void act(std::uint8_t action, std::uint8_t argument) {
    const fs::path file =
        folder_ / ("Flowmeter 26-06-" + std::to_string(10 + argument % 4) + ".log");
    const fs::path other =
        folder_ / ("Flowmeter 26-06-" + std::to_string(10 + argument / 4 % 4) + ".log");
    std::error_code ignored;
    switch (action % 8) {
      case 0:
      case 1:
        append(file, row());
        break;
      case 2:
        append(file, row().substr(0, argument % 30));
        break;
      case 3:
        append(file, std::string(1 + argument, static_cast<char>(argument)));
        break;
      case 4:
        fs::resize_file(file, argument, ignored);
        break;
      case 5:
        fs::rename(file, other, ignored);
        break;
      case 6:
        fs::remove(file, ignored);
        break;
      default:
        replace(file);
        break;
    }
  }

  bool wrote(double value) const { return value > 0 && value <= rows_ && value == int(value); }

 private:
  /// Memory where there is some: the disk would be most of the time.
  static fs::path place() {
    const fs::path memory = "/dev/shm";
    return fs::exists(memory) ? memory : fs::temp_directory_path();
  }
  std::string row() {
    ++rows_;
    char text[64];
    std::snprintf(text, sizeof text, "10-06-26,%02d:%02d:%02d,%d\r\n", rows_ / 3600 % 24,
                  rows_ / 60 % 60, rows_ % 60, rows_);
    return text;
  }
  void append(const fs::path& file, const std::string& bytes) {
    std::ofstream{file, std::ios::binary | std::ios::app} << bytes;
  }
  void replace(const fs::path& file) {
    const fs::path beside = folder_ / "new.tmp";
    std::ofstream{beside, std::ios::binary} << row();
    fs::rename(beside, file);
  }

  fs::path folder_;
  int rows_ = 0;
};

void drain(Follower& follower, const World& world, UtcTime now, bool torn) {
  follower.poll(now);
  for (int chunks = 0; const auto chunk = follower.next(); ++chunks) {
    require(chunks < 10000, "draining ends");
    for (std::size_t i = 0; i < chunk->rows->size(); ++i) {
      const RowView row = (*chunk->rows)[i];
      require(torn || world.wrote(row.values[0]), "every row was written");
    }
  }
  follower.take_notices();
}

void run(const std::uint8_t* data, std::size_t size) {
  World world;
  std::string error;
  const LogSettings settings{.folder = world.path(),
                             .format = "bluefors",
                             .zone = *TimeZone::find("UTC", error),
                             .start = LogStart::kBeginning};
  auto follower = std::make_unique<Follower>(settings, StreamPositions{});
  UtcTime now{Milliseconds{1'800'000'000'000}};
  bool torn = false;  // glued pieces may read as rows that nobody meant
  for (std::size_t i = 0; i + 1 < size && i < kMostActions * 2; i += 2) {
    torn = torn || (data[i] % 8 >= 2 && data[i] % 8 <= 4);
    world.act(data[i], data[i + 1]);
    now += std::chrono::seconds{1 + data[i] / 32};
    if (data[i + 1] % 3 == 0) drain(*follower, world, now, torn);
    if (data[i + 1] % 17 == 0) {
      follower = std::make_unique<Follower>(settings, StreamPositions{follower->positions()});
    }
  }
  for (int polls = 0; polls < 5; ++polls) {
    now += std::chrono::minutes{1};
    drain(*follower, world, now, torn);
  }
}

}  // namespace
}  // namespace coldwatch

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  coldwatch::run(data, size);
  return 0;
}
