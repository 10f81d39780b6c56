// libcurl, loaded when something asks for it: an agent that only follows logs does without its memory.
#pragma once

#include <curl/curl.h>

#include "agent/live/shared_library.hpp"

namespace coldwatch {

/// The names that it is looked for by, separated by blanks.
inline constexpr const char* kLibcurlNames = "libcurl.so.4 libcurl.dll libcurl-x64.dll";

/// What is called of it; to be called only where it is `complete`.
struct Libcurl {
  SharedLibrary library{kLibcurlNames};
  decltype(&curl_easy_init) easy_init = nullptr;
  decltype(&curl_easy_setopt) easy_setopt = nullptr;
  decltype(&curl_easy_perform) easy_perform = nullptr;
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

  Libcurl();

 private:
  template <typename Function>
  void find(Function& function, const char* name);
};

/// For as long as the program runs, from the first call on.
const Libcurl& libcurl();

}  // namespace coldwatch
