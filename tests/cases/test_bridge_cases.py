"""Runs every folder of tests/cases/bridge through `coldwatch-bridge replay`.

A folder holds config.json, timeline.jsonl and expected.jsonl. Incidents are named A, B, C ... in
expected.jsonl, in the order of their first appearance.
"""
import json
import os
import pathlib
import subprocess

import pytest

HERE = pathlib.Path(__file__).parent / "bridge"
BUILD = pathlib.Path(os.environ.get("COLDWATCH_BUILD", HERE.parents[2] / "build" / "release"))
BRIDGE = BUILD / "coldwatch-bridge"
CASES = sorted(path.name for path in HERE.iterdir() if path.is_dir())


def run(folder):
    command = [BRIDGE, "replay", "--config", folder / "config.json", folder / "timeline.jsonl"]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def with_letters(lines):
    letters = {}
    named = []
    for line in lines:
        entry = json.loads(line)
        letter = letters.setdefault(entry["incident"], chr(ord("A") + len(letters)))
        named.append(json.dumps({**entry, "incident": letter}, separators=(",", ":")))
    return named


@pytest.mark.parametrize("name", CASES)
def test_case(name):
    folder = HERE / name
    first = run(folder)
    assert first.returncode == 0, first.stderr
    expected = (folder / "expected.jsonl").read_text().splitlines()
    assert with_letters(first.stdout.splitlines()) == expected
    assert run(folder).stdout == first.stdout, "the same input must give the same output"


def test_there_are_cases():
    assert len(CASES) >= 30
