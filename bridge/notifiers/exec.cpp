// A program of the user's: JSON as of `webhook` on its standard input, no shell, a time limit. Exit
// status 0 is success; any other is tried again, but not 126 and 127 (it cannot be run).

#include "bridge/notifiers/judging.hpp"
#include "bridge/notifiers/layout.hpp"
#include "bridge/notifiers/notifiers.hpp"
#include "bridge/notifiers/payload.hpp"
#include "common/json.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr Budget kText{4096, Measure::kBytes};
constexpr std::size_t kShownOutputBytes = 200;
constexpr int kCannotRun = 126;
constexpr int kNotFound = 127;

class Exec final : public Notifier {
 public:
  Exec(NotifierBasics basics, std::vector<std::string> program, Milliseconds limit)
      : Notifier(std::move(basics)), program_(std::move(program)), limit_(limit) {}

  std::vector<Part> requests(const Notification& notification,
                             const RenderContext& context) const override {
    const MessageText message = message_text(notification, texts(), link(), context);
    const std::string text = lay_out(message, kPlainMarkup, kText, texts(), {.headline = true});
    return {{.name = "run",
             .request = ProgramCall{.arguments = program_,
                                    .input = dump(payload(notification, text, context)) + "\n",
                                    .limit = limit_}}};
  }

  Judgement judge(const Reply& reply) const override {
    if (!reply.failure.empty()) return {reply.failure_outcome, reply.failure, {}, {}};
    const std::string output = one_line(repair_utf8(trim(reply.body)), kShownOutputBytes);
    const std::string detail =
        "exit status " + std::to_string(reply.status) + (output.empty() ? "" : ": " + output);
    if (reply.status == 0) return {Outcome::kSent, detail, {}, {}};
    const bool cannot = reply.status == kCannotRun || reply.status == kNotFound;
    Judgement judgement{cannot ? Outcome::kBroken : Outcome::kRetry, detail, {}, {}};
    if (cannot) say_what_to_do(judgement, "make \"program\" one that this user may run");
    return judgement;
  }

 private:
  std::vector<std::string> program_;
  Milliseconds limit_;
};

std::unique_ptr<Notifier> make(NotifierEntry entry) {
  auto program = entry.settings.texts("program");
  if (program.empty() || !program.front().starts_with('/')) {
    entry.settings.mistake("program",
                           "expected a list: the full path of a program, then its arguments");
    program = {"/nonexistent"};
  }
  const Milliseconds limit = entry.settings.duration(
      "limit", std::chrono::seconds{30}, std::chrono::seconds{1}, std::chrono::minutes{5});
  return std::make_unique<Exec>(std::move(entry.basics), std::move(program), limit);
}

}  // namespace

extern constinit const NotifierType kExec{
    .name = "exec",
    .limits = {.messages = 60, .window = std::chrono::minutes{1}},
    .make = make,
};

}  // namespace coldwatch
