// Makes a text show literally on each kind of service: no markup, no links, nobody pinged.
#pragma once

#include <string>
#include <string_view>

namespace coldwatch {

/// A text from outside as it may stand in a message, before any escaping: UTF-8 on one line, without
/// the characters that have no form of their own or turn the writing of others round (U+202E).
std::string visible(std::string_view text);

/// "&", "<" and ">" as entities: Slack, Telegram's HTML.
std::string escape_entities(std::string_view text);

/// Every character of Feishu's markdown as an entity.
std::string escape_lark(std::string_view text);

/// As escape_entities, and quotes, for HTML mail.
std::string escape_html(std::string_view text);

/// Markdown of chats: a backslash before every character that could be markup, and mentions broken
/// by a character of no width.
std::string escape_markdown(std::string_view text);

/// Markdown dialects without a backslash (WeCom, DingTalk): what could be markup, a mention or a
/// tag becomes its full-width or look-alike form.
std::string escape_lookalike(std::string_view text);

}  // namespace coldwatch
