#include "bridge/delivery/transfer.hpp"

#include <new>

namespace coldwatch {
namespace {

/// What libcurl's codes mean for the question whether the request may have been taken.
Outcome outcome_of(CURLcode code, bool connected) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
      return Outcome::kRetry;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return Outcome::kBroken;
    default:
      return connected ? Outcome::kAmbiguous : Outcome::kRetry;
  }
}

}  // namespace

Transfer::Transfer() : easy_(curl_easy_init()) {
  if (easy_ == nullptr) throw std::bad_alloc{};
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_ERRORBUFFER, error_);
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(kConnectTimeout.count()));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(kTotalTimeout.count()));
}

Transfer::~Transfer() { curl_easy_cleanup(easy_); }

void Transfer::describe_failure(CURLcode code, Reply& reply) const {
  curl_off_t connected = 0;
  curl_easy_getinfo(easy_, CURLINFO_PRETRANSFER_TIME_T, &connected);
  reply.failure = error_[0] == '\0' ? curl_easy_strerror(code) : error_;
  reply.failure_outcome = outcome_of(code, connected > 0);
}

long Transfer::response_code() const {
  long code = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &code);
  return code;
}

}  // namespace coldwatch
