// Bodies of HTML forms: name=value, and multipart with a file.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "bridge/notifiers/notifier.hpp"

namespace coldwatch {

using FormFields = std::vector<std::pair<std::string, std::string>>;

/// A POST of application/x-www-form-urlencoded.
HttpRequest form_post(std::string url, const FormFields& fields);

struct FormFile {
  std::string field;
  std::string name;
  std::string type;  // "image/png"
  std::string bytes;
};

/// A POST of multipart/form-data; field and file names are ours, never from outside.
HttpRequest multipart_post(std::string url, const FormFields& fields, const FormFile& file);

}  // namespace coldwatch
