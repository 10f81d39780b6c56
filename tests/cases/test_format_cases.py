"""Runs every folder tests/cases/formats/FORMAT/CASE through `coldwatch-agent inspect --json`.

A folder holds logs/ (what is inspected: the folder, or the only file in it), expected.json and, where
the case needs them, arguments, one a line. A folder in logs/ whose name ends in .xlsx is made a
workbook of the files in it, a table NAME.vcl.csv the binary log NAME.vcl (vcl_file.py).
"""
import json
import os
import pathlib
import shutil
import subprocess
import zipfile

import pytest

from vcl_file import vcl_bytes

HERE = pathlib.Path(__file__).parent / "formats"
BUILD = pathlib.Path(os.environ.get("COLDWATCH_BUILD", HERE.parents[2] / "build" / "release"))
CASES = sorted(str(path.parent.relative_to(HERE)) for path in HERE.glob("*/*/expected.json"))
FORMATS = {"vcl", "bluefors", "multivu", "leiden", "leiden_tc", "leiden_fp", "xs400", "attodry", "live",
           "delimited"}


def make_workbooks(logs):
    for folder in [path for path in logs.rglob("*.xlsx") if path.is_dir()]:
        parts = sorted(path for path in folder.rglob("*") if path.is_file())
        with zipfile.ZipFile(folder.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
            for part in parts:
                archive.write(part, part.relative_to(folder))
        shutil.rmtree(folder)
        folder.with_suffix(".zip").rename(folder)


def make_vcls(logs):
    for table in logs.rglob("*.vcl.csv"):
        table.with_suffix("").write_bytes(vcl_bytes(table.read_text()))
        table.unlink()


def inspect(case, tmp_path):
    logs = tmp_path / "logs"
    shutil.copytree(case / "logs", logs)
    make_workbooks(logs)
    make_vcls(logs)
    entries = list(logs.iterdir())
    path = entries[0] if len(entries) == 1 and entries[0].is_file() else logs
    arguments = case / "arguments"
    words = arguments.read_text().splitlines() if arguments.exists() else []
    if "--time-zone" not in words:
        words += ["--time-zone", "UTC"]
    command = [BUILD / "coldwatch-agent", "inspect", "--json", path, *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.replace(str(logs) + "/", ""))


@pytest.mark.parametrize("name", CASES)
def test_case(name, tmp_path):
    expected = json.loads((HERE / name / "expected.json").read_text())
    assert inspect(HERE / name, tmp_path) == expected


def test_every_format_has_a_case():
    assert {name.split("/")[0] for name in CASES} >= FORMATS
