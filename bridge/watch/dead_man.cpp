#include "bridge/watch/dead_man.hpp"

namespace coldwatch {
namespace {

class DeadMan final : public Notifier {
 public:
  DeadMan(NotifierBasics basics, std::string url)
      : Notifier(std::move(basics)), url_(std::move(url)) {}

  std::vector<Part> requests(const Notification& /*notification*/,
                             const RenderContext& /*context*/) const override {
    return {{.name = "ping", .request = HttpRequest{.method = "GET", .url = url_}}};
  }

  Judgement judge(const Reply& reply) const override {
    const bool taken = reply.failure.empty() && reply.status >= 200 && reply.status < 300;
    if (taken) return {Outcome::kSent, "", {}, {}};
    return {Outcome::kRetry,
            reply.failure.empty() ? "HTTP status " + std::to_string(reply.status) : reply.failure,
            {},
            {}};
  }

  std::vector<std::string> secrets() const override { return {url_}; }

 private:
  std::string url_;
};

}  // namespace

std::unique_ptr<Notifier> make_dead_man(const std::string& url) {
  NotifierBasics basics;
  basics.name = kDeadMan;
  return std::make_unique<DeadMan>(std::move(basics), url);
}

Notification dead_man_ping(std::uint64_t n) {
  return {.id = "ping-" + std::to_string(n), .notifier = kDeadMan};
}

}  // namespace coldwatch
