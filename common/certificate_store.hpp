// Which certificate authorities TLS to the broker trusts where no file names them.
#pragma once

namespace coldwatch {

/// True where Paho finds the system's own: not on Windows, whose store its OpenSSL does not read.
bool has_certificate_store();

}  // namespace coldwatch
