#!/usr/bin/env bash
# Fuzzes every log format, the follower, and what agent and bridge hear: run.sh SECONDS [TARGET...].
# Builds with clang into build/fuzz, which also keeps the corpus. A finding is written to
# build/fuzz/findings and ends with exit status 1; it belongs into the tests of its part as a case.
set -eu
seconds=${1:?usage: run.sh SECONDS [TARGET...]}
shift
cd "$(dirname "$0")/../.."
. deploy/packages.sh
install_packages $build_packages $clang_packages
mkdir -p build/fuzz/findings
{ CC=clang-16 CXX=clang++-16 cmake -S . -B build/fuzz/programs -G Ninja -DCMAKE_BUILD_TYPE=Debug \
    -DCOLDWATCH_FUZZ=ON && cmake --build build/fuzz/programs --target fuzz_all; } >build/fuzz/build.log 2>&1 ||
  { tail -n 40 build/fuzz/build.log; exit 1; }
/usr/bin/python3 tests/fuzz/seeds.py build/fuzz/corpus

[ $# -gt 0 ] || set -- vcl bluefors multivu leiden_tc leiden_fp xs400 attodry delimited live follower \
  row_skipper rescan live_answers messages agent_hears bridge_hears
found=0
for target in "$@"; do
  echo "== $target"
  build/fuzz/programs/tests/fuzz/fuzz_"$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=1024 \
    -max_len=200000 -artifact_prefix=build/fuzz/findings/"$target"_ -print_final_stats=1 \
    build/fuzz/corpus/"$target" >build/fuzz/"$target".log 2>&1 || found=1
  grep -E '^stat::number_of_executed|ERROR|does not hold|runtime error' \
    build/fuzz/"$target".log || true
done
exit $found
