// Preloaded into a program, it sets the program's steady clock ahead: by as many milliseconds as the
// file named by COLDWATCH_STEADY_AHEAD holds, an int64 that a test may raise at any time. Waits that
// end by that clock end when they should. The clock of the day is left alone. (libfaketime does not
// know pthread_cond_clockwait, by which C++ waits.)
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <time.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>

namespace {

using Ahead = std::atomic<std::int64_t>;
static_assert(Ahead::is_always_lock_free);
constexpr std::int64_t kNsOfMs = 1'000'000;
constexpr std::int64_t kNsOfSecond = 1'000'000'000;

std::int64_t ahead_ns() {
  static const Ahead* const ahead = [] {
    const int file = open(std::getenv("COLDWATCH_STEADY_AHEAD"), O_RDONLY | O_CLOEXEC);
    void* const mapped = mmap(nullptr, sizeof(Ahead), PROT_READ, MAP_SHARED, file, 0);
    if (mapped == MAP_FAILED) std::abort();
    return static_cast<const Ahead*>(mapped);
  }();
  return *ahead * kNsOfMs;
}

timespec moved(const timespec& time, std::int64_t by_ns) {
  const std::int64_t ns = time.tv_sec * kNsOfSecond + time.tv_nsec + by_ns;
  return {.tv_sec = ns / kNsOfSecond, .tv_nsec = ns % kNsOfSecond};
}

template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* time) noexcept {
  static const auto real = next<int(clockid_t, timespec*)>("clock_gettime");
  const int result = real(clock, time);
  if (result == 0 && clock == CLOCK_MONOTONIC) *time = moved(*time, ahead_ns());
  return result;
}

extern "C" int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                                      clockid_t clock, const timespec* until) {
  static const auto real = next<int(pthread_cond_t*, pthread_mutex_t*, clockid_t, const timespec*)>(
      "pthread_cond_clockwait");
  const timespec truly = clock == CLOCK_MONOTONIC ? moved(*until, -ahead_ns()) : *until;
  return real(condition, mutex, clock, &truly);
}
