"""docs/rules.md says for every failure and every family which rules watch it, or why none does: held
against the files of the library in both directions."""

import json
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
LIBRARY = PROJECT / "config" / "rules"
RULES_PAGE = (PROJECT / "docs" / "rules.md").read_text(encoding="utf-8")
SECTION = RULES_PAGE.split("## What each library watches, and what not\n")[1].split("\n## ")[0]
REASON = r"[a-z]"
FEWEST_FAILURES = 30


def cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def table():
    """{failure: {family: cell}}."""
    head, _rule, *lines = [line for line in SECTION.splitlines() if line.startswith("|")]
    families = [cell.strip("`") for cell in cells(head)[1:]]
    return {cells(line)[0]: dict(zip(families, cells(line)[1:], strict=True)) for line in lines}


FAILURES = table()
REASONS = dict(re.findall(r"^- ([a-z]): (.+\.)$", SECTION, re.MULTILINE))


def rules_of(family):
    lines = (LIBRARY / f"{family}.json").read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.lstrip().startswith("//"))
    return {rule["id"] for rule in json.loads(text)["rules"]}


def test_the_table_has_every_family():
    families = {file.stem for file in LIBRARY.glob("*.json")}
    assert len(FAILURES) >= FEWEST_FAILURES
    for failure, row in FAILURES.items():
        assert set(row) == families, failure


@pytest.mark.parametrize("failure", FAILURES)
def test_every_family_has_a_rule_or_a_reason(failure):
    for family, cell in FAILURES[failure].items():
        if re.fullmatch(REASON, cell):
            assert cell in REASONS, f"{family}: no line tells what {cell!r} means"
            continue
        named = re.findall(r"`([a-z0-9_]+)`", cell)
        assert named, f"{family} has neither a rule nor a reason"
        assert set(named) <= rules_of(family), f"{family} has no rule {set(named) - rules_of(family)}"


def test_every_rule_stands_for_a_failure():
    for family in {file.stem for file in LIBRARY.glob("*.json")}:
        told = {rule for row in FAILURES.values() for rule in re.findall(r"`([a-z0-9_]+)`", row[family])}
        assert rules_of(family) == told, family


def test_every_reason_is_used():
    assert set(REASONS) == {cell for row in FAILURES.values() for cell in row.values()
                            if re.fullmatch(REASON, cell)}
