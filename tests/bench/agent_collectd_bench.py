"""The agent beside collectd 5.12 (plugins tail_csv and mqtt): both follow one log of 60 channels at one
poll interval, at the same time, into one broker. Neither judges anything: the agent has no rules.

collectd polls as often as the agent because tail_csv takes an Interval for each file, also one below
a second. It publishes each value under a topic of its own, here with QoS 0, its default: with QoS 1,
which the agent uses for rows, its plugin holds back the newest values until others follow.
"""
import calendar
import json
import pathlib
import random
import subprocess
import tempfile
import threading
import time
from collections import defaultdict

import paho.mqtt.client as mqtt

from followed_log import (CHANNELS, Broker, Csv, report, resident_mb, start_agent,
                          threads_processor_s)

POLL_MS = 100
ROWS = 3000
GAPS_S = (0.002, 0.1)  # no two rows of one millisecond, by which they are known
LONGEST_WAIT_S = 30
SETTINGS = f"{CHANNELS} channels, a row each {500 * sum(GAPS_S):.0f} ms, both poll each {POLL_MS} ms"


class Subscriber:
    """When each row had arrived whole, by its time in ms: from collectd that takes CHANNELS messages."""

    def __init__(self, port, topic, values_of):
        self.arrived, self.missing = {}, defaultdict(lambda: CHANNELS)
        self.topic, self.values_of = topic, values_of
        self.news = threading.Condition()
        self.client = mqtt.Client()
        self.client.on_message = self.on_message
        self.client.connect("127.0.0.1", port)
        self.client.subscribe(topic, 1)
        self.client.loop_start()

    def on_message(self, _client, _data, message):
        now = time.monotonic()
        for at_ms, values in self.values_of(message.payload):
            self.missing[at_ms] -= values
            if self.missing[at_ms] == 0:
                with self.news:
                    self.arrived[at_ms] = now
                    self.news.notify_all()

    def wait_for(self, rows):
        with self.news:
            if not self.news.wait_for(lambda: len(self.arrived) >= rows, LONGEST_WAIT_S):
                raise RuntimeError(f"{self.topic}: {len(self.arrived)} rows, expected {rows}")


def rows_of_agent(payload):
    for row in json.loads(payload):
        stamp = time.strptime(row["t"][:19], "%Y-%m-%dT%H:%M:%S")
        values = len(row) - len({"t", "file", "row"})
        yield 1000 * (calendar.timegm(stamp)) + int(row["t"][20:23]), values


def value_of_collectd(payload):
    yield round(1000 * float(payload.rstrip(b"\0").split(b":")[0])), 1


def start_collectd(folder, log, broker):
    metrics = "".join(f'<Metric "chan{i}">\nType "gauge"\nInstance "chan{i}"\nValueFrom {i + 1}\n'
                      "</Metric>\n" for i in range(CHANNELS))
    collect = "".join(f'Collect "chan{i}"\n' for i in range(CHANNELS))
    config = folder / "collectd.conf"
    config.write_text(
        f'Hostname "bench"\nFQDNLookup false\nBaseDir "{folder}"\nTypesDB "/usr/share/collectd/types.db"\n'
        "LoadPlugin tail_csv\nLoadPlugin mqtt\n"
        f'<Plugin tail_csv>\n{metrics}<File "{log.file}">\nInstance "log"\nTimeFrom 0\n'
        f"Interval {POLL_MS / 1000}\n{collect}</File>\n</Plugin>\n"
        f'<Plugin mqtt>\n<Publish "bench">\nHost "127.0.0.1"\nPort "{broker.port}"\nQoS 0\n'
        "</Publish>\n</Plugin>\n")
    return subprocess.Popen(["/usr/sbin/collectd", "-f", "-C", config, "-P", folder / "pid"],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def follow(folder):
    """Processor s, MB resident and MB of those its own, and delays in ms, of the agent and of collectd."""
    log, broker = Csv(folder), Broker()
    time.sleep(0.5)
    subscribers = [Subscriber(broker.port, "coldwatch/lab/bench/rows/#", rows_of_agent),
                   Subscriber(broker.port, "collectd/#", value_of_collectd)]
    programs = [start_agent(folder, log, broker, f"{POLL_MS}ms", rules=[]),
                start_collectd(folder, log, broker)]
    appended = {}
    try:
        time.sleep(5)
        before = [threads_processor_s(one) for one in programs]
        for _ in range(ROWS):
            time.sleep(random.uniform(*GAPS_S))
            moment = time.monotonic()
            appended[log.append()] = moment
        for one in subscribers:
            one.wait_for(ROWS)
        used = [threads_processor_s(one) - spent for one, spent in zip(programs, before)]
        memory, own = ([resident_mb(one, key) for one in programs] for key in ("VmRSS", "RssAnon"))
        delays = [sorted(1000 * (one.arrived[at_ms] - moment) for at_ms, moment in appended.items())
                  for one in subscribers]
    finally:
        for one in programs:
            one.terminate()
            one.wait()
        broker.close()
    return used, memory, own, delays


def main():
    with tempfile.TemporaryDirectory() as folder:
        used, memory, own, delays = follow(pathlib.Path(folder))
    for what, (agent, collectd), unit, scale in (
            ("resident memory", memory, "MB", 1),
            ("resident memory but for program and libraries", own, "MB", 1),
            ("processor for a row", used, "us", 1e6 / ROWS),
            ("row appended until a subscriber has all of it, 99 of 100",
             [late[int(0.99 * len(late))] for late in delays], "ms", 1)):
        report(f"agent beside collectd, {SETTINGS}: {what}", scale * agent, unit,
               reference=f"collectd 5.12, tail_csv and mqtt (QoS 0): {scale * collectd:.3g} {unit}",
               ratio=agent / collectd,
               budget="to compare: at most 12 MB" if unit == "MB" else "no more than collectd")


if __name__ == "__main__":
    main()
