#include "bridge/notifiers/form.hpp"

#include "bridge/notifiers/signature.hpp"

namespace coldwatch {

HttpRequest form_post(std::string url, const FormFields& fields) {
  HttpRequest request{.url = std::move(url),
                      .headers = {{"Content-Type", "application/x-www-form-urlencoded"}}};
  for (const auto& [name, value] : fields) {
    request.body += (request.body.empty() ? "" : "&") + name + "=" + url_encode(value);
  }
  return request;
}

HttpRequest multipart_post(std::string url, const FormFields& fields, const FormFile& file) {
  std::string all = file.bytes;
  for (const auto& field : fields) all += field.second;
  // Made of what it must not occur in, so that it does not.
  const std::string boundary = "coldwatch-" + md5_hex(all);
  const std::string begin = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"";
  HttpRequest request{
      .url = std::move(url),
      .headers = {{"Content-Type", "multipart/form-data; boundary=" + boundary}},
  };
  for (const auto& [name, value] : fields) {
    request.body += begin + name + "\"\r\n\r\n" + value + "\r\n";
  }
  request.body += begin + file.field + "\"; filename=\"" + file.name +
                  "\"\r\nContent-Type: " + file.type + "\r\n\r\n" + file.bytes + "\r\n--" +
                  boundary + "--\r\n";
  return request;
}

}  // namespace coldwatch
