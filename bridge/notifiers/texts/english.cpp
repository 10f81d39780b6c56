#include "bridge/notifiers/texts/texts.hpp"

namespace coldwatch {
namespace {

constexpr TextRow kEnglish[] = {
    {"severity.info", "INFO"},
    {"severity.warning", "WARNING"},
    {"severity.critical", "CRITICAL"},

    // The subject of the mails about an incident, and the heading of messages that guess at a cause.
    {"title.one", "{{fridge}}: {{text}}"},
    {"title.many", "{{text}} ({{count}} fridges)"},
    {"title.silent", "Power or network? {{count}} fridges are silent"},
    {"title.common_cause", "Common cause? {{count}} of {{all}} fridges: {{title}}"},
    {"title.digest", "{{incidents}} incidents on {{fridges}} fridges"},

    // Alarms of the bridge's own: {{text}} is the English sentence, {{detail}} what follows its colon.
    {"own.bridge", "Coldwatch"},
    {"own.test", "{{text}}"},
    {"own.drill", "{{text}}"},
    {"own.agent_offline", "{{text}}"},
    {"own.log_stopped", "{{text}}"},
    {"own.log_unreadable", "{{text}}"},
    {"own.two_agents", "{{text}}"},
    {"own.broker_lost", "{{text}}"},
    {"own.notifier_failing", "{{text}}"},
    {"own.messages_dropped", "{{text}}"},
    {"own.store_failing", "{{text}}"},
    {"own.queue_growing", "{{text}}"},
    {"own.drill_missing", "{{text}}"},

    // How an alarm is announced, by why it stands in the message.
    {"intent.open", "{{severity}}"},
    {"intent.escalate", "{{severity}}, was less"},
    {"intent.lower", "Now only {{severity}}"},
    {"intent.repeat", "STILL {{severity}}"},
    {"intent.realarm", "STILL {{severity}}, acknowledged long ago"},
    {"intent.stale", "NO DATA, last known {{severity}}"},
    {"intent.fresh", "Data again, still {{severity}}"},
    {"intent.flap", "{{severity}} comes and goes"},
    {"intent.still", "Settled, still {{severity}}"},
    {"intent.clear", "OVER"},
    {"intent.return_unacked", "OVER, not acknowledged"},
    {"intent.occurred_and_cleared", "CAME AND WENT"},
    {"intent.notice", "NOTE"},

    {"headline.one", "{{label}} {{fridge}}: {{text}}"},
    {"headline.many", "{{label}} {{text}} ({{count}} fridges)"},
    {"headline.more", "{{headline}} (+{{count}} more)"},
    {"heading.one", "{{label}}: {{text}}"},
    {"heading.many", "{{label}}: {{text}} ({{count}} fridges)"},

    // One alarm of one fridge: the pieces that apply, joined.
    {"join", ", "},
    {"names.join", ", "},
    {"times", "{{text}} ({{count}} times)"},
    {"line", "{{fridge}}: {{text}}"},
    {"piece.value",
     "{{#channel}}{{channel}} {{/channel}}{{value}}"
     "{{#limit}} (limit {{limit}}){{/limit}}"},
    {"piece.value_now", "now {{#channel}}{{channel}} {{/channel}}{{value}}"},
    {"piece.since", "since {{since}}{{#duration}} ({{duration}}){{/duration}}"},
    {"piece.at", "at {{time}}"},
    {"piece.lasted", "{{#duration}}lasted {{duration}}, {{/duration}}until {{until}}"},
    {"piece.from_to", "from {{since}} to {{until}}{{#duration}} ({{duration}}){{/duration}}"},
    {"piece.ended", "began {{since}}"},
    {"piece.stale", "no data any more"},
    {"piece.acknowledged", "acknowledged by {{who}}"},
    {"trend.rising", "rising {{rate}}"},
    {"trend.falling", "falling {{rate}}"},
    {"trend.steady", "steady"},
    {"duration.d", "{{count}} d"},
    {"duration.h", "{{count}} h"},
    {"duration.min", "{{count}} min"},
    {"duration.s", "{{count}} s"},
    {"rate.minute", "{{value}}/min"},
    {"rate.hour", "{{value}}/h"},

    {"playbook", "Do: {{text}}"},
    {"active", "Still in alarm:"},
    {"active.line", "{{text}} ({{severity}}, {{time}})"},
    {"may_be_duplicate", "(Another bridge may have said this too: this one does not hear it.)"},
    {"all_clear", "Nothing of this is in alarm any more."},
    {"more", "+{{count}} more"},
    {"link", "Open"},
    {"link.line", "{{label}}: {{link}}"},

    {"test.title", "Test of Coldwatch"},
    {"test.alarm", "This is a test alarm. Nothing is wrong."},
    {"test.end", "The test alarm is over."},
    {"test.playbook", "If you can read this, alarms reach you here."},
};

}  // namespace

std::span<const TextRow> english_texts() { return kEnglish; }

}  // namespace coldwatch
