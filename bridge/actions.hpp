// What the core of the bridge wants done: the program around it does it.
#pragma once

#include <string>
#include <vector>

#include "bridge/notification.hpp"
#include "bridge/records.hpp"

namespace coldwatch {

/// What the program has to do after a step, in this order.
struct Actions {
  StoreChanges changes;                     // written, in one transaction, before anything else
  std::vector<Notification> notifications;  // to be tried, one for a notifier at most
  std::vector<Publication> publications;
  std::vector<Publication> confirmations;  // only once `changes` are in the store
  std::vector<std::string> remarks;        // for the program's log
  bool reload = false;                     // somebody asked for the config to be read again
};

}  // namespace coldwatch
