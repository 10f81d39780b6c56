#include "agent/live/http_get.hpp"

#include <curl/curl.h>

#include <memory>

#include "agent/live/live_protocol.hpp"
#include "agent/live/shared_library.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr const char* kNames = "libcurl.so.4 libcurl.dll libcurl-x64.dll";
constexpr long kOk = 200;
constexpr std::size_t kShownBytes = 80;

struct Curl {
  SharedLibrary library{kNames};
  decltype(&curl_easy_init) init = nullptr;
  decltype(&curl_easy_setopt) set = nullptr;
  decltype(&curl_easy_perform) perform = nullptr;
  decltype(&curl_easy_getinfo) get_info = nullptr;
  decltype(&curl_easy_strerror) error_text = nullptr;
  decltype(&curl_easy_cleanup) cleanup = nullptr;

  Curl() {
    if (!library.open()) return;
    init = library.function<decltype(init)>("curl_easy_init");
    set = library.function<decltype(set)>("curl_easy_setopt");
    perform = library.function<decltype(perform)>("curl_easy_perform");
    get_info = library.function<decltype(get_info)>("curl_easy_getinfo");
    error_text = library.function<decltype(error_text)>("curl_easy_strerror");
    cleanup = library.function<decltype(cleanup)>("curl_easy_cleanup");
  }
  bool complete() const {
    return init != nullptr && set != nullptr && perform != nullptr && get_info != nullptr &&
           error_text != nullptr && cleanup != nullptr;
  }
};

/// For as long as the program runs.
const Curl& curl() {
  static const Curl loaded;
  if (!loaded.complete()) {
    throw LiveError("this protocol needs libcurl (found none of " + std::string{kNames} + ")");
  }
  return loaded;
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

void prepare(const Curl& curl, CURL* handle, const HttpGet& request, std::string& body,
             const std::function<bool()>& stop) {
  curl.set(handle, CURLOPT_URL, request.url.c_str());
  curl.set(handle, CURLOPT_HTTPGET, 1L);
  curl.set(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl.set(handle, CURLOPT_PROXY, "");
  curl.set(handle, CURLOPT_NOSIGNAL, 1L);
  curl.set(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
  curl.set(handle, CURLOPT_WRITEFUNCTION, keep);
  curl.set(handle, CURLOPT_WRITEDATA, &body);
  curl.set(handle, CURLOPT_NOPROGRESS, 0L);
  curl.set(handle, CURLOPT_XFERINFOFUNCTION, progress);
  curl.set(handle, CURLOPT_XFERINFODATA, &stop);
  if (!request.ca_file.empty()) curl.set(handle, CURLOPT_CAINFO, request.ca_file.c_str());
}

}  // namespace

std::string http_get(const HttpGet& request, const std::function<bool()>& stop) {
  const Curl& library = curl();
  const std::unique_ptr<CURL, decltype(library.cleanup)> handle{library.init(), library.cleanup};
  if (!handle) throw LiveError("libcurl could not be started");
  std::string body;
  prepare(library, handle.get(), request, body, stop);
  const CURLcode result = library.perform(handle.get());
  if (result != CURLE_OK) {
    const bool too_long = result == CURLE_WRITE_ERROR;
    throw LiveError(too_long
                        ? "an answer is longer than " + std::to_string(kLargestBodyBytes) + " bytes"
                        : std::string{library.error_text(result)});
  }
  long status = 0;
  library.get_info(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status != kOk) {
    throw LiveError("found status " + std::to_string(status) + " and \"" +
                    one_line(to_utf8(body), kShownBytes) + "\", expected status 200");
  }
  return body;
}

}  // namespace coldwatch
