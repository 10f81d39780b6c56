#include <algorithm>
#include <cstring>
#include <string_view>

#include "bridge/delivery/transfer.hpp"
#include "common/files.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

class MailTransfer final : public Transfer {
 public:
  explicit MailTransfer(const Mail& mail) : mail_(mail) {
    const MailServer& server = mail.server;
    const bool tls = server.security == MailSecurity::kTls;
    // The path of the URL is the name that libcurl gives in EHLO.
    const std::string url = (tls ? "smtps://" : "smtp://") + server.host + ":" +
                            std::to_string(server.port) + "/" + server.ehlo;
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    if (server.security != MailSecurity::kNone) set(CURLOPT_USE_SSL, CURLUSESSL_ALL);
    if (!server.ca_file.empty()) set(CURLOPT_CAINFO, server.ca_file.c_str());
    log_in(server);
    set(CURLOPT_MAIL_FROM, mail.from.c_str());
    recipients_ = curl_slist_append(nullptr, mail.to.c_str());
    set(CURLOPT_MAIL_RCPT, recipients_);
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_READFUNCTION, &MailTransfer::read);
    set(CURLOPT_READDATA, this);
    set(CURLOPT_HEADERFUNCTION, &MailTransfer::heard);
    set(CURLOPT_HEADERDATA, this);
    // The commands are watched, because libcurl does not say which of them a reply answers.
    set(CURLOPT_VERBOSE, 1L);
    set(CURLOPT_DEBUGFUNCTION, &MailTransfer::watch);
    set(CURLOPT_DEBUGDATA, this);
  }
  ~MailTransfer() override { curl_slist_free_all(recipients_); }

  Reply reply(CURLcode code) override {
    Reply reply;
    reply.stage = stage_;
    reply.status = static_cast<int>(response_code());
    reply.body = last_line_;
    if (code == CURLE_OK) return reply;
    if (!no_token_.empty()) {
      reply.failure = no_token_;
      reply.failure_outcome = Outcome::kBroken;
    } else if (skipped_login_) {
      reply.failure =
          "the server offers no login, but a user is configured: nothing was sent. To do: take out "
          "\"user\", or use the port for submission (587)";
      reply.failure_outcome = Outcome::kBroken;
    } else if (code == CURLE_USE_SSL_FAILED) {
      reply.failure =
          "the server offers no STARTTLS: nothing was sent. To do: use port 587, or \"security\" "
          "\"tls\" with port 465";
      reply.failure_outcome = Outcome::kBroken;
    } else if (code == CURLE_LOGIN_DENIED && reply.status < 400) {
      reply.failure =
          "the server offers no way of login that is supported. To do: ask its operator for PLAIN, "
          "LOGIN or XOAUTH2";
      reply.failure_outcome = Outcome::kBroken;
    } else if (reply.status < 400) {
      describe_failure(code, reply);
      // Before the whole message was out, the server cannot have taken it.
      if (!message_is_out() && reply.failure_outcome == Outcome::kAmbiguous) {
        reply.failure_outcome = Outcome::kRetry;
      }
    }
    return reply;
  }

 private:
  void log_in(const MailServer& server) {
    if (server.user.empty()) return;
    set(CURLOPT_USERNAME, server.user.c_str());
    if (server.token_file.empty()) {
      set(CURLOPT_PASSWORD, server.password.c_str());
      return;
    }
    constexpr std::size_t kLongestToken = 16 * 1024;
    const std::string token = read_file(server.token_file, kLongestToken, no_token_).value_or("");
    set(CURLOPT_XOAUTH2_BEARER, std::string{trim(token)}.c_str());
    set(CURLOPT_LOGIN_OPTIONS, "AUTH=XOAUTH2");
  }

  bool message_is_out() const { return sent_ == mail_.message.size(); }

  static std::size_t read(char* buffer, std::size_t /*one*/, std::size_t room, void* transfer) {
    auto& self = *static_cast<MailTransfer*>(transfer);
    const std::size_t count = std::min(room, self.mail_.message.size() - self.sent_);
    std::memcpy(buffer, self.mail_.message.data() + self.sent_, count);
    self.sent_ += count;
    return count;
  }

  /// Every reply line. A login that was configured but that the server did not ask for ends the
  /// transfer before the message: libcurl alone would go on without it. A connection used again was
  /// logged in by the transfer that made it.
  static std::size_t heard(const char* bytes, std::size_t /*one*/, std::size_t count,
                           void* transfer) {
    auto& self = *static_cast<MailTransfer*>(transfer);
    const std::string_view line = trim({bytes, count});
    if (self.quitting_) return count;
    self.last_line_ = one_line(repair_utf8(line), kLongestReplyLine);
    if (line.starts_with("235")) self.logged_in_ = true;
    long connections = 0;
    curl_easy_getinfo(self.handle(), CURLINFO_NUM_CONNECTS, &connections);
    self.skipped_login_ = line.starts_with("354") && !self.mail_.server.user.empty() &&
                          !self.logged_in_ && connections > 0;
    return self.skipped_login_ ? 0 : count;
  }

  static int watch(CURL* /*easy*/, curl_infotype type, char* bytes, std::size_t count,
                   void* transfer) {
    constexpr std::string_view kCommands[] = {"EHLO", "HELO", "STARTTLS", "AUTH",
                                              "MAIL", "RCPT", "DATA"};
    auto& self = *static_cast<MailTransfer*>(transfer);
    if (type != CURLINFO_HEADER_OUT) return 0;
    const std::string_view line{bytes, count};
    self.quitting_ = line.starts_with("QUIT");
    for (const std::string_view command : kCommands) {
      if (line.starts_with(command)) self.stage_ = command;
    }
    return 0;
  }

  static constexpr std::size_t kLongestReplyLine = 300;
  const Mail& mail_;
  curl_slist* recipients_ = nullptr;
  std::size_t sent_ = 0;
  std::string last_line_;
  std::string stage_;
  std::string no_token_;  // why there is none, where one was configured
  bool logged_in_ = false;
  bool skipped_login_ = false;
  bool quitting_ = false;  // libcurl takes its leave; the answer to that is of no interest
};

}  // namespace

std::unique_ptr<Transfer> make_mail_transfer(const Mail& mail) {
  return std::make_unique<MailTransfer>(mail);
}

}  // namespace coldwatch
