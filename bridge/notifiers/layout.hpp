// Lays a message out in the markup of a service and within its limit: first with everything, then
// with the names of the fridges only, then cut between two lines with "+N more". Markup is never
// cut.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "bridge/notifiers/message_text.hpp"

namespace coldwatch {

/// How a service writes what people see. `escape` makes a text show literally and ping nobody.
struct Markup {
  std::string (*escape)(std::string_view text);
  std::string_view bold_open;
  std::string_view bold_close;
  std::string_view bullet = "- ";
  std::string_view new_line = "\n";
};

enum class Measure { kBytes, kCharacters, kUtf16 };

struct Budget {
  std::size_t most = 0;
  Measure measure = Measure::kBytes;
};

std::size_t length_of(std::string_view text, Measure measure);

/// The longest prefix of `text` within `budget` that ends between two characters; where something
/// is cut it ends with "…".
std::string shortened(std::string_view text, Budget budget);

struct LayoutOptions {
  bool headline = false;  // begin with it; false where the service has a place of its own for it
  bool link = true;       // end with it
};

/// The whole message. `texts` gives "+N more".
std::string lay_out(const MessageText& message, const Markup& markup, Budget budget,
                    const Texts& texts, LayoutOptions options = {});

/// The escape of services that show every text as it is.
std::string literally(std::string_view text);

/// No markup at all, for consoles and as the last resort.
extern const Markup kPlainMarkup;

}  // namespace coldwatch
