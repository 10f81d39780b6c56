"""10,000 alarms of 100 fridges within a second, until the message is there: the bridge, and beside it
Debian's prometheus-alertmanager with the same alarms, the same waits and the same webhook. Both in turn,
ROUNDS times, and of each the slowest, the fewest and the medians: what the processor takes moves by a
fifth with the machine.

usage: bridge_storm_bench.py [ALARMS]
"""
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

from followed_log import report
from storm import (Broker, Webhook, alarm, answers, connect, free_port, memory_mb, processor_s,
                   start_bridge, wait_for)

ALARMS = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
FRIDGES = 100
GROUP_WAIT_S = 10
SECONDS = 1
ROUNDS = 5
BATCH = 64  # as Prometheus sends them
TEXT = "no cooling water"
ROUTE = """route: {{receiver: hook, group_by: [cause], group_wait: {wait}s, group_interval: 1m}}
receivers: [{{name: hook, webhook_configs: [{{url: "{url}"}}]}}]
"""


def names(number):
    return f"f{number % FRIDGES}", f"r{number // FRIDGES}"


def paced(count, send):
    """Calls `send` for each number, evenly over SECONDS as far as it keeps up."""
    start = time.monotonic()
    for number in range(count):
        ahead = start + SECONDS * number / count - time.monotonic()
        if ahead > 0.01:
            time.sleep(ahead)
        send(number)
    return start


def measure(process, webhook, storm, count):
    """Seconds to the first message, alarms in it, processor seconds of the storm, peak MB."""
    before = processor_s(process.pid)
    start = storm()
    wait_for(lambda: webhook.messages)
    time.sleep(2)  # what it still has to do is its work too
    at, body = webhook.messages[0]
    return at - start, count(json.loads(body)), processor_s(process.pid) - before, memory_mb(process.pid)


def through_bridge(folder):
    broker, webhook = Broker(folder), Webhook()
    bridge = start_bridge(folder, broker, webhook, grouping={"group_wait": f"{GROUP_WAIT_S}s"})
    client = connect(broker.port)

    def send(number):
        fridge, rule = names(number)
        payload = alarm(TEXT, number + 1, cause="cooling_water")
        client.publish(f"coldwatch/lab/{fridge}/alarm/{rule}", json.dumps(payload), 1)

    try:
        return measure(bridge, webhook, lambda: paced(ALARMS, send),
                       lambda body: len(body["data"]["items"]) + body["data"].get("more", 0))
    finally:
        for one in (bridge, broker.process):
            one.terminate()
            one.wait()
        webhook.close()


def through_alertmanager(folder):
    webhook, port = Webhook(), free_port()
    config = folder / "alertmanager.yml"
    config.write_text(ROUTE.format(wait=GROUP_WAIT_S, url=webhook.url))
    process = subprocess.Popen(
        ["prometheus-alertmanager", f"--config.file={config}", f"--storage.path={folder}/data",
         f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address="],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for(lambda: answers(port))
    time.sleep(1)

    def send(batch):
        alerts = []
        for number in range(batch * BATCH, min((batch + 1) * BATCH, ALARMS)):
            fridge, rule = names(number)
            alerts.append({"labels": {"alertname": rule, "fridge": fridge, "severity": "warning",
                                      "cause": "cooling_water"}, "annotations": {"text": TEXT}})
        urllib.request.urlopen(urllib.request.Request(
            f"http://127.0.0.1:{port}/api/v2/alerts", json.dumps(alerts).encode(),
            {"Content-Type": "application/json"})).read()

    try:
        return measure(process, webhook, lambda: paced(-(-ALARMS // BATCH), send),
                       lambda body: len(body["alerts"]))
    finally:
        process.terminate()
        process.wait()
        webhook.close()


def summary(rounds):
    until_s, alarms, processors_s, peaks_mb = zip(*rounds)
    return max(until_s), min(alarms), statistics.median(processors_s), statistics.median(peaks_mb)


def main():
    rounds = {through_bridge: [], through_alertmanager: []}
    for _ in range(ROUNDS):
        for through, measured in rounds.items():
            with tempfile.TemporaryDirectory() as folder:
                measured.append(through(pathlib.Path(folder)))
    ours, theirs = map(summary, rounds.values())
    rows = [("until the message", "s", f"group_wait {GROUP_WAIT_S} s + 1 s"),
            ("alarms in the first message", "", "all in one message"),
            ("processor", "s", "no more than Alertmanager"),
            ("memory", "MB", "at most half of Alertmanager's")]
    for (what, unit, budget), mine, reference in zip(rows, ours, theirs):
        report(f"bridge, {ALARMS:,} alarms in a second: {what}", mine, unit,
               reference=f"Alertmanager, the same storm: {reference:.4g} {unit}".rstrip(),
               ratio=mine / reference, budget=budget)


if __name__ == "__main__":
    main()
