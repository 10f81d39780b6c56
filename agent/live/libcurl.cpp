#include "agent/live/libcurl.hpp"

namespace coldwatch {

template <typename Function>
void Libcurl::find(Function& function, const char* name) {
  if (complete) function = library.function<Function>(name);
  complete = complete && function != nullptr;
}

Libcurl::Libcurl() : complete(library.open()) {
  find(easy_init, "curl_easy_init");
  find(easy_setopt, "curl_easy_setopt");
  find(easy_perform, "curl_easy_perform");
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

const Libcurl& libcurl() {
  static const Libcurl loaded;
  return loaded;
}

}  // namespace coldwatch
