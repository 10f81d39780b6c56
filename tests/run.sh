#!/usr/bin/env bash
# Builds everything and runs every test, on a fresh Debian 12 as root or with sudo; ends with the line
# "N passed, N failed". Stages can be named to run only those: release faults python units windows
# debug web. The stages faults and python mostly wait, so the later ones are built meanwhile, with less
# claim to the processor.
set -eu
cd "$(dirname "$0")/.."
. deploy/packages.sh
stages=("$@")
[ $# -gt 0 ] || stages=(release faults python units windows debug web)

python="" faults=""
trap 'kill $python $faults 2>/dev/null || true' EXIT
results=build/test-results
rm -rf "$results"
mkdir -p "$results"
export WINEPREFIX="$PWD/build/wine" WINEDEBUG=-all

say() { printf '\n== %s (%d min %02d s)\n' "$1" $((SECONDS / 60)) $((SECONDS % 60)); }

# What is not built cannot pass: a build that fails ends the run.
build() {
  say "Build: $1"
  local log="$results/build-$1.log"
  mkdir -p "build/$1"
  # tests/e2e/test_packages.py builds in the same folder; the lock keeps one of them waiting.
  # shellcheck disable=SC2016 # expanded by the inner shell
  flock "build/$1" sh -c 'cmake --preset "$1" && nice cmake --build --preset "$@"' sh "$@" \
    >>"$log" 2>&1 || { tail -n 60 "$log"; exit 1; }
}

units() {
  say "Unit tests: $1"
  nice /usr/bin/python3 tests/tools/run_units.py "build/$1" "$results/$1" "${2:-}" || true
}

say "Packages"
install_packages $build_packages $test_packages
command -v npm >/dev/null || install_packages nodejs npm
for stage in "${stages[@]}"; do
  case $stage in
    release)
      build release --target programs
      ;;
    units)
      build release
      units release
      ;;
    windows)
      install_packages $windows_packages
      build windows
      wineboot --init >"$results/wineboot.log" 2>&1 || echo "wineboot ended with status $?"
      # Its service manager still starts services of its own; the tests want one that is at rest.
      timeout 120 wineserver --wait || echo "wine is not at rest"
      # To Wine a file is open to everybody where the mode of its maker says so, and a secret refused.
      # One after the other: Wine does not start well twice at once.
      (umask 077 && units windows 1)
      /usr/bin/python3 -m pytest tests/e2e/test_windows_*.py -q -ra -p no:cacheprovider \
        --junitxml="$results/windows-python.xml" || echo "pytest ended with status $?"
      ;;
    debug)
      install_packages $clang_packages
      # The sanitizers look at the unit tests; the whole programs are tried as they are shipped.
      build debug --target unit_tests
      # The release build has gone through thousands of them; here each takes sixty times as long.
      COLDWATCH_TIMELINES=100 units debug
      ;;
    faults)
      say "Three minutes of faults, beside what follows"
      tests/e2e/faults/run.sh --minutes 3 --seed 7 --report "$PWD/$results/faults.xml" \
        >"$results/faults.log" 2>&1 &
      faults=$!
      ;;
    python)
      say "Repository, case folders and end to end, beside what follows"
      /usr/bin/python3 -m pytest tests --ignore-glob='*/test_windows_*.py' -q -ra \
        -p no:cacheprovider --durations=10 --junitxml="$results/python.xml" >"$results/python.log" 2>&1 &
      python=$!
      ;;
    web)
      say "Lab page and Node-RED"
      install_packages $web_packages
      for folder in tests/web tests/node-red; do
        npm --prefix "$folder" ci --ignore-scripts --no-audit --no-fund --silent
      done
      node --test --test-reporter=tap tests/web/ tests/node-red/ >"$results/web.tap" 2>&1 ||
        { echo "node ended with status $?"; tail -n 40 "$results/web.tap"; }
      /usr/bin/python3 tests/tools/tap_to_junit.py "$results/web.tap" "$results/web.xml"
      ;;
    *)
      echo "'$stage' is none of the stages: release faults python units windows debug web" >&2
      exit 2
      ;;
  esac
done
if [ -n "$faults" ]; then
  say "Waiting for the faults to be healed"
  wait "$faults" || echo "the faults ended with status $?"
  tail -n 30 "$results/faults.log"
  [ -f "$results/faults.xml" ] || { echo "the faults left no report"; exit 1; }
fi
if [ -n "$python" ]; then
  say "Waiting for the end-to-end tests"
  wait "$python" || echo "pytest ended with status $?"
  cat "$results/python.log"
  [ -f "$results/python.xml" ] || { echo "the end-to-end tests left no report"; exit 1; }
fi
say "Done"
/usr/bin/python3 tests/tools/tally.py "$results"
