"""Runs every folder of tests/cases/agent through `coldwatch-agent replay`.

A folder holds config.json, its logs and expected.jsonl. A log is a file as it is, in `logs/`, or a
table `logs/NAME.vcl.csv`, from which NAME.vcl is made (vcl_file.py). In expected.jsonl the identity
of events is a letter, in the order of first appearance, and the hash of the rules is left out.
"""
import json
import os
import pathlib
import shutil
import subprocess

import pytest

from vcl_file import vcl_bytes

HERE = pathlib.Path(__file__).parent / "agent"
BUILD = pathlib.Path(os.environ.get("COLDWATCH_BUILD", HERE.parents[2] / "build" / "release"))
CASES = sorted(path.name for path in HERE.iterdir() if path.is_dir())


def build(case, folder):
    shutil.copytree(case, folder)
    for table in folder.rglob("*.vcl.csv"):
        table.with_suffix("").write_bytes(vcl_bytes(table.read_text()))
        table.unlink()
    return folder


def replay(folder):
    command = [BUILD / "coldwatch-agent", "replay", "--config", folder / "config.json"]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def readable(output):
    letters = {}
    lines = []
    for line in output.splitlines():
        message = json.loads(line)
        payload = message["payload"]
        if isinstance(payload, dict):
            payload.pop("rules_rev", None)
            if payload.get("id"):
                payload["id"] = letters.setdefault(payload["id"], chr(ord("A") + len(letters)))
        lines.append(json.dumps(message, ensure_ascii=False, separators=(",", ":")))
    return lines


@pytest.mark.parametrize("name", CASES)
def test_case(name, tmp_path):
    folder = build(HERE / name, tmp_path / "case")
    first = replay(folder)
    assert first.returncode == 0, first.stderr
    expected = (HERE / name / "expected.jsonl").read_text().splitlines()
    assert readable(first.stdout) == expected
    assert replay(folder).stdout == first.stdout, "the same log must give the same output"


def test_there_are_cases():
    assert len(CASES) >= 12
