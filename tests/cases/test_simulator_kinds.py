"""coldwatch-simulator writes a log of every kind, also on the day on which a clock shows an hour twice, and
`inspect` finds in it what was asked for."""

import json
import os
import subprocess
from pathlib import Path

import pytest

BUILD = Path(os.environ.get("COLDWATCH_BUILD", Path(__file__).resolve().parents[2] / "build" / "release"))
DST_DAY = "2026-10-24T22:00:00Z"  # midnight in Zurich, 25 hours before the next one
MINUTES = 25 * 60
FORMATS = {"triton": "vcl", "triton-xl": "vcl", "dr200": "vcl", "bluefors": "bluefors", "bluefors-old": "bluefors",
           "leiden-tc": "leiden", "leiden-tc-comma": "leiden", "leiden-fp": "leiden",
           "ppms": "multivu", "xs400": "xs400"}


def simulate(folder, *options):
    return subprocess.run([BUILD / "coldwatch-simulator", "--folder", folder, *map(str, options)],
                          capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_day_of_25_hours(kind, tmp_path):
    done = simulate(tmp_path, "--kind", kind, "--start", DST_DAY, "--zone", "Europe/Zurich", "--rows", MINUTES,
                    "--fast", "--quiet")
    assert done.returncode == 0 and done.stdout == "", done.stderr
    told = json.loads(subprocess.run(
        [BUILD / "coldwatch-agent", "inspect", tmp_path, "--json", "--time-zone", "Europe/Zurich"],
        check=True, capture_output=True, text=True).stdout)
    files = [file for file in told if file["rows"]]
    assert files and {file["format"] for file in told} == {FORMATS[kind]}
    assert sum(file["bad_records"] for file in told) == 0
    assert max(file["rows"] for file in files) == MINUTES
    if kind != "ppms":  # which counts seconds of its own from one local time
        assert max(file["last_time"] for file in files).startswith("2026-10-25T22:59")


def test_what_cannot_be_written_is_refused(tmp_path):
    assert simulate(tmp_path, "--kind", "kelvinox").returncode != 0
    assert simulate(tmp_path, "--kind", "dr200", "--rows", 2, "--start", DST_DAY).returncode == 0
    again = simulate(tmp_path, "--kind", "dr200", "--rows", 2, "--start", DST_DAY)
    assert again.returncode == 2 and "exists already" in again.stderr
    many = simulate(tmp_path, "--kind", "ppms", "--rows", 2000000)
    assert many.returncode == 2 and "--rows" in many.stderr
