#include <algorithm>

#include "bridge/delivery/transfer.hpp"

namespace coldwatch {
namespace {

class HttpTransfer final : public Transfer {
 public:
  explicit HttpTransfer(const HttpRequest& request) {
    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_USERAGENT, "coldwatch/" COLDWATCH_VERSION);
    set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
    if (!request.ca_file.empty()) set(CURLOPT_CAINFO, request.ca_file.c_str());
    if (request.method != "GET") {
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
      set(CURLOPT_POSTFIELDS, request.body.data());
    }
    add_header("Expect:");
    for (const auto& [name, value] : request.headers) add_header(name + ": " + value);
    set(CURLOPT_HTTPHEADER, headers_);
    set(CURLOPT_WRITEFUNCTION, &HttpTransfer::receive);
    set(CURLOPT_WRITEDATA, this);
  }
  ~HttpTransfer() override { curl_slist_free_all(headers_); }

  Reply reply(CURLcode code) override {
    Reply reply;
    if (code != CURLE_OK && !full_) {
      describe_failure(code, reply);
      return reply;
    }
    reply.status = static_cast<int>(response_code());
    reply.body = std::move(body_);
    curl_off_t seconds = 0;
    curl_easy_getinfo(handle(), CURLINFO_RETRY_AFTER, &seconds);
    if (seconds > 0) {
      constexpr curl_off_t kLongest = 24 * 3600;
      reply.retry_after = std::chrono::seconds{std::min(seconds, kLongest)};
    }
    return reply;
  }

 private:
  void add_header(const std::string& line) { headers_ = curl_slist_append(headers_, line.c_str()); }

  /// Ends the transfer where the reply is larger than any service's; what came until then is
  /// judged.
  static std::size_t receive(const char* bytes, std::size_t /*one*/, std::size_t count,
                             void* transfer) {
    auto& self = *static_cast<HttpTransfer*>(transfer);
    const std::size_t room = kLargestReplyBytes - self.body_.size();
    self.body_.append(bytes, std::min(room, count));
    self.full_ = count > room;
    return self.full_ ? 0 : count;
  }

  curl_slist* headers_ = nullptr;
  std::string body_;
  bool full_ = false;
};

}  // namespace

std::unique_ptr<Transfer> make_http_transfer(const HttpRequest& request) {
  return std::make_unique<HttpTransfer>(request);
}

std::string redact_url(const std::string& url) {
  const auto host = url.find("://");
  if (host == url.npos) return "...";
  const auto path = url.find_first_of("/?#", host + 3);
  const auto user = url.rfind('@', path);
  const std::string scheme = url.substr(0, host + 3);
  const std::size_t begin = user == url.npos || user < host ? host + 3 : user + 1;
  return scheme + url.substr(begin, path == url.npos ? path : path - begin) + "/...";
}

}  // namespace coldwatch
