"""How processor time and memory grow: ten times the rows, ten times the fridges, a hundred times
the alarms, a hundred times the length of the log that is followed, and of the archive beside it. The
reference of each is the smaller case in the same run."""
import json
import os
import pathlib
import resource
import subprocess
import tempfile
import time

from followed_log import (AGENT, RULES, Broker, Log, report, resident_mb, start_agent,
                          threads_processor_s)

BRIDGE = AGENT.parent / "coldwatch-bridge"
ROWS = 3000
FRIDGES = 100
ALARMS = 300
LOG_ROWS = 1500
OLD_FILES = 100
POLL = "50ms"
WATCHED_S = 10


def processor_of(command, **options):
    """User and system seconds of a program that ends by itself."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **options)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def replay_rows(folder, rows):
    folder.mkdir()
    log = Log(folder)
    log.append(rows)
    config = folder / "agent.json"
    config.write_text(json.dumps({"fridge": "bench", "rules": RULES,
                                  "log": {"folder": str(folder), "start": "beginning"}}))
    return processor_of([AGENT, "replay", "--config", config, "--log", log.file])


def replay_alarms(folder, alarms, fridges=FRIDGES):
    folder.mkdir()
    config = folder / "bridge.json"
    config.write_text(json.dumps({"notifiers": [{"name": "c", "type": "console"}]}))
    timeline = folder / "timeline.jsonl"
    with timeline.open("w") as lines:
        for number in range(alarms):
            payload = {"state": "active", "severity": "warning", "text": "too warm", "epoch": "e",
                       "seq": number + 1}
            topic = f"coldwatch/lab/f{number % fridges}/alarm/r{number // fridges}"
            lines.write(json.dumps({"t": number * 0.001, "topic": topic, "payload": payload}) + "\n")
        lines.write(json.dumps({"t": 3600, "end": True}) + "\n")
    return processor_of([BRIDGE, "replay", "--config", config, timeline])


def write_archive(folder, log, files):
    """Logs of a year ago and before, twenty in a folder."""
    year_ago = time.time() - 365 * 86400
    for number in range(files):
        old = folder / f"old {number // 20:04}" / f"log {number:06}.vcl"
        old.parent.mkdir(exist_ok=True)
        old.write_bytes(log.file.read_bytes())
        os.utime(old, (year_ago, year_ago - number))
        os.utime(old.parent, (year_ago, year_ago - number))


def follow(folder, rows, old_files=0):
    """Processor seconds and megabytes of an agent that waits at the end of a log."""
    folder.mkdir()
    log = Log(folder)
    write_archive(folder, log, old_files)
    log.append(rows)
    broker = Broker()
    agent = start_agent(folder, log, broker, POLL)
    try:
        time.sleep(3)
        before = threads_processor_s(agent)
        time.sleep(WATCHED_S)
        return threads_processor_s(agent) - before, resident_mb(agent)
    finally:
        agent.terminate()
        agent.wait()
        broker.close()


def grows(name, unit, small, large, times, budget):
    report(name, large, unit, reference=f"the smaller case: {small:.3f} {unit}",
           ratio=large / small / times, budget=budget)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        grows("growth: replay of ten times the rows, processor for each", "s",
              replay_rows(folder / "rows", ROWS), replay_rows(folder / "more_rows", 10 * ROWS), 10,
              "linear: ratio about 1")
        grows("growth: a hundred times the alarms in the bridge, processor for each", "s",
              replay_alarms(folder / "alarms", ALARMS),
              replay_alarms(folder / "more_alarms", 100 * ALARMS), 100, "linear: ratio at most about 1")
        grows("growth: ten times the fridges with ten alarms each, processor for each", "s",
              replay_alarms(folder / "fridges", 10 * FRIDGES),
              replay_alarms(folder / "more_fridges", 100 * FRIDGES, 10 * FRIDGES), 10,
              "linear: ratio at most about 1")
        small, large = follow(folder / "log", LOG_ROWS), follow(folder / "long", 100 * LOG_ROWS)
        grows("growth: waiting at the end of a log of a hundred times the length, processor", "s",
              small[0], large[0], 1, "flat: ratio about 1")
        grows("growth: waiting at the end of a log of a hundred times the length, memory", "MB",
              small[1], large[1], 1, "flat: ratio about 1")
        small = follow(folder / "archive", LOG_ROWS, OLD_FILES)
        for name, times in ("ten", 10), ("a hundred", 100):
            large = follow(folder / f"archive_{times}", LOG_ROWS, times * OLD_FILES)
            grows(f"growth: waiting beside {name} times as many old files, processor", "s",
                  small[0], large[0], 1, "flat: ratio about 1")
            grows(f"growth: waiting beside {name} times as many old files, memory", "MB",
                  small[1], large[1], 1, "flat: ratio about 1")


if __name__ == "__main__":
    main()
