#!/usr/bin/python3
"""A day of a lab at speed-up: fridges whose water fails and comes back, an agent for each, a broker,
a bridge. Memory and open descriptors are taken each simulated hour; at the end the second half is
held against the first, and what is in the logs against what arrived. Exit status 1 where anything grew
or was lost.

usage: endurance.py [--fridges 50] [--hours 24] [--hour-s 60]
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from storm import Broker, Webhook, memory_mb

sys.path.append(str(Path(__file__).resolve().parents[1] / "e2e"))

from coldwatch import RULES, Arrivals, Lab, Programs, history, rows_in  # noqa: E402
from mosquitto import Listener  # noqa: E402

ROWS_AN_HOUR = 60  # a row a minute, of which each is a minute of the fridge's life
FAULT_EVERY_H, FAULT_MIN = 4, 40
WARM_UP_H = 4  # windows and trends are full, the allocator has seen everything once
MOST_GROWTH = 0.03  # of memory; descriptors may not grow at all
ARRIVE_S = 60
RULE_IDS = {rule["id"] for rule in RULES}
BEGINNINGS = {"open", "realarm", "occurred_and_cleared"}


def happenings(number, fridges, hours, hour_s):
    """Options for a simulator. The fridges' faults come one after the other, but the first and the one
    in the middle of the day are of the whole lab: what that takes has been taken once when warm."""
    def at(hour, what):
        return ("--at", f"{round(hour * hour_s * 1000)}ms", what)

    faults = [1 + FAULT_EVERY_H * turn + (FAULT_EVERY_H - 2) * number / fridges
              for turn in range(hours // FAULT_EVERY_H)]
    for turn in (0, len(faults) // 2):
        faults[turn] = 1 + FAULT_EVERY_H * turn
    for hour in faults:
        yield from at(hour, "water_failure")
        yield from at(hour + FAULT_MIN / 60, "recovery")
    for hour in range(FAULT_EVERY_H, hours, FAULT_EVERY_H):  # while no water fails
        yield from at(hour, "new_log")


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


class Day:
    """The programs of a lab, and what was measured of each of ours: [(MB, descriptors)] by name."""

    def __init__(self, folder, options):
        os.umask(0o077)
        self.options = options
        self.lab = Lab(Programs(), folder)
        self.hook = Webhook()
        self.broker = Broker(folder)
        self.listener = Listener(self.broker.port, ("coldwatch/lab/+/rows/+",
                                                    "coldwatch/lab/+/event"))
        self.names = [f"fridge{number:02}" for number in range(options.fridges)]
        uri = f"mqtt://127.0.0.1:{self.broker.port}"
        # At speed-up an alarm that comes every few hours would pass for one that flaps.
        self.programs = {"bridge": self.lab.bridge(uri, [self.lab.webhook(self.hook.url)],
                                                   flapping={"count": 100, "window": "1s"})}
        hour_s = options.hour_s
        for name in self.names:
            self.programs[name] = self.lab.agent(
                name, uri, heartbeat="1s",
                log={"folder": str(self.lab.logs(name)), "poll": "250ms", "start": "beginning"})
        self.simulators = [
            self.lab.simulator(name, "--quiet", "--seed", number, "--rows",
                               ROWS_AN_HOUR * options.hours, "--speed", 3600 / hour_s,
                               "--interval", f"{hour_s / ROWS_AN_HOUR * 1000:.0f}ms",
                               *happenings(number, options.fridges, options.hours, hour_s))
            for number, name in enumerate(self.names)]
        self.samples = {name: [] for name in self.programs}

    def live(self):
        began = time.monotonic()
        for hour in range(1, self.options.hours + 1):
            time.sleep(max(0, began + hour * self.options.hour_s - time.monotonic()))
            for name, program in self.programs.items():
                assert program.alive, f"{name} has ended: {program.words()[-500:]}"
                pid = program.process.pid
                self.samples[name].append((memory_mb(pid, "VmRSS"), descriptors(pid)))
            print(self.line(hour), flush=True)
        for simulator in self.simulators:
            simulator.process.wait(self.options.hour_s + 60)

    def line(self, hour):
        bridge = self.samples["bridge"][-1]
        agents = [self.samples[name][-1] for name in self.names]
        memory, fds = zip(*agents)
        return (f"| {hour} | {bridge[0]:.2f} MB | {bridge[1]} | {statistics.mean(memory):.2f} MB "
                f"| {max(memory):.2f} MB | {max(fds)} |")

    def close(self):
        self.lab.close()
        self.listener.close()
        self.broker.close()
        self.hook.close()


def growth(samples):
    """Of the second half over the first, once warm: memory as a share, descriptors as a number. A file
    that is open for a moment does not count."""
    warm = samples[WARM_UP_H:]
    half = len(warm) // 2
    memory, fds = ([statistics.median(part) for part in (values[:half], values[half:])]
                   for values in zip(*warm))
    return memory[1] / memory[0] - 1, fds[1] - fds[0]


def true_transitions(day, name):
    """What the rules say of a whole log."""
    done = subprocess.run([day.lab.programs.agent, "replay", "--config",
                           day.lab.folder / f"{name}.json", "--log", day.lab.logs(name)],
                          capture_output=True, text=True, check=True)
    events = (json.loads(line)["payload"] for line in done.stdout.splitlines()
              if json.loads(line)["topic"].endswith("/event"))
    return Counter((name, event["type"], event["t"], event["text"]) for event in events
                   if event.get("rule") in RULE_IDS)


def reckon(day):
    """(what, in the logs, missing, too many) for rows, events and alarms."""
    rows, arrived = Counter(), Counter()
    true = Counter()
    for name in day.names:
        rows.update((name, file, row) for file, numbers in rows_in(day.lab.logs(name)).items()
                    for row in numbers)
        arrived.update((name, file, row) for file, numbers
                       in Arrivals(day.listener, name).update().rows.items() for row in numbers)
        true += true_transitions(day, name)
    stored = Counter((line["fridge"], line["body"]["type"], line["body"]["t"], line["body"]["text"])
                     for line in history(day.programs["bridge"])
                     if line["kind"] == "event" and line["body"].get("rule") in RULE_IDS)
    raised = Counter(key[0] for key in true.elements() if key[1] == "raise")
    told = Counter(item["fridge"] for _, body in day.hook.messages
                   for item in json.loads(body)["data"]["items"]
                   if item["intent"] in BEGINNINGS and item["rule"] in RULE_IDS
                   for _ in range(item.get("count", 1)))
    for what, wanted, got in (("rows", rows, arrived), ("events", true, stored),
                              ("alarms told", raised, told)):
        yield what, wanted.total(), (wanted - got).total(), (got - wanted).total()


def settle(day):
    """What is missing has some time to arrive."""
    end = time.monotonic() + ARRIVE_S
    while True:
        counts = list(reckon(day))
        if time.monotonic() > end or not any(lost for _, _, lost, _ in counts):
            return counts
        time.sleep(2)


def judge(day):
    """Prints the verdict; whether all is well."""
    bridge, *agents = (growth(day.samples[name]) for name in day.programs)
    well = all(memory <= MOST_GROWTH and fds <= 0 for memory, fds in (bridge, *agents))
    memory, fds = zip(*agents)
    print(f"\nsecond half against first, after {WARM_UP_H} hours: bridge {bridge[0]:+.1%} memory, "
          f"{bridge[1]:+g} descriptors; agents {min(memory):+.1%} to {max(memory):+.1%}, "
          f"{min(fds):+g} to {max(fds):+g}\n\n| what | in the logs | lost | too many |\n|---|---|---|---|")
    for what, wanted, lost, extra in settle(day):
        well = well and wanted > 0 and not lost and not extra
        print(f"| {what} | {wanted} | {lost} | {extra} |")
    died = [name for name, program in day.programs.items() if program.stop() != 0]
    print(f"\nended with an error: {', '.join(died) or 'none'}")
    return well and not died


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fridges", type=int, default=50)
    parser.add_argument("--hours", type=int, default=24)
    parser.add_argument("--hour-s", type=float, default=60, help="how long a simulated hour takes")
    options = parser.parse_args()
    if options.hours < WARM_UP_H + 4:
        parser.error(f"--hours: expected at least {WARM_UP_H + 4}, of which {WARM_UP_H} warm up")
    with tempfile.TemporaryDirectory() as folder:
        day = Day(Path(folder), options)
        try:
            print("| hour | bridge | its descriptors | agent, mean | agent, largest | its descriptors |\n"
                  "|---|---|---|---|---|---|", flush=True)
            day.live()
            return 0 if judge(day) else 1
        finally:
            day.close()


if __name__ == "__main__":
    sys.exit(main())
