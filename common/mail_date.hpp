// The date of a mail.
#pragma once

#include <string>

#include "common/time.hpp"

namespace coldwatch {

/// "Sun, 22 Nov 2026 04:02:00 +0100" (RFC 5322, 3.3), in English whatever the locale is. `local` is
/// what a clock of the mail's zone shows at `time`.
std::string mail_date(UtcTime time, LocalTime local);

}  // namespace coldwatch
