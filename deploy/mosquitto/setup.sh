#!/usr/bin/env bash
# Makes everything that mosquitto needs to serve Coldwatch safely: a certificate authority of the
# lab's own, the broker's certificate, one user with a password for each fridge, and who may do what.
# Run again to add a fridge: what is there already stays.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: setup.sh --host NAME [--host NAME|ADDRESS]... --fridge NAME [--fridge NAME]... [options]

  --host NAME        name or address under which agents reach the broker; stands in its certificate
  --fridge NAME      a fridge: the user of its agent, and its level in the topics
  --site NAME        the site of these fridges, as in the agents' configs (default: lab)
  --bridge NAME      user of the bridge (default: bridge)
  --folder FOLDER    where to put everything (default: /etc/mosquitto/coldwatch)
  --port PORT        TLS port of the broker (default: 8883)
  --state FOLDER     where the broker keeps retained messages (default: /var/lib/mosquitto)

Afterwards: copy FOLDER/ca.crt and FOLDER/passwords/FRIDGE to the PC of each fridge, put
"include_dir FOLDER/conf.d" into mosquitto.conf, and restart mosquitto.
TEXT
}

fail() {
  echo "setup.sh: $*" >&2
  exit 2
}

hosts=() fridges=() site=lab bridge=bridge folder=/etc/mosquitto/coldwatch port=8883 state=/var/lib/mosquitto
while [ $# -gt 0 ]; do
  case "$1" in
    --help) usage; exit 0 ;;
    --host | --fridge | --site | --bridge | --folder | --port | --state)
      [ $# -ge 2 ] && [ -n "$2" ] || fail "$1 needs a value (see --help)" ;;&
    --host) hosts+=("$2") ;;
    --fridge) fridges+=("$2") ;;
    --site) site=$2 ;;
    --bridge) bridge=$2 ;;
    --folder) folder=$2 ;;
    --port) port=$2 ;;
    --state) state=$2 ;;
    *) fail "unknown option $1 (see --help)" ;;
  esac
  shift 2
done
[ ${#hosts[@]} -gt 0 ] || fail "at least one --host is needed: the name under which agents reach the broker"
[[ $port =~ ^[0-9]+$ ]] || fail "--port: found \"$port\", expected a number"
for name in ${fridges[@]+"${fridges[@]}"} "$site" "$bridge"; do
  [[ $name =~ ^[A-Za-z0-9_-]{1,64}$ ]] ||
    fail "\"$name\": expected letters, digits, _ and - only, because it is a level of the topics"
done
for name in ${fridges[@]+"${fridges[@]}"}; do
  case "$name" in
    "$bridge" | viewer | operator | _bridge) fail "\"$name\" cannot be a fridge: it is another user's name" ;;
  esac
done
command -v openssl >/dev/null || fail "openssl is not installed"
command -v mosquitto_passwd >/dev/null || fail "mosquitto_passwd is not installed (package mosquitto)"

umask 077
mkdir -p "$folder/passwords" "$folder/conf.d"
folder=$(cd "$folder" && pwd)
days=3650

if [ ! -f "$folder/ca.key" ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days $days \
    -keyout "$folder/ca.key" -out "$folder/ca.crt" -subj "/CN=Coldwatch lab authority" 2>/dev/null
fi

# The broker's certificate is made anew each time, so that a host name can be added later.
names=
for host in "${hosts[@]}"; do
  if [[ $host =~ ^[0-9.]+$ || $host == *:* ]]; then names+="IP:$host,"; else names+="DNS:$host,"; fi
done
openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
  -keyout "$folder/broker.key" -out "$folder/broker.csr" -subj "/CN=${hosts[0]}" 2>/dev/null
openssl x509 -req -in "$folder/broker.csr" -CA "$folder/ca.crt" -CAkey "$folder/ca.key" \
  -CAcreateserial -days $days -out "$folder/broker.crt" \
  -extfile <(echo "subjectAltName=${names%,}") 2>/dev/null
rm -f "$folder/broker.csr"

touch "$folder/users"
for user in ${fridges[@]+"${fridges[@]}"} "$bridge" viewer operator; do
  [ ! -f "$folder/passwords/$user" ] || continue
  openssl rand -base64 24 >"$folder/passwords/$user"
  # By a file, because a command line can be read by everybody on the machine.
  echo "$user:$(cat "$folder/passwords/$user")" >"$folder/users.new"
  mosquitto_passwd -U "$folder/users.new"
  cat "$folder/users.new" >>"$folder/users"
  rm -f "$folder/users.new"
done

# Who is a fridge, and where: one "SITE FRIDGE" a line.
if [ ! -f "$folder/fridges" ]; then
  # Made before there was such a list: every user who is nobody else was one.
  cut -d: -f1 "$folder/users" | grep -vxF -e "$bridge" -e viewer -e operator |
    sed "s/^/$site /" >"$folder/fridges" || true
fi
for name in ${fridges[@]+"${fridges[@]}"}; do
  grep -qxF "$site $name" "$folder/fridges" || echo "$site $name" >>"$folder/fridges"
done

{
  cat <<ACL
user $bridge
topic read coldwatch/#
topic readwrite coldwatch/+/_bridge/#
topic write coldwatch/+/+/cmd/#
topic write homeassistant/device/+/config
topic read \$SYS/#

# For Grafana, Telegraf, a wall display: everything to read, nothing to say.
user viewer
topic read coldwatch/#

# For people who may acknowledge and shelve.
user operator
topic read coldwatch/#
topic write coldwatch/+/_bridge/+/cmd/#

# An agent writes below its own fridge only, and reads its own commands. No pattern: it would be
# everybody's, and let a viewer speak for a fridge of that name.
ACL
  while read -r at fridge; do
    cat <<ACL

user $fridge
topic write coldwatch/$at/$fridge/#
topic read coldwatch/$at/$fridge/cmd/#
topic read coldwatch/$at/_bridge/confirmed/$fridge
topic read coldwatch/$at/_bridge/+/status
topic read coldwatch/$at/_bridge/+/health
ACL
  done <"$folder/fridges"
} >"$folder/acl"

cat >"$folder/conf.d/coldwatch.conf" <<CONF
per_listener_settings false
allow_anonymous false
password_file $folder/users
acl_file $folder/acl

listener $port
cafile $folder/ca.crt
certfile $folder/broker.crt
keyfile $folder/broker.key
tls_version tlsv1.2

# Retained alarms and what a bridge has not read yet survive a crash of the broker: its own default
# is to save every half hour, and to drop silently above 1000 queued messages.
persistence true
persistence_location $state/
autosave_interval 30
persistent_client_expiration 14d
max_inflight_messages 200
max_queued_messages 20000
max_packet_size 1048576
CONF

# mosquitto reads all this as its own user after it gave up root.
if [ "$(id -u)" = 0 ] && id mosquitto >/dev/null 2>&1; then
  chown -R mosquitto: "$folder"
  chown -R root: "$folder/passwords" "$folder/ca.key"
fi
chmod 755 "$folder"
chmod 644 "$folder/ca.crt"

echo "The broker's files are in $folder:"
echo "  ca.crt            every agent and the bridge need a copy (\"ca_file\")"
echo "  passwords/USER    one for each user: ${fridges[*]-} $bridge viewer operator"
echo "  conf.d            for mosquitto.conf: include_dir $folder/conf.d"
