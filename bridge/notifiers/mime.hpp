// Mail as text: headers that cannot be injected into, bodies that survive every relay.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coldwatch {

struct MailAddress {
  std::string name;     // "" where none
  std::string address;  // "user@host", ASCII, nothing that a command could be made of
};

/// "user@host" or "Name <user@host>"; nullopt for anything else.
std::optional<MailAddress> parse_address(std::string_view text);

/// `text` as an unstructured header's value: control characters become blanks; what is not short
/// ASCII becomes RFC 2047 words, folded. `name_length` is that of "Subject: " in front of it.
std::string header_text(std::string_view text, std::size_t name_length);

/// "Name <user@host>" for From and To.
std::string header_address(const MailAddress& address);

struct InlineImage {
  std::string id;  // for "cid:" in the HTML
  std::string file_name;
  std::string png;
};

struct MailContent {
  std::vector<std::pair<std::string, std::string>>
      headers;  // values as the functions above made them
  std::string text;
  std::string html;                 // "" for a mail of text only
  std::vector<InlineImage> images;  // shown by the HTML
};

/// The whole message with CRLF: text/plain, or multipart/alternative (text first, as clients prefer
/// the last) within multipart/related. `boundary` is a word that occurs in no part.
std::string mail_text(const MailContent& content, const std::string& boundary);

}  // namespace coldwatch
