// A list of thousands of like objects in JSON: each is written as a merge patch (RFC 7396) to the one
// before it, so that what all alarms of a storm have in common stands there once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/json.hpp"
#include "common/json_text.hpp"

namespace coldwatch {

/// Appends such a list to a text. The members of an object are given by the functions of MemberTexts, in
/// any order; no value may be null, or an object that has other members each time.
class Patches : public MemberTexts<Patches> {
 public:
  explicit Patches(std::string& out) : out_(out) { out_ += '['; }
  Patches(const Patches&) = delete;
  Patches& operator=(const Patches&) = delete;

  void begin_object();
  /// Where the caller appends the JSON of the member's value, before any other function is called.
  /// `key` stays where it is until the list has ended.
  std::string& value(std::string_view key);
  void end_object();
  void end() { out_ += ']'; }

 private:
  struct Member {
    std::string_view key;
    std::string json;      // "" where the last object had none
    bool present = false;  // in the object that has begun
  };

  void settle();
  void change(std::string_view key, std::string_view json);

  std::string& out_;
  std::vector<Member> members_;  // of all objects so far
  std::size_t next_ = 0;         // where the next key is looked for first
  Member* open_ = nullptr;
  std::string fresh_;  // value of the open member
};

/// What `read` makes of each object of a list that Patches has written. Throws what `read` throws.
template <typename Value, typename Read>
std::vector<Value> read_patches(const nlohmann::json& list, Read read) {
  std::vector<Value> values;
  nlohmann::json object = nlohmann::json::object();
  for (const nlohmann::json& patch : list) {
    object.merge_patch(patch);
    values.push_back(read(object));
  }
  return values;
}

}  // namespace coldwatch
