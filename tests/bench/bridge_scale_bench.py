"""The bridge beside 1,000 fridges that publish a row a second each, and through a day of flapping.

usage: bridge_scale_bench.py [SECONDS [FRIDGES]]
"""
import json
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

from followed_log import report
from storm import BRIDGE, Broker, Webhook, alarm, connect, memory_mb, processor_s, start_bridge

SECONDS = int(sys.argv[1]) if len(sys.argv) > 1 else 120
FRIDGES = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
HEARTBEAT_S = 30
ALARMS_A_SECOND = 1  # each of another fridge, and its end a minute later
FLAPPING = 100  # fridges
TURN_S = 60


def second_of_a_lab(client, second):
    """What all agents publish within this second."""
    for number in range(FRIDGES):
        topic = f"coldwatch/lab/f{number}"
        row = {"t": "2026-01-01T00:00:00.000Z", **{f"T{i}": 4.2 + i for i in range(20)}}
        client.publish(f"{topic}/live", json.dumps(row), 0)
        client.publish(f"{topic}/rows/main", json.dumps([{**row, "file": "a", "row": "1"}]), 1)
        if number % HEARTBEAT_S == second % HEARTBEAT_S:
            client.publish(f"{topic}/health", json.dumps(
                {"t": row["t"], "epoch": "e", "n": second, "log": "live"}), 0)
    for active, at in ((True, second), (False, second - 60)):
        if at >= 0:
            client.publish(f"coldwatch/lab/f{at % FRIDGES}/alarm/hot",
                           json.dumps(alarm("too warm", 2 * second + (not active) + 1, active)), 1)


def beside_fridges(folder):
    broker, webhook = Broker(folder), Webhook()
    bridge = start_bridge(folder, broker, webhook)
    client = connect(broker.port)
    try:
        programs, memory = (bridge, broker.process), []
        before = [processor_s(program.pid) for program in programs]
        start = time.monotonic()
        for second in range(SECONDS):
            second_of_a_lab(client, second)
            memory.append(memory_mb(bridge.pid, "VmRSS"))
            time.sleep(max(0, start + second + 1 - time.monotonic()))
        took = time.monotonic() - start
        shares = [100 * (processor_s(program.pid) - spent) / took
                  for program, spent in zip(programs, before)]
        half = len(memory) // 2
        return *shares, took / SECONDS, memory[-1], memory[-1] / memory[half]
    finally:
        for one in (bridge, broker.process):
            one.terminate()
            one.wait()
        webhook.close()


def flapping_s(folder, hours):
    """Processor seconds, messages and turns of so many hours in which FLAPPING alarms turn every minute:
    often enough, by the bridge's defaults, to be told as flapping and not turn by turn."""
    timeline = folder / "timeline.jsonl"
    with timeline.open("w") as lines:
        for turn, at in enumerate(range(0, 3600 * hours, TURN_S)):
            for number in range(FLAPPING):
                payload = alarm("too warm", turn + 1, turn % 2 == 0)
                lines.write(json.dumps({"t": at + number / 1000, "payload": payload,
                                        "topic": f"coldwatch/lab/f{number}/alarm/hot"}) + "\n")
        lines.write(json.dumps({"t": 3600 * hours + 3600, "end": True}) + "\n")
    (folder / "replay.json").write_text("{}")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([BRIDGE, "replay", "--config", folder / "replay.json", timeline],
                          capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return took, len(done.stdout.splitlines()), FLAPPING * len(range(0, 3600 * hours, TURN_S))


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        share, of_broker, pace, memory, growth = beside_fridges(folder)
        whole, told, turns = flapping_s(folder, 24)
        half, _, fewer = flapping_s(folder, 12)
    report(f"bridge beside {FRIDGES:,} fridges with a row a second: processor", share, "%",
           reference=f"one core; a second of load took {pace:.2f} s", budget="below 30 % of one core")
    report(f"mosquitto, {FRIDGES:,} fridges with a row a second: processor", of_broker, "%",
           reference="one core")
    report(f"bridge beside {FRIDGES:,} fridges with a row a second: memory", memory, "MB",
           reference="the same at half time", ratio=growth, budget="flat over time")
    report(f"bridge, {FLAPPING} alarms flapping for a day: processor for {turns:,} turns", whole, "s",
           reference=f"half a day, {fewer:,} turns: {half:.2f} s", ratio=whole / half, budget="linear: 2")
    report(f"bridge, {FLAPPING} alarms flapping for a day: messages", told, "",
           reference=f"{turns:,} turns", ratio=told / turns)


if __name__ == "__main__":
    main()
