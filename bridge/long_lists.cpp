#include "bridge/long_lists.hpp"

namespace coldwatch {

std::string object_text(
    const nlohmann::json& object,
    std::initializer_list<std::pair<std::string_view, const std::string&>> texts) {
  std::string all = dump(object);
  std::size_t size = all.size();
  for (const auto& [key, text] : texts) size += key.size() + text.size() + 4;
  all.reserve(size);
  all.pop_back();
  for (const auto& [key, text] : texts) {
    all += ",\"";
    all += key;
    all += "\":";
    all += text;
  }
  return all += '}';
}

}  // namespace coldwatch
