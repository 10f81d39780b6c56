// Identities of events: the same row, rule and transition give the same id on every run, so that a
// repetition is recognised.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace coldwatch {

/// 32 hexadecimal digits made of the parts and their borders.
std::string event_id(std::initializer_list<std::string_view> parts);

}  // namespace coldwatch
