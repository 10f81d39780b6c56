#!/usr/bin/env bash
# Measures every budget and writes docs/benchmarks.md anew. A bench is a program of this folder or a
# script *_bench.py in it; it prints one JSON object a line:
# {"name", "value", "unit", "reference", "ratio", "budget"}. Names can be given to run only those.
set -eu
cd "$(dirname "$0")/../.."
. deploy/packages.sh
install_packages $build_packages $test_packages $bench_packages
mkdir -p build
{ cmake --preset release && cmake --build --preset release; } >build/bench-build.log 2>&1 ||
  { tail -n 40 build/bench-build.log; exit 1; }

lines=build/benchmarks.jsonl
: >"$lines"
for bench in build/release/tests/bench/* tests/bench/*_bench.py; do
  [[ $bench == *.py || (-f $bench && -x $bench) ]] || continue
  [ $# -eq 0 ] || [[ " $* " == *" $(basename "$bench") "* ]] || continue
  echo "== $(basename "$bench")"
  case $bench in
    *.py) /usr/bin/python3 "$bench" | tee -a "$lines" ;;
    *) "$bench" | tee -a "$lines" ;;
  esac
done
# Some of the benches would make a table that lacks the others: it is written only by a whole run.
[ $# -gt 0 ] || /usr/bin/python3 tests/bench/table.py "$lines" docs/benchmarks.md
