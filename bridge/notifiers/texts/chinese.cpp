#include "bridge/notifiers/texts/texts.hpp"

namespace coldwatch {
namespace {

constexpr TextRow kChinese[] = {
    {"severity.info", "提示"},
    {"severity.warning", "警告"},
    {"severity.critical", "严重"},

    {"title.one", "{{fridge}}：{{text}}"},
    {"title.many", "{{text}}（{{count}} 台制冷机）"},
    {"title.silent", "断电或断网？{{count}} 台制冷机没有数据"},
    {"title.common_cause", "共同原因？{{all}} 台制冷机中 {{count}} 台报警：{{title}}"},
    {"title.digest", "{{fridges}} 台制冷机的 {{incidents}} 起报警"},

    {"own.bridge", "Coldwatch"},
    {"own.test", "这是一条测试消息"},
    {"own.drill", "这是定期演练"},
    {"own.agent_offline", "采集程序没有响应"},
    {"own.log_stopped", "制冷机的日志已停止更新"},
    {"own.log_unreadable", "制冷机的日志无法读取{{#detail}}：{{detail}}{{/detail}}"},
    {"own.two_agents", "有两个采集程序使用同一个名称：请停止其中一个，或为它另取名称"},
    {"own.broker_lost", "与 MQTT 服务器的连接已断开{{#detail}}：{{detail}}{{/detail}}"},
    {"own.notifier_failing", "消息无法经 {{name}} 送达{{#detail}}：{{detail}}{{/detail}}"},
    {"own.messages_dropped", "MQTT 服务器丢弃了消息：有订阅者太慢，或队列太短"},
    {"own.store_failing", "数据库无法写入：{{text}}"},
    {"own.queue_growing", "等待 MQTT 服务器的消息越来越多"},
    {"own.drill_missing", "演练消息没有送达：{{text}}"},

    {"intent.open", "【{{severity}}】"},
    {"intent.escalate", "【升级为{{severity}}】"},
    {"intent.lower", "【降为{{severity}}】"},
    {"intent.repeat", "【仍然{{severity}}】"},
    {"intent.realarm", "【仍然{{severity}}，确认已过期】"},
    {"intent.stale", "【无数据，此前{{severity}}】"},
    {"intent.fresh", "【数据恢复，仍然{{severity}}】"},
    {"intent.flap", "【反复{{severity}}】"},
    {"intent.still", "【已稳定，仍然{{severity}}】"},
    {"intent.clear", "【已恢复】"},
    {"intent.return_unacked", "【已恢复，尚未确认】"},
    {"intent.occurred_and_cleared", "【曾经发生，已恢复】"},
    {"intent.notice", "【通知】"},

    {"headline.one", "{{label}}{{fridge}}：{{text}}"},
    {"headline.many", "{{label}}{{text}}（{{count}} 台制冷机）"},
    {"headline.more", "{{headline}}（另有 {{count}} 项）"},
    {"heading.one", "{{label}}{{text}}"},
    {"heading.many", "{{label}}{{text}}（{{count}} 台制冷机）"},

    {"join", "，"},
    {"names.join", "、"},
    {"times", "{{text}}（{{count}} 次）"},
    {"line", "{{fridge}}：{{text}}"},
    {"piece.value",
     "{{#channel}}{{channel}} {{/channel}}{{value}}"
     "{{#limit}}（限值 {{limit}}）{{/limit}}"},
    {"piece.value_now", "现在 {{#channel}}{{channel}} {{/channel}}{{value}}"},
    {"piece.since", "自 {{since}} 起{{#duration}}（已 {{duration}}）{{/duration}}"},
    {"piece.at", "时间 {{time}}"},
    {"piece.lasted", "{{#duration}}持续 {{duration}}，{{/duration}}至 {{until}}"},
    {"piece.from_to", "{{since}} 至 {{until}}{{#duration}}（{{duration}}）{{/duration}}"},
    {"piece.ended", "开始于 {{since}}"},
    {"piece.stale", "已无数据"},
    {"piece.acknowledged", "已由 {{who}} 确认"},
    {"trend.rising", "上升 {{rate}}"},
    {"trend.falling", "下降 {{rate}}"},
    {"trend.steady", "平稳"},
    {"duration.d", "{{count}} 天"},
    {"duration.h", "{{count}} 小时"},
    {"duration.min", "{{count}} 分钟"},
    {"duration.s", "{{count}} 秒"},
    {"rate.minute", "{{value}}/分钟"},
    {"rate.hour", "{{value}}/小时"},

    {"playbook", "处理：{{text}}"},
    {"active", "仍在报警："},
    {"active.line", "{{text}}（{{severity}}，{{time}}）"},
    {"may_be_duplicate", "（本消息可能重复：另一个桥接程序或已发出，但当前无法与其联系。）"},
    {"all_clear", "相关报警已全部解除。"},
    {"more", "+{{count}} 项未列出"},
    {"link", "打开"},
    {"link.line", "{{label}}：{{link}}"},

    {"test.title", "Coldwatch 测试"},
    {"test.alarm", "这是一条测试报警，一切正常。"},
    {"test.end", "测试报警结束。"},
    {"test.playbook", "能看到这条消息，说明报警可以送达。"},
};

}  // namespace

std::span<const TextRow> chinese_texts() { return kChinese; }

}  // namespace coldwatch
