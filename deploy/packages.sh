# The Debian packages of every purpose, and how to get those that are missing. Sourced by
# deploy/quickstart.sh and tests/run.sh; docs/dependencies.md says why each library is here.

build_packages="g++ cmake ninja-build ccache pkg-config nlohmann-json3-dev libcli11-dev
  libpaho-mqtt-dev libpaho-mqttpp-dev libhowardhinnant-date-dev libmuparser-dev zlib1g-dev
  libexpat1-dev libcurl4-openssl-dev libsqlite3-dev libsimdjson-dev libjemalloc-dev
  libssl-dev libcairo2-dev libkainjow-mustache-dev libgtest-dev googletest"
demo_packages="mosquitto python3 python3-paho-mqtt python3-aiosmtpd"
test_packages="mosquitto prometheus-mqtt-exporter debootstrap lintian man-db
  openssl curl sqlite3 procps systemd git valgrind python3 python3-pytest
  python3-paho-mqtt python3-aiosmtpd python3-jsonschema python3-yaml python3-cryptography
  python3-pyte python3-seccomp rabbitmq-server redis-server postfix sasl2-bin nftables iproute2
  util-linux"
bench_packages="prometheus-alertmanager collectd-core libmosquitto1"
clang_packages="clang-16 libclang-rt-16-dev"
web_packages="mosquitto chromium"
windows_packages="g++-mingw-w64-x86-64-posix wine wine64 nsis"

missing_packages() {
  local package
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
      printf '%s ' "$package"
  done
}

# Installs the packages named; ends the script with a sentence where it cannot. A daemon that
# this brings along is not left running: whoever needs one here starts it.
install_packages() {
  local missing sudo=""
  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0
  command -v apt-get >/dev/null || {
    echo "These packages are missing, and there is no apt-get to install them with: $missing" >&2
    exit 1
  }
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || {
      echo "These packages are missing: $missing" >&2
      echo "Run this once as root, or install them with: apt-get install $missing" >&2
      exit 1
    }
    sudo="sudo"
  fi
  export DEBIAN_FRONTEND=noninteractive
  if [[ " $missing " == *" postfix "* ]] && command -v debconf-set-selections >/dev/null; then
    # Without a configuration it is not started; the tests start one of their own.
    echo "postfix postfix/main_mailer_type select No configuration" | $sudo debconf-set-selections
  fi
  $sudo apt-get -qq update >/dev/null || echo "The list of packages could not be renewed." >&2
  # shellcheck disable=SC2086 # one word for each package
  $sudo apt-get -qq -y -o Dpkg::Use-Pty=0 install --no-install-recommends $missing >/dev/null || {
    echo "apt-get could not install: $missing" >&2
    exit 1
  }
  local daemon  # one whose package bears its name, or that name and -core
  for daemon in mosquitto prometheus-alertmanager collectd rabbitmq-server redis-server; do
    if [[ " $missing " =~ " $daemon"(-core)?" " ]] && [ -d /run/systemd/system ]; then
      $sudo systemctl -q disable --now "$daemon"
    fi
  done
}
