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
    // Our clock may be wrong until a time server is heard, or a certificate was renewed too late.
    case CURLE_PEER_FAILED_VERIFICATION:
      return Outcome::kRetry;
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
  if (code == CURLE_PEER_FAILED_VERIFICATION) {
    reply.failure +=
        ". To do: check this machine's clock; for a certificate of your own set \"ca_file\"";
  }
  reply.failure_outcome = outcome_of(code, connected > 0);
}

void Carrier::carry(std::unique_ptr<Transfer> transfer) {
  drop();
  reply.reset();
  transfer_ = std::move(transfer);
  curl_easy_setopt(transfer_->handle(), CURLOPT_PRIVATE, this);
  curl_multi_add_handle(multi_, transfer_->handle());
}

void Carrier::drop() {
  if (!transfer_) return;
  curl_multi_remove_handle(multi_, transfer_->handle());
  transfer_.reset();
}

void Carrier::collect(CURLM* multi) {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    Carrier* carrier = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &carrier);
    carrier->reply = carrier->transfer_->reply(code);
    carrier->drop();
  }
}

long Transfer::response_code() const {
  long code = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &code);
  return code;
}

}  // namespace coldwatch
