#include "common/json.hpp"

template class nlohmann::basic_json<>;

namespace coldwatch {

nlohmann::json parse_json(std::string_view text) { return nlohmann::json::parse(text); }

nlohmann::json parse_json_or_discard(std::string_view text) {
  return nlohmann::json::parse(text, nullptr, false);
}

}  // namespace coldwatch
