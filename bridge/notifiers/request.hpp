// What a notifier wants carried, as values: by HTTP, SMTP, MQTT, a program or the console.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "common/messages.hpp"
#include "common/time.hpp"

namespace coldwatch {

struct HttpRequest {
  std::string method = "POST";
  std::string url;  // often the secret itself: it is never shown
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::string ca_file;  // PEM to verify the server by; "" for the system's store
  bool operator==(const HttpRequest&) const = default;
};

enum class MailSecurity { kStartTls, kTls, kNone };

struct MailServer {
  std::string host;
  int port = 587;
  MailSecurity security = MailSecurity::kStartTls;
  std::string ehlo;  // the name that we give ourselves
  std::string user;  // "" for no login
  std::string password;
  std::string token_file;  // of an access token (XOAUTH2) in place of the password; read at each
                           // attempt, because somebody else renews it
  std::string ca_file;
  bool operator==(const MailServer&) const = default;
};

/// One SMTP transaction with one recipient, so that a refused one does not stop the others.
struct Mail {
  MailServer server;
  std::string from;     // bare address
  std::string to;       // bare address
  std::string message;  // RFC 5322 with CRLF
  bool operator==(const Mail&) const = default;
};

struct ConsoleText {
  std::string text;
  bool operator==(const ConsoleText&) const = default;
};

/// A publication on the bridge's own broker; who owns the session carries it.
struct MqttPublication {
  Publication publication;
  bool operator==(const MqttPublication&) const = default;
};

struct ProgramCall {
  std::vector<std::string> arguments;  // the program first, an absolute path; no shell
  std::string input;                   // for its standard input
  Milliseconds limit{};
  bool operator==(const ProgramCall&) const = default;
};

using Request = std::variant<HttpRequest, Mail, ConsoleText, MqttPublication, ProgramCall>;

}  // namespace coldwatch
