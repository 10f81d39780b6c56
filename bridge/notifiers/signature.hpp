// Base64, HMAC and digests (OpenSSL), once for all services.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coldwatch {

std::string base64(std::string_view bytes);
/// nullopt for anything but padded base64.
std::optional<std::string> base64_decode(std::string_view text);

/// The raw 32 bytes.
std::string hmac_sha256(std::string_view key, std::string_view message);

/// Lower-case hex.
std::string md5_hex(std::string_view bytes);

/// Everything but letters, digits, "-", ".", "_" and "~" as %XX.
std::string url_encode(std::string_view text);

}  // namespace coldwatch
