#include "agent/live/http_get.hpp"

#include <memory>

#include "agent/live/libcurl.hpp"
#include "agent/live/live_protocol.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr long kOk = 200;
constexpr std::size_t kShownBytes = 80;

const Libcurl& needed_libcurl() {
  if (!libcurl().complete) {
    throw LiveError("this protocol needs libcurl (found none of " + std::string{kLibcurlNames} +
                    ")");
  }
  return libcurl();
}

std::size_t keep(char* bytes, std::size_t size, std::size_t count, void* body) {
  auto& text = *static_cast<std::string*>(body);
  if (text.size() + size * count > kLargestBodyBytes) return 0;
  text.append(bytes, size * count);
  return size * count;
}

int progress(void* stop, curl_off_t /*total*/, curl_off_t /*now*/, curl_off_t /*up_total*/,
             curl_off_t /*up_now*/) {
  return (*static_cast<const std::function<bool()>*>(stop))() ? 1 : 0;
}

void prepare(const Libcurl& curl, CURL* handle, const HttpGet& request, std::string& body,
             const std::function<bool()>& stop) {
  curl.easy_setopt(handle, CURLOPT_URL, request.url.c_str());
  curl.easy_setopt(handle, CURLOPT_HTTPGET, 1L);
  curl.easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl.easy_setopt(handle, CURLOPT_PROXY, "");
  curl.easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl.easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
  curl.easy_setopt(handle, CURLOPT_WRITEFUNCTION, keep);
  curl.easy_setopt(handle, CURLOPT_WRITEDATA, &body);
  curl.easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  curl.easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, progress);
  curl.easy_setopt(handle, CURLOPT_XFERINFODATA, &stop);
  if (!request.ca_file.empty()) curl.easy_setopt(handle, CURLOPT_CAINFO, request.ca_file.c_str());
}

}  // namespace

std::string http_get(const HttpGet& request, const std::function<bool()>& stop) {
  const Libcurl& library = needed_libcurl();
  const std::unique_ptr<CURL, decltype(library.easy_cleanup)> handle{library.easy_init(),
                                                                     library.easy_cleanup};
  if (!handle) throw LiveError("libcurl could not be started");
  std::string body;
  prepare(library, handle.get(), request, body, stop);
  const CURLcode result = library.easy_perform(handle.get());
  if (result != CURLE_OK) {
    const bool too_long = result == CURLE_WRITE_ERROR;
    throw LiveError(too_long
                        ? "an answer is longer than " + std::to_string(kLargestBodyBytes) + " bytes"
                        : std::string{library.easy_strerror(result)});
  }
  long status = 0;
  library.easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status != kOk) {
    throw LiveError("found status " + std::to_string(status) + " and \"" +
                    one_line(to_utf8(body), kShownBytes) + "\", expected status 200");
  }
  return body;
}

}  // namespace coldwatch
