// Slack with a bot's token (scopes chat:write, files:write): one thread for each incident, and
// pictures.
//   answers  HTTP 200 with "ok": true; else "error", a word
//   picture  files.getUploadURLExternal, then the bytes to the address it gives, then
//            files.completeUploadExternal puts the file into the thread
#include "bridge/notifiers/slack_web.hpp"

#include <algorithm>
#include <array>

#include "bridge/notifiers/form.hpp"
#include "bridge/notifiers/judging.hpp"
#include "bridge/notifiers/plot.hpp"
#include "common/json.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 5> kRefused{"msg_too_long", "msg_blocks_too_long", "no_text",
                                                   "invalid_blocks", "invalid_blocks_format"};
constexpr std::array<std::string_view, 6> kWeather{"ratelimited",         "rate_limited",
                                                   "internal_error",      "fatal_error",
                                                   "service_unavailable", "request_timeout"};

std::string_view to_do_about(std::string_view error) {
  if (error == "not_in_channel") return "invite the app to the channel";
  if (error == "channel_not_found") return "put the channel's id (C0...) into \"channel\"";
  if (error == "is_archived") return "put another channel's id into \"channel\"";
  if (error == "missing_scope")
    return "give the app chat:write and files:write, and install it again";
  return "install the app again and put its bot token into \"token_file\"";
}

template <std::size_t kCount>
bool contains(const std::array<std::string_view, kCount>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

class SlackWeb final : public Notifier {
 public:
  struct Settings {
    std::string api_url;
    std::string token;
    std::string channel;  // its id, "C0123ABCD"
    bool pictures = true;
  };
  SlackWeb(NotifierBasics basics, Settings settings)
      : Notifier(std::move(basics)), settings_(std::move(settings)) {}

  std::vector<Part> requests(const Notification& notification,
                             const RenderContext& context) const override {
    json body = slack_message(notification, texts(), link(), context);
    body["channel"] = settings_.channel;
    if (!notification.thread.empty()) {
      body["thread_ts"] = notification.thread;
      // A thread alone rings nobody.
      body["reply_broadcast"] = !notification.quiet;
    }
    return {{.name = "post",
             .request = authorised(json_post(method("chat.postMessage"), body)),
             .memo = notification.thread}};
  }

  Judgement judge(const Reply& reply) const override {
    if (reply.part == "picture bytes") {
      if (auto judgement = judge_http(reply)) return *judgement;
      return {Outcome::kSent, {}, {}, {}};
    }
    json body;
    if (auto judgement = judge_json(reply, body)) return *judgement;
    if (is_true(body, "ok")) {
      return {Outcome::kSent, reply.part == "post" ? "ok" : "", {}, text_in(body, "ts")};
    }
    const std::string error = text_in(body, "error");
    if (error.empty()) return not_recognised(reply);
    if (contains(kRefused, error)) return {Outcome::kRefused, error, {}, {}};
    if (contains(kWeather, error)) return {Outcome::kRetry, error, {}, {}};
    Judgement judgement{Outcome::kBroken, error, {}, {}};
    say_what_to_do(judgement, to_do_about(error));
    return judgement;
  }

  std::vector<Part> follow_ups(const Notification& notification, const RenderContext& context,
                               const Reply& reply) const override {
    const json body = parse_json_or_discard(reply.body);
    if (reply.part == "post") return ask_for_upload(notification, context, reply, body);
    if (reply.part == "picture address") return upload(notification, context, reply, body);
    return {};
  }

  std::vector<std::string> secrets() const override { return {settings_.token}; }

 private:
  std::string method(std::string_view name) const {
    return settings_.api_url + "/api/" + std::string{name};
  }

  HttpRequest authorised(HttpRequest request) const {
    request.headers.emplace_back("Authorization", "Bearer " + settings_.token);
    return request;
  }

  std::vector<Part> ask_for_upload(const Notification& notification, const RenderContext& context,
                                   const Reply& reply, const json& body) const {
    if (!settings_.pictures || notification.quiet || context.minimal) return {};
    const std::string png = picture(notification, context);
    if (png.empty()) return {};
    const std::string thread = reply.memo.empty() ? text_in(body, "ts") : reply.memo;
    return {{.name = "picture address",
             .request = authorised(
                 form_post(method("files.getUploadURLExternal"),
                           {{"filename", "trend.png"}, {"length", std::to_string(png.size())}})),
             .essential = false,
             .memo = thread}};
  }

  std::vector<Part> upload(const Notification& notification, const RenderContext& context,
                           const Reply& reply, const json& body) const {
    const std::string address = text_in(body, "upload_url");
    const std::string file = text_in(body, "file_id");
    if (!address.starts_with("http") || file.empty()) return {};
    HttpRequest bytes{.url = address, .headers = {{"Content-Type", "image/png"}}};
    bytes.body = picture(notification, context);
    const json share{{"files", json::array({{{"id", file}, {"title", "trend"}}})},
                     {"channel_id", settings_.channel},
                     {"thread_ts", reply.memo}};
    return {{.name = "picture bytes", .request = std::move(bytes), .essential = false},
            {.name = "picture share",
             .request = authorised(json_post(method("files.completeUploadExternal"), share)),
             .essential = false}};
  }

  Settings settings_;
};

}  // namespace

std::unique_ptr<Notifier> make_slack_web(NotifierEntry entry) {
  SlackWeb::Settings settings;
  settings.api_url = entry.api_url("https://slack.com");
  settings.token = entry.secret("token");
  settings.channel = entry.settings.required_text("channel");
  settings.pictures = entry.settings.flag("pictures", true);
  return std::make_unique<SlackWeb>(std::move(entry.basics), std::move(settings));
}

}  // namespace coldwatch
