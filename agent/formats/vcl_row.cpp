#include "agent/formats/vcl_row.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <span>

namespace coldwatch {
namespace {

static_assert(std::endian::native == std::endian::little, "rows are copied as they are");

constexpr double kMostFutureS = 60;

/// Two numbers that the processor handles at once (vector extension of GCC and clang), and their
/// bits.
typedef double Pair __attribute__((vector_size(16)));
typedef std::int64_t PairBits __attribute__((vector_size(16)));

Pair pair_at(const char* bytes) {
  Pair pair;
  std::memcpy(&pair, bytes, sizeof pair);
  return pair;
}

/// When a sensor must have been measured to be good; `oldest` is above zero.
struct Window {
  double oldest;
  double newest;
};

/// Copies T and R of an even count of sensors to `to` and adds all three to `sum`, which is then not finite where
/// one of them is not. True where all are finite, measured within the window, and R > 0. Looks at
/// signs, because comparisons would be made one by one.
bool copy_triples(const char* from, std::size_t count, Window window, double* to, Pair& sum) {
  constexpr std::size_t kTriple = 3 * sizeof(double);
  const Pair oldest{window.oldest, window.oldest};
  const Pair newest{window.newest, window.newest};
  PairBits outside{};
  PairBits positive{-1, -1};
  for (std::size_t i = 0; i < count; i += 2, from += 2 * kTriple, to += 4) {
    const Pair stamps{number_at({from, 8}, 0), number_at({from + kTriple, 8}, 0)};
    const Pair one = pair_at(from + 8);
    const Pair two = pair_at(from + kTriple + 8);
    const Pair age = newest - stamps;
    outside |= std::bit_cast<PairBits>(age) | std::bit_cast<PairBits>(stamps - oldest);
    positive &= std::bit_cast<PairBits>(Pair{} - __builtin_shufflevector(one, two, 1, 3));
    sum += one + two + age;
    std::memcpy(to, &one, sizeof one);
    std::memcpy(to + 2, &two, sizeof two);
  }
  return (outside[0] | outside[1]) >= 0 && (positive[0] & positive[1]) < 0;
}

/// Copies columns as they are and adds them to `sum`.
void copy_run(const char* from, std::size_t count, double* to, Pair& sum) {
  for (; count > 3; count -= 4, from += 2 * sizeof(Pair), to += 4) {
    const Pair one = pair_at(from);
    const Pair two = pair_at(from + sizeof one);
    sum += one + two;
    std::memcpy(to, &one, sizeof one);
    std::memcpy(to + 2, &two, sizeof two);
  }
  for (; count > 0; --count, from += sizeof *to, ++to) {
    std::memcpy(to, from, sizeof *to);
    sum[0] += *to;
  }
}

void judge(std::span<const VclColumns::Sensor> sensors, std::string_view row, Window window,
           RowBatch::Slot& slot) {
  for (const VclColumns::Sensor& sensor : sensors) {
    const double stamp = number_at(row, sensor.stamp_in_row * sizeof(double));
    const double resistance = number_at(row, sensor.resistance_in_row * sizeof(double));
    const bool measured = stamp > 0 && resistance > 0;
    if (measured && stamp >= window.oldest && stamp <= window.newest) continue;
    const Quality quality = measured ? Quality::kStale : Quality::kInvalid;
    for (const int channel : {sensor.temperature_channel, sensor.resistance_channel}) {
      if (channel == VclColumns::kNone) continue;
      Quality& its = slot.quality[static_cast<std::size_t>(channel)];
      its = std::max(its, quality);
    }
  }
}

}  // namespace

void take_vcl_row(const VclColumns& columns, std::string_view row, double stale_after_s,
                  RowBatch::Slot& slot) {
  const double seconds = number_at(row, VclColumns::kTime * sizeof(double));
  const Window window{std::max(seconds - stale_after_s, std::numeric_limits<double>::min()),
                      seconds + kMostFutureS};
  Pair sum{};  // not finite where one of the numbers is not
  bool all_good = true;
  for (const VclColumns::Triples& all : columns.triples) {
    all_good &=
        copy_triples(row.data() + all.row_byte, all.count, window, &slot.values[all.channel], sum);
  }
  for (const VclColumns::Run& run : columns.runs) {
    copy_run(row.data() + run.row_byte, run.count, &slot.values[run.channel], sum);
  }
  if (!std::isfinite(sum[0] + sum[1])) {
    all_good = false;
    for (std::size_t i = 0; i < slot.values.size(); ++i) {
      if (!std::isfinite(slot.values[i])) slot.quality[i] = Quality::kInvalid;
    }
  }
  judge(all_good ? columns.loose : columns.sensors, row, window, slot);
}

}  // namespace coldwatch
