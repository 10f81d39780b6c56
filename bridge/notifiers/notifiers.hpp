// The table of services: one row each, and how a row makes its notifier from the config.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "bridge/notifiers/notifier.hpp"
#include "common/settings.hpp"

namespace coldwatch {

/// What a maker gets: the entry of the config, of which it reads the keys of its own service.
struct NotifierEntry {
  SettingsReader& settings;
  NotifierBasics basics;
  bool secrets_must_exist = true;

  std::string secret(std::string_view key) {
    return read_secret(settings, key, secrets_must_exist);
  }
  /// As secret(), and a mistake where neither "<key>_file" nor "<key>_env" stands.
  std::string required_secret(std::string_view key);
  /// The address under "url" (secret: "url_file" or "url_env"), checked; "" with a mistake.
  std::string secret_url();
  /// As secret_url(), for services where the address alone opens nothing: "url" may stand openly.
  std::string open_url();
  /// The address under "api_url", for servers of one's own; without a '/' at its end.
  std::string api_url(std::string_view fallback);
  /// Ids of people to call, made of letters, digits and "_-@+."; others are mistakes.
  std::vector<std::string> mentions(std::string_view key);
};

struct NotifierType {
  std::string_view name;
  NotifierLimits limits;
  std::unique_ptr<Notifier> (*make)(NotifierEntry entry);
};

std::span<const NotifierType* const> notifier_types();

}  // namespace coldwatch
