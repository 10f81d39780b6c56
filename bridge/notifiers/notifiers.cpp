#include "bridge/notifiers/notifiers.hpp"

#include <algorithm>

#include "common/text.hpp"

namespace coldwatch {

extern const NotifierType kConsole;
extern const NotifierType kDingtalk;
extern const NotifierType kDiscord;
extern const NotifierType kEmail;
extern const NotifierType kExec;
extern const NotifierType kFeishu;
extern const NotifierType kLark;
extern const NotifierType kMqtt;
extern const NotifierType kNtfy;
extern const NotifierType kPagerduty;
extern const NotifierType kPushover;
extern const NotifierType kSlack;
extern const NotifierType kTeams;
extern const NotifierType kTelegram;
extern const NotifierType kWebhook;
extern const NotifierType kWecom;

namespace {

constexpr const NotifierType* kTypes[] = {
    &kConsole, &kDingtalk,  &kDiscord,  &kEmail, &kExec,  &kFeishu,   &kLark,    &kMqtt,
    &kNtfy,    &kPagerduty, &kPushover, &kSlack, &kTeams, &kTelegram, &kWebhook, &kWecom,
};

const NotifierType* find_type(const std::string& name) {
  const auto found = std::ranges::find(kTypes, name, &NotifierType::name);
  return found == std::end(kTypes) ? nullptr : *found;
}

std::string type_names() {
  std::string names;
  for (const NotifierType* type : kTypes) {
    names += (names.empty() ? "" : ", ") + std::string{type->name};
  }
  return names;
}

bool is_http_url(std::string_view url) {
  const bool http = url.starts_with("https://") || url.starts_with("http://");
  return http && url.find_first_of(" \t\r\n\"<>") == url.npos && url.size() > 10;
}

/// A user's own texts: an unknown name or a broken template is a mistake.
void replace_texts(SettingsReader& settings, Texts& texts) {
  const auto names = texts.names();
  for (auto& [name, text] : settings.text_map("texts")) {
    if (!std::ranges::binary_search(names, name)) {
      const std::string hint = nearest(name, names);
      settings.mistake("texts." + name,
                       "there is no text of this name" +
                           (hint.empty() ? "" : ", did you mean \"" + hint + "\"?"));
      continue;
    }
    const std::string error = template_error(text);
    if (error.empty()) {
      texts.replace(name, text);
    } else {
      settings.mistake("texts." + name, error);
    }
  }
}

}  // namespace

std::string NotifierEntry::required_secret(std::string_view key) {
  const std::string name{key};
  if (!settings.has(name + "_file") && !settings.has(name + "_env")) {
    settings.mistake(name + "_file", "is missing, and \"" + name + "_env\" as well");
  }
  return secret(key);
}

std::string NotifierEntry::secret_url() {
  std::string url = required_secret("url");
  if (!url.empty() && !is_http_url(url)) {
    settings.mistake("url_file", "found something else than an address https://... in it");
    url.clear();
  }
  return url;
}

std::string NotifierEntry::open_url() {
  if (!settings.has("url")) return secret_url();
  const std::string url = settings.required_text("url");
  if (is_http_url(url)) return url;
  settings.mistake("url", "found \"" + url + "\", expected an address https://...");
  return {};
}

std::string NotifierEntry::api_url(std::string_view fallback) {
  std::string url = settings.text("api_url", std::string{fallback});
  if (!is_http_url(url)) {
    settings.mistake("api_url", "found \"" + url + "\", expected an address https://...");
  }
  while (url.ends_with('/')) url.pop_back();
  return url;
}

std::vector<std::string> NotifierEntry::mentions(std::string_view key) {
  constexpr std::string_view kIdCharacters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-@+.";
  std::vector<std::string> ids = settings.texts(key);
  for (const std::string& id : ids) {
    if (!id.empty() && id.find_first_not_of(kIdCharacters) == id.npos) continue;
    settings.mistake(key, "found \"" + id + "\", expected the id of a person");
  }
  return ids;
}

std::span<const NotifierType* const> notifier_types() { return kTypes; }

std::unique_ptr<Notifier> make_notifier(SettingsReader& entry, const std::string& name,
                                        const std::string& type, const std::string& language,
                                        bool secrets_must_exist) {
  const NotifierType* row = find_type(type);
  if (row == nullptr) {
    entry.mistake("type", "found \"" + type + "\", expected one of " + type_names());
    return nullptr;
  }
  if (!Texts::knows(language)) {
    entry.mistake("language", "found \"" + language + "\", expected \"en\" or \"zh\"");
  }
  NotifierBasics basics{
      .name = name, .texts = Texts{language}, .link = entry.text("link"), .limits = row->limits};
  if (!basics.link.empty() && !is_http_url(basics.link)) {
    entry.mistake("link", "found \"" + basics.link + "\", expected an address https://...");
    return nullptr;
  }
  replace_texts(entry, basics.texts);
  return row->make({entry, std::move(basics), secrets_must_exist});
}

NotifierLimits limits_of(const Notifier& notifier) { return notifier.limits(); }
const Texts& texts_of(const Notifier& notifier) { return notifier.texts(); }

}  // namespace coldwatch
