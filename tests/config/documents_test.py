"""What the documents name exists: files that they link to, commands, options and keys of configs."""

import os
import re
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("COLDWATCH_BUILD", PROJECT / "build" / "release"))
PAGES = [PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md"))]
COMMAND = re.compile(r"`?(coldwatch-(?:agent|bridge)) ([a-z]+)((?: [^`\n|>]*)?)`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file(page):
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert not [link for link in links if not (page.parent / link).exists()]


def commands():
    for page in PAGES:
        for program, command, rest in COMMAND.findall(page.read_text(encoding="utf-8")):
            yield page.name, program, command, rest


def test_every_command_and_option_exists():
    found = sorted(set(commands()))
    assert len(found) > 10
    for page, program, command, rest in found:
        if command == "service":
            continue  # on Windows only
        told = subprocess.run([BUILD / program, command, "--help"], capture_output=True, text=True,
                              timeout=30)
        assert told.returncode == 0, f"{page}: {program} {command}"
        for option in re.findall(r"(?<= )--[a-z-]+", rest):
            assert f"  {option}" in told.stdout, f"{page}: {program} {command} {option}"


def test_every_alarm_of_the_bridges_own_is_explained():
    source = (PROJECT / "bridge" / "config.cpp").read_text(encoding="utf-8")
    table = source.split("own_alarm_defaults()", 1)[1].split("return defaults", 1)[0]
    kinds = re.findall(r'{"(\w+)", {', table)
    operations = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert len(kinds) >= 9
    assert not [kind for kind in kinds if f"| `{kind}` |" not in operations]
