"""Every real log that is at hand, file by file and column by column: what `inspect` tells of it against
an independent reader (plain_reader.py). SOURCES.txt says where they are from; every other file is a log."""

import json
import os
import subprocess
from datetime import datetime
from pathlib import Path

import pytest

import plain_reader

PROJECT = Path(__file__).resolve().parents[2]
AGENT = Path(os.environ.get("COLDWATCH_BUILD", PROJECT / "build" / "release")) / "coldwatch-agent"
LOGS = Path(os.environ.get("COLDWATCH_SHARED", PROJECT.parent / "shared")) / "logs"

FORMATS = {"vcl": "vcl", "bluefors-valvecontrol": "bluefors", "bluefors-cs2": "bluefors", "ppms": "multivu"}
# Rows of every file, stated here as well so that a reader that reads nothing is not believed. A T is
# followed with its R and judged by it; read by itself it is judged by Errors, which holds words alone.
ROWS = {
    "vcl": {"log 180825 131456.vcl": 159, "log 181210 183825.vcl": 4269, "log 181215 165937.vcl": 1729,
            "test.vcl": 1332},
    "bluefors-cs2/26-06-25": {
        "CH1 R": 2849, "CH1 T": 2849, "CH2 R": 2850, "CH2 T": 2850, "CH5 R": 2852, "CH5 T": 2852,
        "CH6 R": 8640, "CH6 T": 6831, "Channels": 8640, "Flowmeter": 8640, "Heaters": 8640, "maxigauge": 8640},
    "bluefors-cs2/26-06-30": {
        **{f"CH{n} {letter}": 4157 for n in (1, 2, 5, 6) for letter in "RT"},
        "Channels": 5468, "Flowmeter": 5468, "Heaters": 5468, "maxigauge": 5468, "Status": 5468},
    **{f"bluefors-valvecontrol/26-06-{day}": {
        **{f"CH{n} {letter}": 1438 for n in (1, 2, 5, 6) for letter in "RT"},
        "Errors": 0, "Flowmeter": 1429, "maxigauge": 1416, "Status": 96} for day in (28, 29)},
    "ppms": {"ACMS_test.dat": 1323, "MPMS_test.dat": 1121, "sample1.dat": 19, "sample2.DAT": 30,
             "empty_vsm.dat": 0},
}


def name_in_table(path):
    """`CH6 R 26-06-25.log` stands there as `CH6 R`."""
    return path.stem[:-9] if path.suffix == ".log" else path.name


FILES = sorted(file for file in LOGS.rglob("*") if file.is_file()) if LOGS.is_dir() else []
REAL = [file for file in FILES if file.name != "SOURCES.txt"]
needs_logs = pytest.mark.skipif(not FILES, reason="no real logs here: set COLDWATCH_SHARED to read them")


def inspected(path):
    done = subprocess.run([AGENT, "inspect", path, "--json", "--time-zone", "UTC"], check=True,
                          capture_output=True, text=True, timeout=120)
    return json.loads(done.stdout)


def instant(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


@needs_logs
def test_every_file_is_in_the_table():
    table = {f"{folder}/{name}" for folder, rows in ROWS.items() for name in rows}
    assert {f"{file.parent.relative_to(LOGS)}/{name_in_table(file)}" for file in REAL} == table


@pytest.mark.parametrize("path", REAL, ids=lambda path: str(path.relative_to(LOGS)).replace(" ", "_"))
def test_it_is_read_as_an_independent_reader_reads_it(path):
    folder = path.parent.relative_to(LOGS)
    log_format = FORMATS[folder.parts[0]]
    expected = plain_reader.read(path, log_format)
    report = inspected(path)
    assert report["format"] == log_format
    assert report["bad_records"] == 0
    assert report["rows"] == len(expected.times) == ROWS[str(folder)][name_in_table(path)]
    if expected.times:
        for key, time in (("first_time", expected.times[0]), ("last_time", expected.times[-1])):
            assert abs((instant(report[key]) - time).total_seconds()) <= 0.001, key
    assert sorted(one["name"] for one in report["channels"]) == sorted(expected.columns)
    for one in report["channels"]:
        values = [value for value in expected.columns[one["name"]] if value is not None]
        assert (one["good"], one["stale"], one["invalid"]) == expected.counts(one["name"]), one["name"]
        if values:
            assert (one["min"], one["max"]) == (min(values), max(values)), one["name"]
            assert one["last"] == values[-1], one["name"]
