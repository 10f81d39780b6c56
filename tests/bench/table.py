"""Writes the measurements of all benches as one table, with the machine and the day. What a person has
written below the table of an earlier run stays.

usage: table.py LINES TABLE
"""

import json
import os
import platform
import sys
from datetime import date
from pathlib import Path

HEAD = """# Benchmarks

Written by `tests/bench/run.sh` on {day}, on {machine}. What counts is the ratio to the reference,
taken in the same run on the same machine.

| what | measured | reference | ratio | budget |
|---|---|---|---|---|
"""


def machine():
    model = "a machine"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    return f"{model} ({os.cpu_count()} cores, {platform.system()} {platform.release()})"


def number(value):
    return f"{value:.3g}" if isinstance(value, float) and abs(value) < 1000 else f"{value:.0f}"


def row(entry):
    ratio = number(float(entry["ratio"])) if "ratio" in entry else ""
    return (f"| {entry['name']} | {number(entry['value'])} {entry.get('unit', '')} "
            f"| {entry.get('reference', '')} | {ratio} | {entry.get('budget', '')} |")


def words_below(table):
    """All that follows the last row of the table that is there; "" where there is none."""
    path = Path(table)
    rows = path.read_text().splitlines() if path.exists() else []
    last = max((i for i, line in enumerate(rows) if line.startswith("|")), default=len(rows))
    return "\n".join(rows[last + 1:])


def main(lines, table):
    entries = [json.loads(line) for line in Path(lines).read_text().splitlines() if line.strip()]
    if not entries:
        sys.exit(f"{lines} holds no measurement: is any bench built?")
    text = HEAD.format(day=date.today().isoformat(), machine=machine())
    below = words_below(table)
    Path(table).write_text((text + "\n".join(map(row, entries)) + "\n" + below).rstrip() + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
