// The HTML of a mail: the same words as its text, with a bar in the colour of the severity and the
// picture of the trend. No styles from elsewhere, no links but the configured one.
#pragma once

#include <string>
#include <string_view>

#include "bridge/notifiers/message_text.hpp"

namespace coldwatch {

/// `image` is the id of an inline picture, "" where there is none.
std::string mail_html(const MessageText& message, const Notification& notification,
                      std::string_view image, const Texts& texts);

}  // namespace coldwatch
