// Bluefors Control Software, its HTTP API: http://localhost:49099 on the PC itself, https on 49098 with
// a certificate of its own. One request asks for everything below a branch:
//
//   GET /values/mapper/bf/?recursion=-1&style=flat&key=...
//
//   {"data": {"mapper.bf.temperatures.tmixing": {"name": "...", "type": "Value.Number.Float",
//     "content": {"read_only": true,
//       "latest_valid_value": {"value": "0.0121", "outdated": false, "date": 1719705600000,
//                              "status": "SYNCHRONIZED", "exception": ""},
//       "latest_value": {...}}}}}
//
// Some versions have the nodes at the top instead of under "data", and with style=tree they lie inside
// each other. Values are texts. A container has no content; a node may have no valid value at all.
// Quality: INVALID and DISCONNECTED are invalid, "outdated" is stale, a temperature of 0 was never
// measured. Not known: the units beyond the temperatures.
#include <algorithm>
#include <array>

#include "agent/live/live_protocol.hpp"
#include "common/json.hpp"
#include "common/text.hpp"

namespace coldwatch {

extern const LiveProtocol kBlueforsHttp;

namespace {

using nlohmann::json;

constexpr int kDeepestNode = 32;
constexpr std::size_t kMostNodes = 2000;
constexpr std::size_t kLongestPathBytes = 200;
constexpr std::string_view kMapped = "mapper.bf.";
constexpr auto kNoReading = std::to_array<std::string_view>({"INVALID", "DISCONNECTED"});
constexpr auto kTreeMembers = std::to_array<std::string_view>({"name", "type", "content"});

/// The member `key` where it is an object.
const json* object_in(const json& node, const char* key) {
  const auto found = node.find(key);
  return found == node.end() || !found->is_object() ? nullptr : &*found;
}

std::string text_in(const json& node, const char* key) {
  const auto found = node.find(key);
  return found == node.end() || !found->is_string() ? "" : found->get<std::string>();
}

bool says_no_reading(const json* value) {
  return value == nullptr ||
         std::ranges::find(kNoReading, text_in(*value, "status")) != kNoReading.end();
}

void add_value(const std::string& path, const json& content, LiveSample& sample) {
  const json* valid = object_in(content, "latest_valid_value");
  const json* latest = object_in(content, "latest_value");
  const std::string text = valid == nullptr ? "" : text_in(*valid, "value");
  const bool is_temperature = path.find("temperature") != path.npos;
  std::string name = path.starts_with(kMapped) ? path.substr(kMapped.size()) : path;
  if (is_temperature) name += " (K)";
  LiveValue value = live_value(name, text);
  if (value.quality != Quality::kGood && !text.empty()) return;  // a name or a text, no number
  const auto outdated = valid == nullptr ? json::const_iterator{} : valid->find("outdated");
  if (valid != nullptr && outdated != valid->end() && outdated->is_boolean() &&
      outdated->get<bool>() && value.quality == Quality::kGood) {
    value.quality = Quality::kStale;
  }
  const bool lost = says_no_reading(valid) || (latest != nullptr && says_no_reading(latest));
  if (lost || (is_temperature && value.value == 0)) value.quality = Quality::kInvalid;
  sample.values.push_back(std::move(value));
}

std::string path_of(const std::string& parent, const std::string& key) {
  return parent.empty() || key.starts_with(parent + ".") ? key : parent + "." + key;
}

void add_nodes(const json& nodes, const std::string& parent, int depth, LiveSample& sample) {
  for (const auto& [key, node] : nodes.items()) {
    const bool is_member = std::ranges::find(kTreeMembers, key) != kTreeMembers.end();
    if (!node.is_object() || depth > kDeepestNode || (is_member && !parent.empty())) continue;
    const std::string path = path_of(parent, one_line(key, kLongestPathBytes));
    if (path.size() > kLongestPathBytes || sample.values.size() >= kMostNodes) continue;
    if (const json* content = object_in(node, "content")) add_value(path, *content, sample);
    add_nodes(node, path, depth + 1, sample);
  }
}

LiveSample parse(std::string_view body) {
  const json reply = parse_json_or_discard(body);
  if (!reply.is_object()) {
    throw LiveError("found \"" + one_line(to_utf8(body), 80) + "\", expected a JSON object");
  }
  const json* data = object_in(reply, "data");
  LiveSample sample;
  add_nodes(data == nullptr ? reply : *data, "", 0, sample);
  if (sample.values.empty()) {
    throw LiveError("found no value in \"" + one_line(to_utf8(body), 80) +
                    "\", expected nodes with \"content\"");
  }
  return sample;
}

std::string percent_encoded(std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
    if (plain) {
      encoded += c;
    } else {
      encoded += {'%', kDigits[byte >> 4U], kDigits[byte & 0xFU]};
    }
  }
  return encoded;
}

std::string target(const LiveSettings& settings) {
  std::string path = "/values/";
  for (const char c : live_option(settings.options, "branch", "mapper.bf")) {
    path += c == '.' ? '/' : c;
  }
  path += "/?recursion=-1&style=flat";
  return settings.key.empty() ? path : path + "&key=" + percent_encoded(settings.key);
}

std::string check(const std::map<std::string, std::string>& options) {
  for (const auto& [key, value] : options) {
    if (key != "branch") return key + ": unknown, expected \"branch\"";
    const bool is_branch = !value.empty() && value.front() != '.' &&
                           value.find("..") == value.npos && std::ranges::all_of(value, [](char c) {
                             return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                                    (c >= 'A' && c <= 'Z') || c == '_' || c == '.';
                           });
    if (!is_branch) {
      return "branch: found \"" + value + "\", expected a path such as \"mapper.bf\"";
    }
  }
  return {};
}

}  // namespace

const LiveProtocol kBlueforsHttp{.name = "bluefors_http",
                                 .title = "Bluefors Control Software API",
                                 .port = 49099,
                                 .check = check,
                                 .target = target,
                                 .parse = parse};

}  // namespace coldwatch
