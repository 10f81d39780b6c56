// What the lines of all Bluefors files share, and the file that is read beside another.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "agent/formats/text_lines.hpp"

namespace coldwatch {

/// Takes the stamp "DD-MM-YY,HH:MM:SS" and the comma after it off the front of `text`, blanks
/// before it too; nullopt, with `text` as it was, where it does not begin with one.
std::optional<LocalTime> take_bluefors_stamp(std::string_view& text);

/// Is `text` one or more digits and nothing else?
bool is_whole_number(std::string_view text);

/// Walks another file of the same folder in step with the one that is read: the temperatures or the
/// errors beside the resistances of a channel.
class BesideFile {
 public:
  enum class State {
    kFound,   // there are lines of that very second
    kNone,    // there are none, and later ones are there
    kNotYet,  // there are none as far as the file goes
  };

  /// With `no_doubt`, lines of the hour that is shown twice count only where the file itself tells in
  /// which pass they were written: a value is rather missing than an hour away from its place.
  BesideFile(const FileContext& context, std::string path, bool no_doubt = false)
      : read_(context.read_beside),
        path_(std::move(path)),
        clock_(context.zone),
        no_doubt_(no_doubt) {}

  /// Times asked for in ascending order cost one pass over the file.
  State at(UtcTime time);
  /// What the lines say that the last question found, without their stamps.
  const std::vector<std::string>& texts() const { return texts_; }
  /// Looks at the file again where it ended at the last question.
  void look_again() { ended_ = !read_; }
  /// Time of the last line that was passed; the epoch where there was none.
  UtcTime last() const { return last_; }

 private:
  using QuarterHours = std::chrono::duration<std::int64_t, std::ratio<900>>;
  struct Line {
    UtcTime time;
    std::string text;
  };
  bool read_line();
  bool is_shown_twice(LocalTime local);
  bool hour_is_in_doubt(LocalTime local);
  void rewind();

  std::function<std::string(const std::string&, std::uint64_t, std::size_t)> read_;
  std::string path_;
  LocalClock clock_;
  bool no_doubt_;
  std::optional<std::chrono::local_time<QuarterHours>> quarter_;  // that was asked about last
  bool quarter_is_twice_ = false;
  std::optional<bool> doubt_;  // of the hour that is shown twice, while in it
  std::string buffer_;
  std::size_t used_ = 0;      // of the buffer
  std::uint64_t offset_ = 0;  // in the file, of the buffer's start
  std::optional<Line> line_;  // the one in hand
  std::vector<std::string> texts_;
  UtcTime asked_{};
  UtcTime last_{};
  bool ended_ = false;
};

}  // namespace coldwatch
