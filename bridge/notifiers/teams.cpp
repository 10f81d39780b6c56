// Microsoft Teams: a workflow "When a Teams webhook request is received"; its address is the secret.
//   answers  202 when the workflow has it (whether it posts it, nobody says); 200 and "1" from the old
//            connectors, which report errors in a 200 as well
//   limits   28 KB
// Texts from outside stand in TextRun objects, which know no markup.

#include "bridge/notifiers/judging.hpp"
#include "bridge/notifiers/layout.hpp"
#include "bridge/notifiers/notifiers.hpp"
#include "common/json.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

constexpr Budget kTitle{300, Measure::kCharacters};
constexpr Budget kText{7 * 1024, Measure::kBytes};
/// No text from outside holds this character: a line that begins with it is a heading.
constexpr std::string_view kBold = "\x02";
constexpr Markup kMarkup{.escape = literally, .bold_open = kBold, .bold_close = "", .bullet = "• "};

json run_block(const json& run, std::string_view spacing = "Small") {
  return {{"type", "RichTextBlock"}, {"spacing", spacing}, {"inlines", json::array({run})}};
}

/// One block for each line, with some room where a line is empty.
void add_lines(json& blocks, const std::string& text) {
  std::string_view spacing = "Small";
  for (std::string_view line : split(text, '\n')) {
    if (line.empty()) {
      spacing = "Medium";
      continue;
    }
    const bool bold = line.starts_with(kBold);
    if (bold) line.remove_prefix(kBold.size());
    json run{{"type", "TextRun"}, {"text", line}};
    if (bold) run["weight"] = "Bolder";
    blocks.push_back(run_block(run, spacing));
    spacing = "Small";
  }
}

std::string_view colour(const Notification& notification) {
  if (notification.all_clear) return "Good";
  if (notification.severity == Severity::kCritical) return "Attention";
  return notification.severity == Severity::kWarning ? "Warning" : "Accent";
}

class Teams final : public Notifier {
 public:
  Teams(NotifierBasics basics, std::string url)
      : Notifier(std::move(basics)), url_(std::move(url)) {}

  std::vector<Part> requests(const Notification& notification,
                             const RenderContext& context) const override {
    const MessageText message = message_text(notification, texts(), link(), context);
    json blocks = json::array({run_block({{"type", "TextRun"},
                                          {"text", shortened(message.headline, kTitle)},
                                          {"weight", "Bolder"},
                                          {"size", "Large"},
                                          {"color", colour(notification)}})});
    const std::string text =
        context.minimal ? "" : lay_out(message, kMarkup, kText, texts(), {.link = false});
    add_lines(blocks, text);
    json card{{"$schema", "http://adaptivecards.io/schemas/adaptive-card.json"},
              {"type", "AdaptiveCard"},
              {"version", "1.4"},
              {"msteams", {{"width", "Full"}}},
              {"body", blocks}};
    if (!link().empty()) {
      card["actions"] = json::array(
          {{{"type", "Action.OpenUrl"}, {"title", message.link_label}, {"url", link()}}});
    }
    const json attachment{{"contentType", "application/vnd.microsoft.card.adaptive"},
                          {"contentUrl", nullptr},
                          {"content", card}};
    const json body{{"type", "message"}, {"attachments", json::array({attachment})}};
    return {{.name = "post", .request = json_post(url_, body)}};
  }

  Judgement judge(const Reply& reply) const override {
    if (auto judgement = judge_http(reply)) return *judgement;
    constexpr int kAccepted = 202;
    if (reply.status == kAccepted) return {Outcome::kSent, "202, queued by the workflow", {}, {}};
    if (trim(reply.body) == "1") return {Outcome::kSent, "1", {}, {}};
    return not_recognised(reply);
  }

  std::vector<std::string> secrets() const override { return {url_}; }

 private:
  std::string url_;
};

std::unique_ptr<Notifier> make(NotifierEntry entry) {
  std::string url = entry.secret_url();
  return std::make_unique<Teams>(std::move(entry.basics), std::move(url));
}

}  // namespace

extern constinit const NotifierType kTeams{
    .name = "teams",
    .limits = {.messages = 60, .window = std::chrono::minutes{1}},
    .make = make,
};

}  // namespace coldwatch
