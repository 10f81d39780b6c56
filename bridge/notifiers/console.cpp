// Standard output, for trying things out and for a log that people read.
#include "bridge/notifiers/layout.hpp"
#include "bridge/notifiers/notifiers.hpp"

namespace coldwatch {
namespace {

constexpr std::size_t kLongestBytes = 64 * 1024;

class Console final : public Notifier {
 public:
  using Notifier::Notifier;

  std::vector<Part> requests(const Notification& notification,
                             const RenderContext& context) const override {
    const MessageText message = message_text(notification, texts(), link(), context);
    const std::string text =
        clock_words(context.now, context.now, *context.zone) + "  " +
        lay_out(message, kPlainMarkup, {kLongestBytes}, texts(), {.headline = true}) + "\n\n";
    return {{.name = "text", .request = ConsoleText{text}}};
  }

  Judgement judge(const Reply& reply) const override {
    if (reply.failure.empty()) return {Outcome::kSent, "printed", {}, {}};
    return {Outcome::kRetry, reply.failure, {}, {}};
  }
};

std::unique_ptr<Notifier> make(NotifierEntry entry) {
  return std::make_unique<Console>(std::move(entry.basics));
}

}  // namespace

extern constinit const NotifierType kConsole{
    .name = "console",
    .limits = {.messages = 1000, .window = std::chrono::minutes{1}},
    .make = make,
};

}  // namespace coldwatch
