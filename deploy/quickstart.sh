#!/usr/bin/env bash
# Shows all of Coldwatch on this machine and leaves nothing running. Debian 12, root or sudo.
#   deploy/quickstart.sh          two simulated fridges lose their cooling water; until Ctrl+C
#   deploy/quickstart.sh --once   the same, ends by itself; status 0 if every message was right
#   deploy/quickstart.sh FOLDER   follows your own fridge's logs, read-only; until Ctrl+C
set -eu
what=${1:-}
case $what in
  -h | --help)
    sed -n '2,5s/^# *//p' "$0"
    exit 0
    ;;
  "" | --once) ;;
  -*)
    echo "'$what' is no option. Usage: deploy/quickstart.sh [--once | FOLDER]" >&2
    exit 2
    ;;
  *)
    [ -d "$what" ] && [ -r "$what" ] || {
      echo "$what is no folder that can be read: expected the one with the fridge's logs." >&2
      exit 2
    }
    what=$(cd "$what" && pwd)
    ;;
esac
[ $# -le 1 ] || { echo "Usage: deploy/quickstart.sh [--once | FOLDER]" >&2; exit 2; }

cd "$(dirname "$0")/.."
. deploy/packages.sh
echo "Packages ..."
install_packages $build_packages $demo_packages
echo "Building ..."
mkdir -p build
{
  cmake --preset release &&
    cmake --build --preset release --target coldwatch-agent coldwatch-bridge coldwatch-simulator
} >build/quickstart.log 2>&1 || {
  tail -n 30 build/quickstart.log
  echo "The build failed; build/quickstart.log has all of it." >&2
  exit 1
}
exec /usr/bin/python3 deploy/demo/demo.py build/release ${what:+"$what"}
