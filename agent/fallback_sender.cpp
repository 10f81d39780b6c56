#include "agent/fallback_sender.hpp"

#include <algorithm>
#include <cstring>

#include "agent/live/libcurl.hpp"
#include "common/mail_date.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr long kConnectTimeout_s = 20;
constexpr int kFirstGood = 200;
constexpr int kFirstBad = 300;

std::string mail_text(const FallbackMail& mail, const FallbackMessage& message, UtcTime now) {
  std::string to;
  for (const std::string& one : mail.to) to += (to.empty() ? "" : ", ") + one;
  std::string text = "From: " + mail.from + "\r\nTo: " + to + "\r\nSubject: " + message.subject +
                     "\r\nDate: " + mail_date(now, LocalTime{now.time_since_epoch()}) +
                     "\r\nMessage-ID: <" + message.id + "@" +
                     mail.from.substr(mail.from.find('@') + 1) +
                     ">\r\nAuto-Submitted: auto-generated\r\nX-Priority: 1\r\n"
                     "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                     "Content-Transfer-Encoding: 8bit\r\n\r\n";
  for (const char c : message.text) text += c == '\n' ? std::string{"\r\n"} : std::string{c};
  return text;
}

struct Upload {
  std::string text;
  std::size_t sent = 0;

  static std::size_t read(char* buffer, std::size_t one, std::size_t count, void* upload) {
    auto& self = *static_cast<Upload*>(upload);
    const std::size_t bytes = std::min(one * count, self.text.size() - self.sent);
    std::memcpy(buffer, self.text.data() + self.sent, bytes);
    self.sent += bytes;
    return bytes;
  }
};

std::size_t ignore(char* /*bytes*/, std::size_t one, std::size_t count, void* /*nobody*/) {
  return one * count;
}

}  // namespace

bool FallbackSender::available() { return libcurl().complete; }

struct FallbackSender::Parts {
  explicit Parts(FallbackSettings wanted) : settings(std::move(wanted)) {}
  ~Parts() { end(); }
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  template <typename T>
  void set(CURLoption option, T value) {
    libcurl().easy_setopt(easy, option, value);
  }
  void add(const std::string& line) { list = libcurl().slist_append(list, line.c_str()); }

  void begin(const FallbackMessage& message, UtcTime now) {
    easy = libcurl().easy_init();
    multi = libcurl().multi_init();
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT, kConnectTimeout_s);
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(kLongestAttempt.count()));
    set(CURLOPT_ERRORBUFFER, error);
    set(CURLOPT_WRITEFUNCTION, &ignore);
    if (!settings.ca_file.empty()) set(CURLOPT_CAINFO, settings.ca_file.c_str());
    if (settings.mail.host.empty()) {
      prepare_webhook(message, now);
    } else {
      prepare_mail(message, now);
    }
    libcurl().multi_add_handle(multi, easy);
  }

  void prepare_webhook(const FallbackMessage& message, UtcTime now) {
    upload = {message.json};
    set(CURLOPT_URL, settings.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_POSTFIELDSIZE, static_cast<long>(upload.text.size()));
    set(CURLOPT_POSTFIELDS, upload.text.c_str());
    add("Content-Type: application/json");
    add("webhook-id: " + message.id);
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch());
    add("webhook-timestamp: " + std::to_string(seconds.count()));
    set(CURLOPT_HTTPHEADER, list);
  }

  void prepare_mail(const FallbackMessage& message, UtcTime now) {
    const FallbackMail& mail = settings.mail;
    upload = {mail_text(mail, message, now)};
    const std::string scheme = mail.security == "tls" ? "smtps://" : "smtp://";
    set(CURLOPT_URL, (scheme + mail.host + ":" + std::to_string(mail.port)).c_str());
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    if (mail.security != "none") set(CURLOPT_USE_SSL, CURLUSESSL_ALL);
    if (!mail.user.empty()) {
      set(CURLOPT_USERNAME, mail.user.c_str());
      set(CURLOPT_PASSWORD, mail.password.c_str());
    }
    set(CURLOPT_MAIL_FROM, mail.from.c_str());
    for (const std::string& one : mail.to) add(one);
    set(CURLOPT_MAIL_RCPT, list);
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_READFUNCTION, &Upload::read);
    set(CURLOPT_READDATA, &upload);
  }

  Result result(CURLcode code) const {
    long status = 0;
    libcurl().easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    if (code != CURLE_OK) {
      return {false, *error != '\0' ? one_line(error, 300) : libcurl().easy_strerror(code)};
    }
    const bool hook = settings.mail.host.empty();
    return {!hook || (status >= kFirstGood && status < kFirstBad),
            "the server answered " + std::to_string(status)};
  }

  void end() {
    if (easy == nullptr) return;
    libcurl().multi_remove_handle(multi, easy);
    libcurl().easy_cleanup(easy);
    libcurl().multi_cleanup(multi);
    libcurl().slist_free_all(list);
    easy = nullptr;
    multi = nullptr;
    list = nullptr;
  }

  FallbackSettings settings;
  CURL* easy = nullptr;
  CURLM* multi = nullptr;
  curl_slist* list = nullptr;
  Upload upload;
  char error[CURL_ERROR_SIZE] = {};
};

FallbackSender::FallbackSender(FallbackSettings settings)
    : parts_(std::make_unique<Parts>(std::move(settings))) {}
FallbackSender::~FallbackSender() = default;

bool FallbackSender::busy() const { return parts_->easy != nullptr; }

void FallbackSender::send(const FallbackMessage& message, UtcTime now) {
  parts_->error[0] = '\0';
  parts_->begin(message, now);
}

std::optional<FallbackSender::Result> FallbackSender::step() {
  if (!busy()) return std::nullopt;
  int running = 0;
  libcurl().multi_perform(parts_->multi, &running);
  int left = 0;
  while (const CURLMsg* report = libcurl().multi_info_read(parts_->multi, &left)) {
    if (report->msg != CURLMSG_DONE) continue;
    const Result result = parts_->result(report->data.result);
    parts_->end();
    return result;
  }
  return std::nullopt;
}

}  // namespace coldwatch
