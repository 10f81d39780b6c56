// Preloaded into a program, it moves the program's clocks: each by as many milliseconds as the file
// holds that COLDWATCH_STEADY_AHEAD names for the steady clock and COLDWATCH_DAY_AHEAD for that of the
// day, an int64 that a test may change at any time; a clock without a file goes right. Waits that end by
// a moved clock end when they should. (libfaketime does not know pthread_cond_clockwait, by which C++
// waits, and its clock calls the allocator, which in jemalloc calls the clock.)
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>

namespace {

using Ahead = std::atomic<std::int64_t>;
static_assert(Ahead::is_always_lock_free);
constexpr std::int64_t kNsOfMs = 1'000'000;
constexpr std::int64_t kNsOfUs = 1'000;
constexpr std::int64_t kNsOfSecond = 1'000'000'000;

const Ahead* ahead_of(const char* variable) {
  const char* const path = std::getenv(variable);
  if (path == nullptr) return nullptr;
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  void* const mapped = mmap(nullptr, sizeof(Ahead), PROT_READ, MAP_SHARED, file, 0);
  if (mapped == MAP_FAILED) std::abort();
  return static_cast<const Ahead*>(mapped);
}

std::int64_t ahead_ns(clockid_t clock) {
  static const Ahead* const steady = ahead_of("COLDWATCH_STEADY_AHEAD");
  static const Ahead* const day = ahead_of("COLDWATCH_DAY_AHEAD");
  const Ahead* const ahead = clock == CLOCK_MONOTONIC  ? steady
                             : clock == CLOCK_REALTIME ? day
                                                       : nullptr;
  return ahead == nullptr ? 0 : *ahead * kNsOfMs;
}

timespec moved(const timespec& time, std::int64_t by_ns) {
  const std::int64_t ns = time.tv_sec * kNsOfSecond + time.tv_nsec + by_ns;
  return {.tv_sec = ns / kNsOfSecond, .tv_nsec = ns % kNsOfSecond};
}

template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

timespec day_now() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return now;
}

}  // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* time) noexcept {
  static const auto real = next<int(clockid_t, timespec*)>("clock_gettime");
  const int result = real(clock, time);
  if (result == 0) *time = moved(*time, ahead_ns(clock));
  return result;
}

extern "C" time_t time(time_t* out) noexcept {
  const time_t now = day_now().tv_sec;
  if (out != nullptr) *out = now;
  return now;
}

extern "C" int gettimeofday(timeval* out, void* /*zone*/) noexcept {
  const timespec now = day_now();
  *out = {.tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / kNsOfUs};
  return 0;
}

extern "C" int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                                      clockid_t clock, const timespec* until) {
  static const auto real = next<int(pthread_cond_t*, pthread_mutex_t*, clockid_t, const timespec*)>(
      "pthread_cond_clockwait");
  const timespec truly = moved(*until, -ahead_ns(clock));
  return real(condition, mutex, clock, &truly);
}

// Whoever waits so here waits by the clock of the day (Paho).
extern "C" int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                                      const timespec* until) {
  return pthread_cond_clockwait(condition, mutex, CLOCK_REALTIME, until);
}
