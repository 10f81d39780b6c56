"""The table of detection times in docs/rules.md is what the rule library does to the simulated Triton."""
import json
import os
import pathlib
import re
import subprocess

import pytest

PROJECT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("COLDWATCH_BUILD", PROJECT / "build" / "release"))
ROWS = 22 * 60  # a row a minute; it happens after 20 hours
FAILURES = {"cooling water stops": ["--at", "20h", "water_failure"],
            "compressor trips": ["--at", "20h", "compressor_trip"],
            "log stops": ["--at", "20h", "log_pause", "--at", "21h", "log_resume"],
            "scanner parks": ["--at", "20h", "scanner_park"]}


def told(folder, happens):
    """Minutes from the failure until each alarm was told."""
    subprocess.run([BUILD / "coldwatch-simulator", "--folder", folder / "log", "--fast", "--quiet", "--zone", "UTC",
                    "--start", "2026-03-01T00:00:00Z", "--rows", str(ROWS), *happens], check=True, timeout=60)
    config = folder / "agent.json"
    config.write_text(json.dumps({"fridge": "triton1", "log": {"folder": str(folder / "log"), "time_zone": "UTC"},
                                  "rule_library": "oxford-triton",
                                  "rule_library_folder": str(PROJECT / "config" / "rules")}))
    done = subprocess.run([BUILD / "coldwatch-agent", "backtest", "--config", config, "--json",
                           "--event", "2026-03-01T20:00:00Z"], capture_output=True, text=True, check=True, timeout=60)
    rules = json.loads(done.stdout)["rules"]
    return {rule["rule"]: rule["lag_s"] / 60 for rule in rules if rule["fired"]}


def documented():
    """Of each failure in the table: the rules and minutes that it names, "`water_in_hi` 5"."""
    text = (PROJECT / "docs" / "rules.md").read_text()
    table = text[text.index("| failure | first | then |"):]
    rows = [line.split("|")[1:4] for line in table[:table.index("\n\n")].splitlines()[2:]]
    return {name.strip(): {rule: float(minutes) for rule, minutes in re.findall(r"`(\w+)` (\d+)", first + then)}
            for name, first, then in rows}


def test_the_table_has_every_failure():
    assert documented().keys() == FAILURES.keys()


@pytest.mark.parametrize("failure", FAILURES)
def test_each_rule_tells_when_the_table_says(tmp_path, failure):
    found, expected = told(tmp_path, FAILURES[failure]), documented()[failure]
    assert found.keys() == expected.keys()
    late = {rule: (found[rule], minutes) for rule, minutes in expected.items() if abs(found[rule] - minutes) > 1}
    assert not late, "told minutes apart from the table: (found, documented)"


def test_nothing_is_told_while_nothing_happens(tmp_path):
    assert told(tmp_path, []) == {}
