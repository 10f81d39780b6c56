"""Whoever may speak to the broker may send anything, and as much as it takes: the bridge's memory stays
bounded, and the alarms of honest fridges are delivered within a second."""

import json
import threading
import time
from pathlib import Path

import pytest

from coldwatch import topic
from flood import Flooder, publish_packet
from mosquitto import wait_until
from scripted_servers import Answer

A_SECOND = 10_000
FLOODED_S = 5
IN_TIME_S = 1
MOST_MEMORY_MB = 150
MOST_ATTACKED_MB = 100
MOST_LOG_BYTES = 100_000
MANY = 1_000_000
MOST_STORE_MB = 100
MOST_BODY_BYTES = 1_000_000
LONG_FIELD = 4090  # bytes; eight of them in an alarm
NOW = "2026-11-22T10:00:00.000Z"


def alarm(seq, text="Too warm", state="active", severity="critical", **more):
    return json.dumps({"state": state, "kind": "alarm", "severity": severity, "text": text,
                       "t": NOW, "since": NOW, "epoch": "e1", "seq": seq, "id": f"e1-{seq}",
                       "latch": False, "rules_rev": "1", **more}).encode()


def event(seq, **more):
    return json.dumps({"id": f"flood-{seq}", "type": "raise", "rule": "hot", "state": "active",
                       "text": "Too warm", "t": NOW, "since": NOW, "epoch": "e1", "seq": seq,
                       "replay": False, "severity": "critical", **more}).encode()


def hostile_packets():
    """What no agent sends: broken, deep, large, huge numbers, other types, unknown topics."""
    payloads = [b"\xff\xfe\x00{", b"{" * 5000, b"[" * 100_000, b'{"a":' * 9 + b"1" + b"}" * 9,
                b'"' + b"x" * 20_000, b"", b"null", b"[]", b'{"state":7}',
                alarm(1).replace(b'"seq": 1', b'"seq": 1e400'),
                alarm(1).replace(b'"seq": 1', b'"seq": -1'),
                alarm(1).replace(b'"seq": 1', b'"seq": 18446744073709551616'),
                alarm(1, value=1e308, limit=-1e308), alarm(1).replace(b"Too warm", b"\xc3\x28\xed\xa0\x80"),
                alarm(1, trend=[[1, 2]] * 500), alarm(1, text="x" * 30_000)]
    places = ["evil/alarm/hot", "evil/event", "evil/health", "evil/status", "evil/alarm/a/b",
              "_bridge/main/cmd/ack", "_bridge/main/cmd/none", "evil/info", "x y/status"]
    packets = [publish_packet(topic("", "").rstrip("/") + "/" + place, payload)
               for place in places for payload in payloads]
    return [one for one in packets if len(one) < 5000] * 20 + packets


def changing_packets():
    """What every agent may send, but not that often: alarms that come and go, new rules, events."""
    packets = []
    for n in range(50_000):
        state = ("active", "normal")[n % 2]
        packets += [publish_packet(topic("evil", f"alarm/r{n % 20}"), alarm(n, state=state)),
                    publish_packet(topic("evil", f"alarm/new{n}"), alarm(n)),
                    publish_packet(topic("evil", "event"), event(n))]
    return packets


def long_alarms(character):
    """A thousand alarms of one fridge that are as long as they can be, with all their trends."""
    fields = dict.fromkeys(("text", "channel", "unit", "playbook", "id", "rules_rev"),
                           character * LONG_FIELD)
    trend = [[1e9 + k, k / 3] for k in range(120)]
    return [publish_packet(topic("evil", f"alarm/r{n}"),
                           alarm(n + 1, cause="same", trend=trend, **fields), retain=True)
            for n in range(1000)]


def allowed_alarms():
    """As many as the largest agent has, all looked at: what they say is as long as it may be."""
    return [publish_packet(topic("evil", f"alarm/r{n}"),
                           alarm(n + 1, text='"' * 1000, playbook="\\" * 1000, cause="same",
                                 trend=[[1e9 + k, k / 3] for k in range(100)]), retain=True)
            for n in range(500)]


def memory_mb(program):
    """The most that it ever had."""
    for line in Path(f"/proc/{program.process.pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    raise AssertionError("the bridge is gone")


class Honest:
    """A fridge whose alarms have to be delivered in time."""

    def __init__(self, lab, broker, hook):
        self._listener = lab.listener(broker.port, "none")
        self._hook = hook
        self._seq = 0

    def delay_s(self, patience_s=30):
        self._seq += 1
        text = f"honest {self._seq}"
        began = time.monotonic()
        self._listener.publish(topic("honest", f"alarm/r{self._seq}"),
                               alarm(self._seq, text), retain=True)
        wait_until(lambda: any(text.encode() in one.body for one in self._hook.requests),
                   patience_s, f"{text} is delivered")
        return next(one.at for one in self._hook.requests if text.encode() in one.body) - began


GROUPING = {"by": ["fridge"], "group_wait": "0s", "critical_wait": "0s", "update_interval": "2s"}


def start_bridge(lab, broker, hook):
    return lab.bridge(broker.uri, [lab.webhook(hook.url)], start_grace="0s", grouping=GROUPING,
                      routes=[{"match": {"fridge": "honest"}, "to": ["hook"]},
                              {"match": {"rule": "messages_dropped"}, "to": ["hook"]}])


def store_mb(lab):
    return sum(file.stat().st_size for file in lab.folder.glob("bridge.sqlite*")) / 1e6


def wait_until_connected(bridge):
    wait_until(lambda: "connected to" in bridge.words(), 20, "the bridge is connected", 0.1)


def hold_against_limits(bridge, delays, most_memory_mb=MOST_MEMORY_MB):
    assert max(delays) < IN_TIME_S, delays
    assert memory_mb(bridge) < most_memory_mb
    assert bridge.log.stat().st_size < MOST_LOG_BYTES
    assert bridge.alive


@pytest.mark.parametrize("packets", [hostile_packets, changing_packets])
def test_ten_thousand_messages_a_second(lab, mosquitto, web, packets):
    broker, hook = mosquitto(), web(Answer(204))
    bridge = start_bridge(lab, broker, hook)
    honest = Honest(lab, broker, hook)
    honest.delay_s()
    flooder = Flooder(broker.port)
    began = time.monotonic()
    flooder.keep_on(packets(), A_SECOND)
    delays = []
    while time.monotonic() < began + FLOODED_S:
        time.sleep(0.5)
        delays.append(honest.delay_s())
    rate = flooder.sent / (time.monotonic() - began)
    flooder.close()
    print(f"{rate:.0f} messages a second, honest alarms within {max(delays):.3f} s, "
          f"{memory_mb(bridge):.0f} MB")
    assert rate > 0.5 * A_SECOND, "the flood was none: this machine is too slow to make one"
    hold_against_limits(bridge, delays)
    if packets is changing_packets:
        wait_until(lambda: any(b"sends more than" in one.body for one in hook.requests), 90,
                   "somebody is told that a fridge is not listened to")


def test_a_million_retained_topics(lab, mosquitto, web):
    # By itself mosquitto gives a subscriber the first thousand; its log would be half a gigabyte.
    broker = mosquitto(lines=("max_queued_messages 0", "log_type none"))
    hook = web(Answer(204))
    flooder = Flooder(broker.port)
    payload = alarm(1)
    began = time.monotonic()
    flooder.pour(publish_packet(topic("evil", f"alarm/r{n}"), payload, retain=True)
                 for n in range(MANY))
    marker = Honest(lab, broker, hook)
    bridge = start_bridge(lab, broker, hook)
    wait_until(lambda: "connected to" in bridge.words(), 60, "the bridge is connected", 0.1)
    marker.delay_s(60)  # behind all that was retained
    delays = [marker.delay_s() for _ in range(3)]
    print(f"{time.monotonic() - began:.0f} s, honest alarms within {max(delays):.3f} s, {memory_mb(bridge):.0f} MB")
    hold_against_limits(bridge, delays)
    flooder.close()


@pytest.mark.parametrize("packets", [lambda: long_alarms("x"), lambda: long_alarms("\x01"), allowed_alarms],
                         ids=["long", "control characters", "allowed"])
def test_long_alarms(lab, mosquitto, web, smtp, packets):
    broker = mosquitto(lines=("max_queued_messages 0", "log_type none"))
    hook = web(Answer(204))
    bridge = lab.bridge(broker.uri, [lab.webhook(hook.url), lab.email(smtp().port)],
                        start_grace="0s", grouping=GROUPING)
    wait_until_connected(bridge)
    honest = Honest(lab, broker, hook)
    honest.delay_s()
    flooder = Flooder(broker.port)
    made = packets()
    first = threading.Thread(target=flooder.pour, args=(made,))
    first.start()
    delays = [honest.delay_s() for _ in range(4)]
    first.join()
    wait_until(lambda: any(b'"fridge":"evil"' in one.body for one in hook.requests), 20, "it is told")
    delays += [honest.delay_s() for _ in range(4)]
    print(f"honest alarms within {max(delays):.3f} s, {memory_mb(bridge):.0f} MB, store {store_mb(lab):.0f} MB, "
          f"longest body {max(len(one.body) for one in hook.requests)} bytes")
    hold_against_limits(bridge, delays, MOST_ATTACKED_MB)
    bridge.restart()
    wait_until(lambda: bridge.words().count("connected to") == 2, 20, "it is connected again")
    honest.delay_s()  # the broker's memory comes first
    delays = [honest.delay_s() for _ in range(4)]
    print(f"after a restart: within {max(delays):.3f} s, {memory_mb(bridge):.0f} MB")
    hold_against_limits(bridge, delays, MOST_ATTACKED_MB)
    assert store_mb(lab) < MOST_STORE_MB
    assert max(len(one.body) for one in hook.requests) < MOST_BODY_BYTES
    flooder.close()


def test_large_events(lab, mosquitto, web):
    broker, hook = mosquitto(lines=("max_queued_messages 0", "log_type none")), web(Answer(204))
    bridge = start_bridge(lab, broker, hook)
    wait_until_connected(bridge)
    honest = Honest(lab, broker, hook)
    honest.delay_s()
    flooder = Flooder(broker.port)
    fields = dict.fromkeys(("text", "channel", "unit", "cause", "file", "row"), "\x01" * LONG_FIELD)
    flooder.keep_on([publish_packet(topic("evil", "event"), event(n, rule=f"r{n % 150}", **fields))
                     for n in range(1, 2000)], 160)
    delays = []
    began = time.monotonic()
    while time.monotonic() < began + 2 * FLOODED_S:
        time.sleep(0.5)
        delays.append(honest.delay_s())
    flooder.close()
    print(f"{flooder.sent} events, honest alarms within {max(delays):.3f} s, {memory_mb(bridge):.0f} MB, "
          f"store {store_mb(lab):.0f} MB")
    hold_against_limits(bridge, delays, MOST_ATTACKED_MB)
    assert store_mb(lab) < MOST_STORE_MB / 2
    wait_until(lambda: any(b"sends more than" in one.body for one in hook.requests), 20, "somebody is told")


@pytest.mark.parametrize("changes", [False, True], ids=["the same", "another one each time"])
def test_large_infos_with_home_assistant(lab, mosquitto, web, changes):
    broker, hook = mosquitto(lines=("max_queued_messages 0", "log_type none")), web(Answer(204))
    bridge = lab.bridge(broker.uri, [lab.webhook(hook.url)], start_grace="0s", grouping=GROUPING,
                        home_assistant="homeassistant")
    wait_until_connected(bridge)
    honest = Honest(lab, broker, hook)
    honest.delay_s()
    packets = [publish_packet(topic("evil", "info"), json.dumps(
        {"version": str(n) * changes, "channels": {f"c{i}": {} for i in range((1900, 16_000)[n % 2 * changes])},
         "rules": []}, separators=(",", ":")).encode()) for n in range(20)]
    flooder = Flooder(broker.port)
    flood = threading.Thread(target=flooder.pour, args=(packets * 25,))
    flood.start()
    delays = [honest.delay_s()]
    while flood.is_alive() or len(delays) < 10:
        time.sleep(0.2)
        delays.append(honest.delay_s())
    print(f"honest alarms within {max(delays):.3f} s, {memory_mb(bridge):.0f} MB")
    hold_against_limits(bridge, delays, MOST_ATTACKED_MB)
    flooder.close()
