// One core for the whole bridge. Paho's threads hand every message to each other under one lock: on two
// cores they wait for one another, and a storm costs up to twice the processor's time
// (docs/benchmarks.md); on one they take turns.
#pragma once

namespace coldwatch {

/// Keeps this thread, and every thread and program that it starts from now on, on the core that it is
/// on. Where the system does not allow that, all is as it was.
void stay_on_one_core();

/// Lets the process of a program, which this one has started, run wherever this one could at first.
void release_from_one_core(int process);

}  // namespace coldwatch
