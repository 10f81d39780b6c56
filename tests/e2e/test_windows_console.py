"""`run --console` on the Windows console. Wine draws the console of a program that was started from a
terminal on that terminal: what the agent writes by the console's functions is seen here by a person's
eyes, and what is typed here reaches it as key events. The agent is the program as a whole, but for the
connection to a broker, which a cross build lacks: its messages are on paper."""

import json
import os
import shutil
import subprocess
import time

import pytest

from contract import PROJECT
from mosquitto import wait_until
from pty_screen import PtyScreen

TESTS = PROJECT / "build" / "windows" / "tests"
START_TIMEOUT_S = 120  # wine makes its folder anew
RULES = [{"id": "pt_off", "channel": "Motor Current (A)",
          "low": {"at": 10, "severity": "critical", "text": "Pulse tube is off at {value} {unit}"},
          "high": {"at": 10.1, "text": "Pulse tube is on"}}]


@pytest.fixture(scope="module")
def wine(tmp_path_factory):
    """The environment of the Windows that tests/run.sh has made, or of one of its own."""
    if not ((TESTS / "agent_on_paper.exe").is_file() and shutil.which("wine")):
        pytest.skip("the Windows console needs wine and a build with the preset windows")
    if "WINEPREFIX" in os.environ:
        yield {**os.environ, "WINEDEBUG": "-all"}
        return
    environment = {**os.environ, "WINEPREFIX": str(tmp_path_factory.mktemp("wine")), "WINEDEBUG": "-all"}
    subprocess.run(["wineboot", "--init"], env=environment, timeout=START_TIMEOUT_S, capture_output=True)
    yield environment
    subprocess.run(["wineserver", "--kill"], env=environment, timeout=START_TIMEOUT_S)


@pytest.fixture
def screen(wine, tmp_path):
    """A function that starts a program under wine on a terminal."""
    screens = []

    def start(program, *words, environment=()):
        settings = [f"{key}={value}" for key, value in {**wine, **dict(environment)}.items()
                    if key.startswith(("WINE", "COLDWATCH"))]
        screens.append(PtyScreen(["env", *settings, "wine", TESTS / program, *words]))
        return screens[-1]

    yield start
    for one in screens:
        one.close()


class Log:
    """A log of one current, whose newest row is of now."""

    def __init__(self, folder):
        folder.mkdir()
        self.file = folder / "log.csv"
        self.file.write_text("time,Motor Current (A)\n")

    def add(self, current):
        with open(self.file, "a", encoding="ascii") as file:
            file.write(f"{int(time.time() * 1000)},{current}\n")


def test_table_keys_and_exit(screen, tmp_path):
    log = Log(tmp_path / "log")
    log.add(24)
    (tmp_path / "agent.json").write_text(json.dumps({
        "fridge": "triton1", "rules": RULES, "state_file": "state.json",
        "log": {"folder": "log", "format": "delimited", "options": {"time_format": "unix_ms"},
                "poll": "50ms", "start": "beginning"}}))
    paper = tmp_path / "paper.txt"
    shown = screen("agent_on_paper.exe", "run", "--config", f"Z:{tmp_path}/agent.json", "--console",
                   environment={"COLDWATCH_PAPER": f"Z:{paper}"})
    shown.shows("triton1", "log live", "broker connected", "pt_off", "24 A", "t send a test", "q exit",
                timeout_s=START_TIMEOUT_S)
    first = shown.text().splitlines()
    assert first[0].startswith("triton1"), "the table begins at the top"

    log.add(0)
    shown.shows("CRITICAL", "Pulse tube is off at 0 A")
    log.add(25)
    shown.shows("25 A")
    now = shown.text().splitlines()
    assert "CRITICAL" not in "\n".join(now) and len(now) == len(first)
    places = [[number for number, line in enumerate(lines) if line.startswith("pt_off")]
              for lines in (first, now)]
    assert places[0] == places[1] and len(places[0]) == 1, "redrawn in place"

    shown.press("t")
    shown.shows("test event published")
    assert '"type":"test"' in paper.read_text()

    def snapshot_arrives():
        shown.press("s")  # again and again: within 5 s of the last key the agent refuses
        return "/triton1/snapshot " in paper.read_text()
    wait_until(snapshot_arrives, 20, "the snapshot arrives", poll_s=0.5)

    shown.press("q")
    shown.shows("Stop watching this fridge?")
    shown.press("n")
    shown.shows("goes on watching")
    shown.press("q")
    shown.shows("Stop watching this fridge?")
    shown.press("y")
    assert shown.ended() == 0
    left = shown.text()
    assert "pt_off" not in left, "the table is gone with the agent"
    assert "command snapshot by the console of this PC" in left, "and what it had to say is not"
    assert shown.seen.rfind(b"\x1b[?25h") > shown.seen.rfind(b"\x1b[?25l"), "the cursor is back"
    assert paper.read_text().splitlines()[-1].endswith("/triton1/status offline")


def test_the_unit_test_that_wants_a_console_has_one_here(screen):
    shown = screen("agent_test.exe", "--gtest_filter=Terminal.*", "--gtest_color=no")
    shown.shows("suite ran", timeout_s=START_TIMEOUT_S)
    assert shown.ended() == 0, shown.text()
    assert "SKIPPED" not in shown.text() and "[  PASSED  ] 2 tests." in shown.text(), shown.text()
