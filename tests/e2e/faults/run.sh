#!/usr/bin/env bash
# Breaks everything between a fridge's log and a person's phone, on a seeded schedule, heals it, and
# counts what was lost: run.sh --minutes N --seed S. Exit status 1 where anything was.
# As root it works in a network and mount namespace of its own, whose faults end with it.
set -eu
cd "$(dirname "$0")"
run=(/usr/bin/python3 harness.py "$@")
enter=(unshare --net --mount --propagation private)
if [ "$(id -u)" = 0 ] && "${enter[@]}" true 2>/dev/null; then
  export COLDWATCH_FAULTS_NAMESPACE=1
  exec "${enter[@]}" sh -c 'ip link set lo up && exec "$@"' sh "${run[@]}"
fi
exec "${run[@]}"
