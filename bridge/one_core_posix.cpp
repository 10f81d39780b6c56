#include "bridge/one_core.hpp"

#include <sched.h>

#include <optional>

namespace coldwatch {
namespace {

std::optional<cpu_set_t> at_first;

}  // namespace

void stay_on_one_core() {
  cpu_set_t all;
  const int core = ::sched_getcpu();
  if (core < 0 || ::sched_getaffinity(0, sizeof all, &all) != 0) return;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(core, &one);
  if (::sched_setaffinity(0, sizeof one, &one) == 0) at_first = all;
}

void release_from_one_core(int process) {
  if (at_first) ::sched_setaffinity(process, sizeof *at_first, &*at_first);
}

}  // namespace coldwatch
