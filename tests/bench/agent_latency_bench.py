"""How long after a row was appended a subscriber has it. The reference is the poll interval: a row
waits for the next poll, half of it on average and all of it at worst; the budget adds 20 ms."""
import json
import pathlib
import random
import tempfile
import threading
import time

import paho.mqtt.client as mqtt

from followed_log import Broker, Log, report, start_agent

POLL_MS = 100
ROWS = 300
LONGEST_WAIT_S = 10


class Subscriber:
    """Remembers when each row arrived."""

    def __init__(self, port):
        self.arrived = {}
        self.news = threading.Condition()
        self.client = mqtt.Client()
        self.client.on_message = self.on_message
        self.client.connect("127.0.0.1", port)
        self.client.subscribe("coldwatch/lab/bench/rows/#", 1)
        self.client.loop_start()

    def on_message(self, _client, _data, message):
        now = time.monotonic()
        with self.news:
            for row in json.loads(message.payload):
                self.arrived.setdefault(int(row["row"]), now)
            self.news.notify_all()

    def wait_for(self, row):
        with self.news:
            if not self.news.wait_for(lambda: row in self.arrived, LONGEST_WAIT_S):
                raise RuntimeError(f"row {row} did not arrive within {LONGEST_WAIT_S} s")
            return self.arrived[row]


def measure(folder):
    log = Log(folder)
    broker = Broker()
    time.sleep(0.5)
    subscriber = Subscriber(broker.port)
    agent = start_agent(folder, log, broker, f"{POLL_MS}ms")
    delays = []
    try:
        log.append()
        subscriber.wait_for(0)
        for row in range(1, ROWS + 1):
            time.sleep(random.uniform(0, 2 * POLL_MS / 1000))
            appended = time.monotonic()
            log.append()
            delays.append(1000 * (subscriber.wait_for(row) - appended))
    finally:
        agent.terminate()
        agent.wait()
        broker.close()
    return sorted(delays)


def main():
    with tempfile.TemporaryDirectory() as folder:
        delays = measure(pathlib.Path(folder))
    late = delays[int(0.99 * len(delays))]
    report("row appended until a subscriber has it, 99 of 100", late, "ms",
           reference=f"poll interval {POLL_MS} ms", ratio=late / POLL_MS,
           budget=f"at most {POLL_MS + 20} ms")


if __name__ == "__main__":
    main()
