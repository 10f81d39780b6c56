// One transfer by libcurl: a request on its way, and the reply that came of it. http.cpp and
// smtp.cpp say how each kind is set up and read; the courier moves all of them on one multi handle.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>

#include "bridge/notifiers/notifier.hpp"

namespace coldwatch {

inline constexpr Milliseconds kConnectTimeout = std::chrono::seconds{10};
inline constexpr Milliseconds kTotalTimeout = std::chrono::seconds{30};
inline constexpr std::size_t kLargestReplyBytes = 64 * 1024;

class Transfer {
 public:
  Transfer();
  virtual ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  CURL* handle() const { return easy_; }
  /// What came of it, once libcurl is done with `code`.
  virtual Reply reply(CURLcode code) = 0;

 protected:
  template <typename T>
  void set(CURLoption option, T value) {
    curl_easy_setopt(easy_, option, value);
  }
  /// The failure of the transfer itself in words and its outcome, before any service judges.
  void describe_failure(CURLcode code, Reply& reply) const;
  long response_code() const;

 private:
  CURL* easy_;
  char error_[CURL_ERROR_SIZE] = {};
};

/// A transfer on a multi handle, and its reply once it has ended. Stays where it is while it does.
class Carrier {
 public:
  explicit Carrier(CURLM* multi) : multi_(multi) {}
  ~Carrier() { drop(); }
  Carrier(const Carrier&) = delete;
  Carrier& operator=(const Carrier&) = delete;

  void carry(std::unique_ptr<Transfer> transfer);
  void drop();

  std::optional<Reply> reply;

  /// Gives every carrier of `multi` whose transfer has ended its reply.
  static void collect(CURLM* multi);

 private:
  CURLM* multi_;
  std::unique_ptr<Transfer> transfer_;
};

/// The requests must outlive their transfers.
std::unique_ptr<Transfer> make_http_transfer(const HttpRequest& request);
std::unique_ptr<Transfer> make_mail_transfer(const Mail& mail);

/// Without a path and what follows: "https://hooks.slack.com/...".
std::string redact_url(const std::string& url);

}  // namespace coldwatch
