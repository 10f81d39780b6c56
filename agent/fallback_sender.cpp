#include "agent/fallback_sender.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cstring>

#include "agent/live/shared_library.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr const char* kNames = "libcurl.so.4 libcurl.dll libcurl-x64.dll";
constexpr long kConnectTimeout_s = 20;
constexpr int kFirstGood = 200;
constexpr int kFirstBad = 300;

/// libcurl, for as long as the program runs: an agent without a fallback does without its memory.
struct Curl {
  SharedLibrary library{kNames};
  decltype(&curl_easy_init) easy_init = nullptr;
  decltype(&curl_easy_setopt) easy_setopt = nullptr;
  decltype(&curl_easy_getinfo) easy_getinfo = nullptr;
  decltype(&curl_easy_strerror) easy_strerror = nullptr;
  decltype(&curl_easy_cleanup) easy_cleanup = nullptr;
  decltype(&curl_multi_init) multi_init = nullptr;
  decltype(&curl_multi_add_handle) multi_add_handle = nullptr;
  decltype(&curl_multi_perform) multi_perform = nullptr;
  decltype(&curl_multi_info_read) multi_info_read = nullptr;
  decltype(&curl_multi_remove_handle) multi_remove_handle = nullptr;
  decltype(&curl_multi_cleanup) multi_cleanup = nullptr;
  decltype(&curl_slist_append) slist_append = nullptr;
  decltype(&curl_slist_free_all) slist_free_all = nullptr;
  bool complete = false;

  Curl() : complete(library.open()) {
    find(easy_init, "curl_easy_init");
    find(easy_setopt, "curl_easy_setopt");
    find(easy_getinfo, "curl_easy_getinfo");
    find(easy_strerror, "curl_easy_strerror");
    find(easy_cleanup, "curl_easy_cleanup");
    find(multi_init, "curl_multi_init");
    find(multi_add_handle, "curl_multi_add_handle");
    find(multi_perform, "curl_multi_perform");
    find(multi_info_read, "curl_multi_info_read");
    find(multi_remove_handle, "curl_multi_remove_handle");
    find(multi_cleanup, "curl_multi_cleanup");
    find(slist_append, "curl_slist_append");
    find(slist_free_all, "curl_slist_free_all");
  }

 private:
  template <typename Function>
  void find(Function& function, const char* name) {
    if (complete) function = library.function<Function>(name);
    complete = complete && function != nullptr;
  }
};

const Curl& curl() {
  static const Curl loaded;
  return loaded;
}

std::string mail_text(const FallbackMail& mail, const FallbackMessage& message, UtcTime now) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  char date[64];
  // libcurl reads dates only; RFC 5322 wants English names whatever the locale is.
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::tm utc = *std::gmtime(&seconds);
  std::snprintf(date, sizeof date, "%s, %02d %s %d %02d:%02d:%02d +0000", kDays[utc.tm_wday],
                utc.tm_mday, kMonths[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min,
                utc.tm_sec);
  std::string to;
  for (const std::string& one : mail.to) to += (to.empty() ? "" : ", ") + one;
  std::string text = "From: " + mail.from + "\r\nTo: " + to + "\r\nSubject: " + message.subject +
                     "\r\nDate: " + date + "\r\nMessage-ID: <" + message.id + "@" +
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

bool FallbackSender::available() { return curl().complete; }

struct FallbackSender::Parts {
  explicit Parts(FallbackSettings wanted) : settings(std::move(wanted)) {}
  ~Parts() { end(); }
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  template <typename T>
  void set(CURLoption option, T value) {
    curl().easy_setopt(easy, option, value);
  }
  void add(const std::string& line) { list = curl().slist_append(list, line.c_str()); }

  void begin(const FallbackMessage& message, UtcTime now) {
    easy = curl().easy_init();
    multi = curl().multi_init();
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
    curl().multi_add_handle(multi, easy);
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
    curl().easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    if (code != CURLE_OK) {
      return {false, *error != '\0' ? one_line(error, 300) : curl().easy_strerror(code)};
    }
    const bool hook = settings.mail.host.empty();
    return {!hook || (status >= kFirstGood && status < kFirstBad),
            "the server answered " + std::to_string(status)};
  }

  void end() {
    if (easy == nullptr) return;
    curl().multi_remove_handle(multi, easy);
    curl().easy_cleanup(easy);
    curl().multi_cleanup(multi);
    curl().slist_free_all(list);
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
  curl().multi_perform(parts_->multi, &running);
  int left = 0;
  while (const CURLMsg* report = curl().multi_info_read(parts_->multi, &left)) {
    if (report->msg != CURLMSG_DONE) continue;
    const Result result = parts_->result(report->data.result);
    parts_->end();
    return result;
  }
  return std::nullopt;
}

}  // namespace coldwatch
