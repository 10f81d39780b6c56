// nlohmann/json, with what is compiled once for all files (common/json.cpp) and not again in each.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

extern template class nlohmann::basic_json<>;

namespace coldwatch {

/// The value that `text` holds, as nlohmann::json::parse reads it; throws nlohmann::json::parse_error.
nlohmann::json parse_json(std::string_view text);

/// The same; a value that `is_discarded()` where `text` is not JSON.
nlohmann::json parse_json_or_discard(std::string_view text);

}  // namespace coldwatch
