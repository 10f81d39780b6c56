"""The systemd units: sandboxed as far as the programs allow, and free of mistakes."""

import subprocess

import pytest

from contract import PROJECT

UNITS = sorted((PROJECT / "deploy" / "linux").glob("*.service"))
MOST_EXPOSURE_TENTHS = 20


def analyze(*arguments):
    return subprocess.run(["systemd-analyze", *map(str, arguments)], capture_output=True,
                          text=True, timeout=60)


def test_both_programs_have_a_unit():
    assert [unit.name for unit in UNITS] == ["coldwatch-agent.service", "coldwatch-bridge.service"]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_the_sandbox_leaves_little_open(unit):
    done = analyze("security", "--offline=true", f"--threshold={MOST_EXPOSURE_TENTHS}", unit)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_understands_every_line(unit, tmp_path):
    # The check wants the program to exist; everything else of the unit is looked at as it is.
    text = unit.read_text().replace(f"/usr/bin/{unit.stem}", "/bin/true")
    copy = tmp_path / unit.name
    copy.write_text(text)
    done = analyze("verify", "--man=no", copy)
    assert done.stderr.replace(str(tmp_path), "").count(unit.name) == 0, done.stderr
