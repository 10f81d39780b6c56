// One GET over HTTP or HTTPS with libcurl, which is loaded at the first one: an agent that only follows
// logs does without its memory. No other method can be sent from here.
#pragma once

#include <functional>
#include <string>

#include "common/time.hpp"

namespace coldwatch {

inline constexpr std::size_t kLargestBodyBytes = 8 * 1024 * 1024;

struct HttpGet {
  std::string url;      // may hold a key: never shown
  std::string ca_file;  // trusted beside nothing else; "" is the system's list
  Milliseconds timeout{};
};

/// The body of an answer with status 200. Throws LiveError for everything else, and where `stop` says
/// so. Proxies are not used and redirections not followed.
std::string http_get(const HttpGet& request, const std::function<bool()>& stop);

}  // namespace coldwatch
