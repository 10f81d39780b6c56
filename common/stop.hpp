// Asks a program to end or to reload: SIGINT, SIGTERM, SIGHUP on POSIX, the console's control
// events on Windows. The main loops look here between two steps.
#pragma once

#include "common/time.hpp"

namespace coldwatch {

/// Takes the signals over; called once, first thing in main.
void install_stop_handlers();

/// True once the program was asked to end.
bool stop_requested();

/// True once after each request to reload the config.
bool take_reload_request();

/// Asks the program to end, as a signal would; for a Windows service's stop control.
void request_stop();

/// Sleeps for `duration`, shorter where a request arrives or wake_up() is called.
void sleep_or_stop(Milliseconds duration);

/// Ends the sleep under way, or the next one where there is none; from any thread.
void wake_up();

}  // namespace coldwatch
