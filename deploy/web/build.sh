#!/usr/bin/env bash
# Puts the lab page together in a folder that any web server can serve, mosquitto's own among them:
# build.sh FOLDER copies the page and the browser bundles of its two libraries there.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: build.sh FOLDER" >&2; exit 2; }
target=$1
here=$(cd "$(dirname "$0")" && pwd)
command -v npm >/dev/null || { echo "build.sh: npm is not installed (packages nodejs, npm)" >&2; exit 2; }
npm --prefix "$here" ci --omit=dev --ignore-scripts --no-audit --no-fund --silent
mkdir -p "$target/vendor"
cp "$here"/index.html "$here"/*.js "$target/"
cp "$here/node_modules/mqtt/dist/mqtt.min.js" "$here/node_modules/uplot/dist/uPlot.iife.min.js" "$target/vendor/"
cp "$here/node_modules/mqtt/LICENSE.md" "$target/vendor/mqtt.LICENSE.md"
cp "$here/node_modules/uplot/LICENSE" "$target/vendor/uPlot.LICENSE"
