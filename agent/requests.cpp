#include "agent/requests.hpp"

#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr std::size_t kLongestTextBytes = 500;
constexpr std::size_t kLongestTopicBytes = 512;
constexpr std::size_t kLongestNameBytes = 100;

std::string reply_topic(const MqttMessage& message, const Request& request, const Topics& topics,
                        const std::string& fridge) {
  const std::string& wanted = message.response_topic;
  if (wanted.empty()) {
    const std::string requester = request.text("requester");
    return is_topic_level(requester) ? topics.of(fridge, "reply", requester) : "";
  }
  const bool wildcard = wanted.find_first_of("+#") != std::string::npos;
  const bool own = wanted.starts_with(topics.of(fridge, "")) &&
                   !wanted.starts_with(topics.of(fridge, "reply", ""));
  return wildcard || own || wanted.size() > kLongestTopicBytes ? "" : wanted;
}

}  // namespace

std::string Request::text(const char* key) const {
  const auto found = body.find(key);
  if (found == body.end() || !found->is_string()) return "";
  return one_line(repair_utf8(found->get_ref<const std::string&>()), kLongestTextBytes);
}

std::string Request::who() const {
  for (const char* key : {"by", "requester"}) {
    const std::string name = one_line(text(key), kLongestNameBytes);
    if (!trim(name).empty()) return name;
  }
  return "somebody who gave no name";
}

std::optional<Request> parse_request(std::string_view verb, std::string_view payload,
                                     std::string& error) {
  Request request{.verb = std::string{verb}};
  if (trim(payload).empty()) return request;
  auto body = parse_payload(payload, error);
  if (!body) return std::nullopt;
  request.body = std::move(*body);
  return request;
}

std::optional<Publication> reply_publication(const Reply& reply, const MqttMessage& message,
                                             const Request& request, const Topics& topics,
                                             const std::string& fridge) {
  std::string topic = reply_topic(message, request, topics, fridge);
  if (topic.empty()) return std::nullopt;
  nlohmann::json object{{"status", reply.ok ? "ok" : "error"}, {"text", reply.text}};
  const std::string transaction = request.text("transaction");
  if (!transaction.empty()) object["transaction"] = transaction;
  if (!reply.data.empty()) object["data"] = reply.data;
  return Publication{.topic = std::move(topic),
                     .payload = dump(object),
                     .correlation_data = message.correlation_data};
}

}  // namespace coldwatch
