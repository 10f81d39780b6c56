// Why a connection could not be made, out of Paho's trace: its result says the same for a refused
// connection, an unknown host, a wrong authority and a wrong name. Paho's TLS error handler is no
// way to learn it: the C++ wrapper 1.2 calls it through a pointer to options that are gone.
#pragma once

#include <string>

namespace coldwatch {

/// Begins to listen, and forgets what was heard before. One trace serves the whole process.
void listen_for_connect_trouble();

/// What was heard last, in words; "" for nothing.
std::string connect_trouble();

/// Stops listening, because a trace of every packet costs time.
void ignore_connect_trouble();

}  // namespace coldwatch
