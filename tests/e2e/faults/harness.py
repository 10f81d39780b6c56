#!/usr/bin/python3
"""Breaks, heals and reckons; run.sh starts it."""

import argparse
import os
import random
import shutil
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from mosquitto import wait_until  # noqa: E402
from reckoning import as_table, reckon  # noqa: E402
from scripted_servers import Answer  # noqa: E402
from stage import PATIENCE, Stage  # noqa: E402
from table import FAULTS, schedule  # noqa: E402

BUILD = os.environ.get("COLDWATCH_BUILD", HERE.parents[2] / "build" / "release")
SHORT_S, LONG_S = (1, 5), (2, 180)
LONG_RUN_MINUTES = 20
QUIET_S = (1, 3)
SERVER_FAULT_S = (5, 40)
SETTLE_S = 150
SHOWN = 5


def say(text):
    print(text, flush=True)


class Schedule:
    """Faults of one side, one after the other, until the time is over."""

    def __init__(self, stage, seed, minutes, servers):
        self._stage = stage
        self._chance = random.Random(f"{seed}-{servers}")
        self._faults = schedule(self._chance, servers)
        self._servers = servers
        self._lengths = LONG_S if minutes >= LONG_RUN_MINUTES else SHORT_S
        self.end = time.monotonic() + 60 * minutes
        self.done = Counter()
        self.trouble = None

    def length(self):
        if self._servers:
            return self._chance.uniform(*SERVER_FAULT_S)
        shortest, longest = self._lengths
        return shortest * (longest / shortest) ** self._chance.random()  # many short, a few long

    def run(self):
        try:
            while time.monotonic() < self.end:
                fault, length = next(self._faults), self.length()
                began = time.monotonic()
                heal = fault.inject(self._stage, self._chance)
                time.sleep(max(0, min(length, self.end - time.monotonic())))
                heal()
                say(f"{fault.name}: {time.monotonic() - began:.1f} s")
                self.done[fault.name] += 1
                time.sleep(self._chance.uniform(*QUIET_S))
        except Exception as trouble:  # pylint: disable=broad-except
            self.trouble = trouble  # told by the main thread


def settle(stage):
    """Gives everything time to arrive; what has not by then is lost."""
    end = time.monotonic() + SETTLE_S
    for fridge in stage.fridges.values():
        fridge.cool_down()
    wait_until(lambda: all(fridge.quiet for fridge in stage.fridges.values()), 60,
               "every fridge is cool", poll_s=0.5)
    time.sleep(3)  # some rows more, which are cool
    stage.writers.close()
    while time.monotonic() < end:
        counts = reckon(stage)
        if not any(one.lost for one in counts):
            time.sleep(5)  # time enough for a message too many
            break
        time.sleep(2)
    return reckon(stage)


def run(minutes, seed, agents, folder):
    stage = Stage(BUILD, folder, seed, agents)
    try:
        say(stage.network.words)
        say(f"{PATIENCE} answers 500 from beginning to end")
        for fault in FAULTS:
            if not fault.available:
                say(f"not tried: {fault.name} (needs {fault.needs})")
        sides = [Schedule(stage, seed, minutes, servers) for servers in (False, True)]
        threads = [threading.Thread(target=side.run) for side in sides]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        trouble = [side.trouble for side in sides if side.trouble]
        if trouble:
            raise trouble[0]
        stage.hooks[PATIENCE].script = [Answer(204)]
        counts = settle(stage)
        say(f"\n{sum((side.done for side in sides), Counter()).total()} faults of "
            f"{sum(fault.available for fault in FAULTS) + 1} kinds in {minutes:g} minutes, seed {seed}\n")
        say(as_table(counts))
        for one in counts:
            for what in ("lost", "duplicated"):
                for entry in getattr(one, what)[:SHOWN]:
                    say(f"{what}: {one.what}: {entry}")
        return counts
    finally:
        stage.keep_evidence()
        stage.close()


def write_report(counts, file):
    suite = ElementTree.Element("testsuite", name="faults")
    for one in counts:
        case = ElementTree.SubElement(suite, "testcase", name=f"{one.what}: none lost or doubled")
        if not one.whole:
            ElementTree.SubElement(case, "failure", message=f"{one.lost} {one.duplicated}")
    ElementTree.ElementTree(suite).write(file, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--agents", type=int, default=4, help="each on a log of the next format")
    parser.add_argument("--report", help="write a JUnit XML report with a case for each line")
    parser.add_argument("--keep", action="store_true", help="keep the folder with logs and stores")
    options = parser.parse_args()
    if options.agents < 2:
        parser.error("--agents: expected at least 2, because some faults are for some formats only")
    folder = Path(tempfile.mkdtemp(prefix="coldwatch-faults-"))
    counts = run(options.minutes, options.seed, options.agents, folder)
    if options.report:
        write_report(counts, options.report)
    whole = all(one.whole for one in counts)
    if options.keep or not whole:
        say(f"kept: {folder}")
    else:
        shutil.rmtree(folder, ignore_errors=True)  # mount points end with the namespace
    return 0 if whole else 1


if __name__ == "__main__":
    sys.exit(main())
