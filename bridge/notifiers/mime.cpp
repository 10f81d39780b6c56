#include "bridge/notifiers/mime.hpp"

#include <algorithm>

#include "bridge/notifiers/escaping.hpp"
#include "bridge/notifiers/signature.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::size_t kLongestHeaderBytes = 900;
constexpr std::size_t kLongestLine = 76;

bool is_plain_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; });
}

std::string with_line_ends(std::string_view text) {
  std::string lines;
  for (const std::string_view line : split(text, '\n')) {
    lines += std::string{line.ends_with('\r') ? line.substr(0, line.size() - 1) : line};
    lines += kLineEnd;
  }
  return lines;
}

std::string base64_lines(std::string_view bytes) {
  const std::string encoded = base64(bytes);
  std::string lines;
  for (std::size_t at = 0; at < encoded.size(); at += kLongestLine) {
    lines += encoded.substr(at, kLongestLine);
    lines += kLineEnd;
  }
  return lines;
}

/// A text part: as it is where every relay lets it through, else base64.
std::string text_part(std::string_view type, std::string_view text) {
  const auto lines = split(text, '\n');
  const bool plain = std::ranges::all_of(lines, [](std::string_view line) {
    return is_plain_ascii(line) && line.size() <= kLongestLine;
  });
  std::string part = "Content-Type: " + std::string{type} + "; charset=utf-8\r\n";
  if (plain) {
    return part + "Content-Transfer-Encoding: 7bit\r\n\r\n" + with_line_ends(text);
  }
  return part + "Content-Transfer-Encoding: base64\r\n\r\n" + base64_lines(with_line_ends(text));
}

std::string image_part(const InlineImage& image) {
  return "Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <" +
         image.id + ">\r\nContent-Disposition: inline; filename=\"" + image.file_name +
         "\"\r\n\r\n" + base64_lines(image.png);
}

std::string multipart(std::string_view type, const std::string& boundary,
                      const std::vector<std::string>& parts) {
  std::string text =
      "Content-Type: multipart/" + std::string{type} + "; boundary=\"" + boundary + "\"\r\n\r\n";
  for (const std::string& part : parts) text += "--" + boundary + "\r\n" + part + "\r\n";
  return text + "--" + boundary + "--\r\n";
}

std::string content(const MailContent& mail, const std::string& boundary) {
  if (mail.html.empty()) return text_part("text/plain", mail.text);
  const std::string both =
      multipart("alternative", boundary + "-a",
                {text_part("text/plain", mail.text), text_part("text/html", mail.html)});
  if (mail.images.empty()) return both;
  std::vector<std::string> parts{both};
  for (const InlineImage& image : mail.images) parts.push_back(image_part(image));
  return multipart("related; type=\"multipart/alternative\"", boundary + "-r", parts);
}

}  // namespace

std::optional<MailAddress> parse_address(std::string_view text) {
  constexpr std::size_t kLongestAddress = 254;
  MailAddress parsed;
  std::string_view bare = trim(text);
  const auto open = bare.rfind('<');
  if (open != bare.npos && bare.ends_with('>')) {
    parsed.name = trim(bare.substr(0, open));
    bare = bare.substr(open + 1, bare.size() - open - 2);
  }
  const auto at = bare.find('@');
  const bool usual = is_plain_ascii(bare) && bare.find_first_of(" <>()[],;:\\\"") == bare.npos;
  if (!usual || at == bare.npos || at == 0 || at + 1 == bare.size() ||
      bare.find('@', at + 1) != bare.npos || bare.size() > kLongestAddress) {
    return std::nullopt;
  }
  parsed.address = bare;
  return parsed;
}

std::string header_text(std::string_view text, std::size_t name_length) {
  constexpr std::size_t kAround = 12;  // of "=?UTF-8?B?" and "?="
  const std::string clean = one_line(visible(text), kLongestHeaderBytes);
  if (is_plain_ascii(clean) && clean.size() + name_length <= kLongestLine &&
      clean.find("=?") == clean.npos) {
    return clean;
  }
  std::string words;
  std::string_view rest = clean;
  while (!rest.empty()) {
    const std::size_t before = words.empty() ? name_length : 1;
    const std::size_t room = (kLongestLine - std::min(before, kLongestLine / 2) - kAround) / 4 * 3;
    const std::string_view piece = utf8_prefix(rest, room);
    words += std::string{words.empty() ? "" : "\r\n "} + "=?UTF-8?B?" + base64(piece) + "?=";
    rest.remove_prefix(piece.size());
  }
  return words;
}

std::string header_address(const MailAddress& address) {
  if (address.name.empty()) return address.address;
  constexpr std::size_t kNameLength = 6;  // of "From: "
  std::string phrase = header_text(address.name, kNameLength);
  const bool atom = std::ranges::all_of(phrase, [](char c) {
    return c == ' ' || c == '-' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z');
  });
  if (!atom && !phrase.starts_with("=?")) {
    std::string quoted;
    for (const char c : phrase) {
      if (c == '"' || c == '\\') quoted += '\\';
      quoted += c;
    }
    phrase = "\"" + quoted + "\"";
  }
  return phrase + "\r\n <" + address.address + ">";
}

std::string mail_text(const MailContent& mail, const std::string& boundary) {
  std::string text;
  for (const auto& [name, value] : mail.headers) text += name + ": " + value + "\r\n";
  return text + "MIME-Version: 1.0\r\n" + content(mail, boundary);
}

}  // namespace coldwatch
