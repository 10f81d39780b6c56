#!/usr/bin/env python3
"""Makes a config for Debian's prometheus-mqtt-exporter from what a fridge's log holds.

    coldwatch-agent inspect FOLDER --json | make_config.py [BROKER] > /etc/prometheus/mqtt-exporter.yaml

BROKER is tcp://HOST:PORT, by default tcp://localhost:1883. The exporter exports only metrics that its
config names: for several fridges put the outputs of `inspect --json` behind each other, each channel is
then named once. Fridges are told apart by the label "sensor".
"""

import json
import sys

HEAD = """\
mqtt:
  server: {broker}
  # user and password: a viewer's (deploy/mosquitto/setup.sh makes one)
  topic_path: coldwatch/+/+/live
  device_id_regex: "coldwatch/[^/]+/(?P<deviceid>[^/]+)/live"
  qos: 0
cache:
  # A value that is this old is shown no more: a gap in a curve, not an old number.
  timeout: 5m
metrics:
"""
METRIC = """\
  - prom_name: coldwatch_{key}
    mqtt_name: {key}
    help: {help}
    type: gauge
"""


def inspections(text):
    """Every JSON value of a text; an inspection is one object or an array of them."""
    decoder, place = json.JSONDecoder(), 0
    while place < len(text):
        value, place = decoder.raw_decode(text, place)
        yield from value if isinstance(value, list) else [value]
        while place < len(text) and text[place].isspace():
            place += 1


def channels(files):
    found = {}
    for file in files:
        for channel in file["channels"]:
            if channel["good"] > 0:
                found.setdefault(channel["key"], channel)
    return found


def main():
    broker = sys.argv[1] if len(sys.argv) > 1 else "tcp://localhost:1883"
    try:
        found = channels(inspections(sys.stdin.read().strip()))
    except (ValueError, KeyError, TypeError) as error:
        sys.exit(f"expected the output of coldwatch-agent inspect --json: {error!r}")
    if not found:
        sys.exit("the inspection has no channel with a good value")
    print(HEAD.format(broker=broker) + "".join(
        METRIC.format(key=key, help=json.dumps(" ".join(filter(None, (
            channel["name"], f"in {channel['unit']}" if channel.get("unit") else "")))))
        for key, channel in found.items()), end="")


if __name__ == "__main__":
    main()
