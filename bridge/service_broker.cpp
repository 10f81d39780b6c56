// What the service hears of the broker, and what it says to it.
#include "bridge/service.hpp"
#include "common/log.hpp"

namespace coldwatch {

void Service::on_connected(const MqttConnected& connected, UtcTime now) {
  log_info("connected to " + connected.uri + (connected.v5 ? " (MQTT 5)" : " (MQTT 3.1.1)"));
  bridge_->on_connection(true, "", now);
  const auto question = guard_.connected(connected.v5);
  if (question) guard_.asked(session_->publish(*question));
  bridge_->refuse_commands(guard_.refusal());
  next_heartbeat_ = SteadyTime{};
  for (Publication& publication : bridge_->announcement(now)) outgoing_.add(std::move(publication));
  // Agents repeat their alarms and every event that is not confirmed.
  std::set<std::string> fridges{loaded_.config.fridges.begin(), loaded_.config.fridges.end()};
  for (const auto& [key, alarm] : bridge_->book().alarms()) {
    if (alarm.message.epoch != kOwnEpoch) fridges.insert(key.fridge);
  }
  for (const std::string& fridge : fridges) {
    outgoing_.add(announce_command(topics_, fridge));
  }
}

void Service::on_lost(const MqttLost& lost, UtcTime now) {
  log_warning("broker: " + lost.why + "; next try in " + duration_words(lost.retry_in));
  bridge_->on_connection(false, lost.why, now);
  // Retained state is announced again; what only passes by would be lost.
  for (auto& [ticket, flight] : std::exchange(in_flight_, {})) {
    if (!flight.notification.empty()) {
      courier_->publication_ended(flight.notification, false, "the broker was lost");
    } else if (!flight.publication.retain) {
      outgoing_.put_back(std::move(flight.publication));
    } else {
      bridge_->publication_lost(flight.publication.topic);
    }
  }
  for (const std::string& topic : outgoing_.drop_retained()) bridge_->publication_lost(topic);
}

void Service::on_acknowledged(Ticket ticket, bool accepted, const std::string& why) {
  if (guard_.answered(ticket, accepted)) return bridge_->refuse_commands(guard_.refusal());
  const auto flight = in_flight_.find(ticket);
  if (flight == in_flight_.end()) return;
  if (!flight->second.notification.empty()) {
    courier_->publication_ended(flight->second.notification, accepted, why);
  } else if (!accepted) {
    log_warning("the broker refuses " + flight->second.publication.topic + ": " + why);
  }
  in_flight_.erase(flight);
}

void Service::on_session_events(UtcTime now, SteadyTime steady) {
  for (const MqttEvent& event : session_->step(steady)) {
    busy_ = true;
    if (const auto* connected = std::get_if<MqttConnected>(&event)) {
      on_connected(*connected, now);
    } else if (const auto* lost = std::get_if<MqttLost>(&event)) {
      on_lost(*lost, now);
    } else if (const auto* acknowledged = std::get_if<MqttAcknowledged>(&event)) {
      on_acknowledged(acknowledged->ticket, true, "");
    } else if (const auto* refused = std::get_if<MqttRefused>(&event)) {
      if (refused->ticket == 0) log_warning("the broker refuses: " + refused->why);
      on_acknowledged(refused->ticket, false, refused->why);
    } else if (const auto* message = std::get_if<MqttMessage>(&event)) {
      bridge_->on_message(message->topic, message->payload, message->retained, now);
      news_ = true;
    }
  }
}

void Service::publish(UtcTime now) {
  for (PendingPublication& one : courier_->take_publications()) {
    notifier_publications_.push_back(std::move(one));
  }
  while (session_->connected() && session_->room() > 0 && !notifier_publications_.empty()) {
    PendingPublication one = std::move(notifier_publications_.front());
    notifier_publications_.pop_front();
    const Ticket ticket = session_->publish(one.publication);
    if (ticket != 0) in_flight_[ticket] = {std::move(one.publication), one.notification};
  }
  while (session_->connected() && session_->room() > 0 && !outgoing_.empty()) {
    const Ticket ticket = session_->publish(outgoing_.front());
    if (ticket == 0) break;
    Publication one = outgoing_.take_front();
    if (one.qos > 0) in_flight_[ticket] = {std::move(one), ""};
  }
  while (session_->connected() && session_->room() > 0 && outgoing_.empty()) {
    auto book = bridge_->next_book(now);
    if (!book) break;
    const Ticket ticket = session_->publish(*book);
    if (ticket != 0) in_flight_[ticket] = {std::move(*book), ""};
    if (ticket == 0) outgoing_.add(std::move(*book));
  }
}

}  // namespace coldwatch
