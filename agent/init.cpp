#include "agent/init.hpp"

#include <algorithm>

#include "agent/init_libraries.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr std::size_t kMostChannelsShown = 400;
constexpr double kLowestLimit = 1e-3;
constexpr double kHysteresis = 0.95;  // between the limits of the example

std::string json_text(std::string_view text) {
  std::string json;
  append_json_string(json, repair_utf8(text));
  return json;
}

/// Text that cannot end a comment early.
std::string comment(std::string_view text) { return one_line(repair_utf8(text), 300); }

/// The last level of the folder as a topic level: "C:/Logs/Triton 1/" is "triton_1".
std::string fridge_name(std::string_view folder) {
  while (!folder.empty() && (folder.back() == '/' || folder.back() == '\\'))
    folder.remove_suffix(1);
  const std::string key = key_of(lower_ascii(folder.substr(folder.find_last_of("/\\") + 1)));
  return key == "_" ? "fridge1" : key;
}

std::vector<const ChannelReport*> all_channels(const Inspection& inspection) {
  std::vector<const ChannelReport*> all;
  std::map<std::string, std::size_t> places;
  for (const FileReport& file : inspection.files) {
    for (const ChannelReport& report : file.channels) {
      const auto [place, is_new] = places.try_emplace(report.channel.key, all.size());
      if (is_new) {
        all.push_back(&report);
      } else if (report.last) {
        all[place->second] = &report;  // a later file tells the later value
      }
    }
  }
  return all;
}

/// Formats of the files; the first is the one most files have.
std::vector<std::string> formats_of(const Inspection& inspection) {
  std::map<std::string, int> counts;
  for (const FileReport& file : inspection.files) {
    if (!file.format.empty()) ++counts[file.format];
  }
  std::vector<std::string> names;
  for (const auto& [name, count] : counts) names.push_back(name);
  std::ranges::stable_sort(names, std::greater{}, [&](const auto& name) { return counts[name]; });
  return names;
}

std::string channel_lines(const std::vector<const ChannelReport*>& channels) {
  std::string text;
  for (std::size_t i = 0; i < std::min(channels.size(), kMostChannelsShown); ++i) {
    const ChannelReport& report = *channels[i];
    text += "  //   " + report.channel.key;
    if (report.channel.name != report.channel.key) text += "  " + json_text(report.channel.name);
    if (report.last) {
      text += "  last " + number_words(*report.last);
      if (!report.channel.unit.empty()) text += " " + comment(report.channel.unit);
    } else {
      text += "  never a good value";
    }
    text += "\n";
  }
  if (channels.size() > kMostChannelsShown) {
    text += "  //   and " + std::to_string(channels.size() - kMostChannelsShown) + " more\n";
  }
  return text;
}

/// An alarm at a temperature far from what was seen.
std::string example_rule(const ChannelReport& report) {
  const double limit = 2 * std::max(*report.max, kLowestLimit);
  std::string high;
  std::string low;
  append_json_number(high, limit);
  append_json_number(low, limit * kHysteresis);
  return ",\n    {\"id\": \"warm\", \"channel\": " + json_text(report.channel.key) +
         ", \"hold\": \"2m\",\n     \"high\": {\"at\": " + high +
         ", \"severity\": \"warning\", \"text\": \"{channel} is at {value}\"},\n" +
         "     \"low\": {\"at\": " + low +
         ", \"severity\": \"info\", \"text\": \"{channel} is back at {value}\"}}";
}

/// Where no library fits, the log itself is watched and, as an example, its first temperature.
std::string rule_lines(const std::vector<LibraryFit>& fits,
                       const std::vector<const ChannelReport*>& channels) {
  if (some_library_fits(fits)) return "  \"rules\": []";
  const auto example = std::ranges::find_if(channels, [](const ChannelReport* report) {
    return report->channel.quantity == "temperature" && report->max;
  });
  return std::string{
             "  \"rules\": [\n"
             "    {\"id\": \"log_stopped\", \"kind\": \"stale\",\n"
             "     \"high\": {\"severity\": \"critical\","
             " \"text\": \"No new row in the log since {since}\"},\n"
             "     \"low\": {\"text\": \"The log goes on\"}}"} +
         (example == channels.end() ? "" : example_rule(**example)) + "\n  ]";
}

}  // namespace

std::map<std::string, SharedChannels> channels_of(const Inspection& inspection) {
  Channels channels;
  for (const ChannelReport* report : all_channels(inspection)) channels.push_back(report->channel);
  if (channels.empty()) return {};
  return {{"main", std::make_shared<const Channels>(std::move(channels))}};
}

std::string make_agent_config(const std::string& folder, const std::string& library_folder,
                              const Inspection& inspection, const std::vector<LibraryFit>& fits,
                              const InitAnswers& answers) {
  const std::vector<const ChannelReport*> channels = all_channels(inspection);
  const std::vector<std::string> formats = formats_of(inspection);
  const std::string fridge = answers.fridge.empty() ? fridge_name(folder) : answers.fridge;
  std::string text =
      "// Made from the log in " + comment(folder) +
      ". Every other option, with its meaning, is in\n"
      "// config/agent.json. Look at it with: coldwatch-agent check --config THIS_FILE\n{\n"
      "  // The name of the fridge in topics and messages, and its user at the broker.\n"
      "  \"site\": \"lab\",\n  \"fridge\": " +
      json_text(fridge) +
      ",\n\n"
      "  // Where the MQTT broker is; mqtts:// encrypts. The password is the first line of a "
      "file.\n"
      "  \"broker\": {\"uri\": " +
      json_text(answers.broker.empty() ? "mqtt://localhost:1883" : answers.broker) +
      ", \"user\": " + json_text(answers.user) +
      ", \"password_file\": " + json_text(answers.password_file) + "},\n\n";
  if (formats.size() > 1) {
    text += "  // The folder holds logs of several formats, of which one agent follows one:\n";
    for (const std::string& format : formats) text += "  //   " + format + "\n";
  }
  text += "  \"log\": {\n    \"folder\": " + json_text(folder) +
          ",\n    \"format\": " + json_text(formats.empty() ? "auto" : formats.front()) +
          ",\n"
          "    // Of local times in the log: \"local\" is this PC's zone.\n"
          "    \"time_zone\": \"local\",\n"
          "    // The first time: \"now\", \"today\" or \"beginning\".\n    \"start\": \"now\"\n  "
          "},\n\n";
  text += "  // Columns of the log, as rules and topics call them:\n" + channel_lines(channels);
  text += "  \"channels\": {\"units\": {}, \"ignore\": [], \"derived\": {}},\n\n";
  text += library_lines(fits, library_folder) + "\n";
  text +=
      "  // Your own rules, and changes to those of the library by the same id: docs/rules.md.\n";
  text += rule_lines(fits, channels) + ",\n\n";
  text +=
      "  // A message with the newest values: \"daily 12:00\", \"weekly tue 12:00\"; \"\" is "
      "never.\n"
      "  \"snapshot\": {\"channels\": [], \"schedule\": \"\"},\n\n"
      "  // The place in the log and the state of the rules, over a restart.\n"
      "  \"state_file\": " +
      json_text(fridge + ".state.json") + "\n}\n";
  return text;
}

}  // namespace coldwatch
