"""Runs every folder of tests/cases/bridge through `coldwatch-bridge replay`.

A folder holds config.json, timeline.jsonl and expected.jsonl. Incidents are named A, B, C ... in
expected.jsonl, in the order of their first appearance. Where the config is to be refused,
mistakes.txt stands in the place of expected.jsonl. bridge/README.md says where the cases are from.
"""
import json
import os
import pathlib
import re
import subprocess

import pytest

HERE = pathlib.Path(__file__).parent / "bridge"
BUILD = pathlib.Path(os.environ.get("COLDWATCH_BUILD", HERE.parents[2] / "build" / "release"))
BRIDGE = BUILD / "coldwatch-bridge"
CASES = sorted(path.name for path in HERE.iterdir() if path.is_dir())


def run(folder):
    command = [BRIDGE, "replay", "--config", "config.json", "timeline.jsonl"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)


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
    if (folder / "mistakes.txt").exists():
        assert (first.returncode, first.stdout) == (2, "")
        assert first.stderr == (folder / "mistakes.txt").read_text()
        return
    assert first.returncode == 0, first.stderr
    expected = (folder / "expected.jsonl").read_text().splitlines()
    assert with_letters(first.stdout.splitlines()) == expected
    assert run(folder).stdout == first.stdout, "the same input must give the same output"


def test_every_case_is_listed():
    """The README says of every case what it shows, and lists none that is not there."""
    listed = (HERE / "README.md").read_text()
    named = set(re.findall(r"^\| `([A-Z]\w+)` \|", listed, re.MULTILINE))
    assert named == set(CASES)
