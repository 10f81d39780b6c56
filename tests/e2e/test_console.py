"""`run --console` on a real terminal: what a person sees, which keys do what, and how it ends."""

import json
import signal
import subprocess

import pytest

from coldwatch import topic
from mosquitto import wait_until
from pty_screen import PtyScreen

RULES = [
    {"id": "pt_off", "channel": "Motor Current",
     "low": {"at": 10, "severity": "critical", "text": "Pulse tube is off at {value} {unit}"},
     "high": {"at": 10.1, "text": "Pulse tube is on"}},
    {"id": "tank_hi", "channel": "P1 Tank (Bar)", "when": "Motor_Current > 1000",
     "high": {"at": 0.8, "severity": "warning", "text": "tank"}}]


@pytest.fixture
def watch(lab, programs):
    """A function that starts an agent with --console on a simulated log; `happens` are its faults."""
    screens = []

    def start(broker, *happens, columns=100, rows=24, options=("--console",), rules=RULES, term="xterm"):
        lab.simulator("triton1", "--interval", "100ms", "--speed", 600, *happens)
        config = lab.folder / "console.json"
        config.write_text(json.dumps({
            "fridge": "triton1", "broker": {"uri": broker}, "rules": rules,
            "log": {"folder": str(lab.logs("triton1")), "poll": "50ms", "start": "beginning"}}))
        screens.append(PtyScreen([programs.agent, "run", "--config", config, *options], columns, rows, term))
        return screens[-1]

    yield start
    for one in screens:
        one.close()


def test_table_keys_and_exit(watch, lab, mosquitto):
    broker = mosquitto()
    heard = lab.listener(broker.port)
    screen = watch(broker.uri, "--at", "6s", "compressor_trip", options=("--console", "--beep"))
    screen.shows("triton1", "log live", "broker connected", "pt_off", "t send a test", "q exit")
    screen.shows(" A ", "ok", "not armed")
    row = screen.line("pt_off")
    assert row.split()[2:6] == ["A", "10", "10.1", "high"] and row.endswith("Motor Current"), row
    assert " not armed " in screen.line("tank_hi")
    assert b"\a" not in screen.seen, "nothing has happened yet"

    screen.press("t")
    screen.shows("test event published")
    wait_until(lambda: any(json.loads(event)["type"] == "test"
                           for event in heard.payloads(topic("triton1", "event"))), 10, "the test arrives")
    screen.shows("CRITICAL", "Pulse tube is off at 0 A")
    assert screen.text().splitlines()[3].startswith("pt_off"), "what is wrong stands on top"
    assert screen.seen.count(b"\a") == 1

    def snapshot_arrives():
        screen.press("s")  # again and again: within 5 s of the last key the agent refuses
        return heard.payloads(topic("triton1", "snapshot"))
    wait_until(snapshot_arrives, 20, "the snapshot arrives", poll_s=0.5)

    screen.press("q")
    screen.shows("Stop watching this fridge?")
    screen.press("n")
    screen.shows("goes on watching")
    screen.press("\x1b")
    screen.shows("Stop watching this fridge?")
    screen.press("y")
    assert screen.ended() == 0 and screen.as_before()
    wait_until(lambda: heard.payloads(topic("triton1", "status"))[-1] == "offline", 10, "it says goodbye")


def test_it_follows_the_window_and_scrolls(watch, mosquitto):
    rules = [{"id": f"rule_{number}", "channel": "Motor Current", "high": {"at": 100, "text": "x"}}
             for number in range(30)]
    screen = watch(mosquitto().uri, rules=rules, rows=16)
    screen.shows("rules 1 to 8 of 30", "q exit")
    screen.press("\x1b[B\x1b[B")
    screen.shows("rules 3 to 10 of 30")
    screen.press("\x1b[6~")
    screen.shows("rules 10 to 17 of 30")
    screen.press("\x1b[5~\x1b[5~\x1b[5~")
    screen.shows("rules 1 to 8 of 30")
    screen.resize(60, 30)
    screen.shows("rules 1 to 22 of 30", "q exit")
    assert max(len(line) for line in screen.text().splitlines()) <= 60


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_leaves_the_terminal_as_it_was(watch, number):
    screen = watch("mqtt://127.0.0.1:1")  # and nobody listens there
    screen.shows("broker NOT CONNECTED (mqtt://127.0.0.1:1)", "pt_off")
    assert not screen.as_before()
    screen.signal(number)
    assert screen.ended() == 0 and screen.as_before()
    assert "watching " in screen.text(), "the program's own log is not lost with the screen"


def test_it_ends_with_its_terminal(watch):
    screen = watch("mqtt://127.0.0.1:1")
    screen.shows("pt_off")
    screen.hang_up()
    wait_until(lambda: screen.process.poll() is not None, 10, "the agent has ended")


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_terminal_that_cannot_draw_gets_lines(watch, term):
    screen = watch("mqtt://127.0.0.1:1", term=term)
    screen.shows("there is no terminal to draw on", "watching ")
    assert b"\x1b" not in screen.seen
    screen.signal(signal.SIGTERM)
    assert screen.ended() == 0


def test_without_a_terminal_it_runs_all_the_same(lab, programs, mosquitto):
    broker = mosquitto()
    heard = lab.listener(broker.port)
    lab.write_log("triton1", 5)
    config = lab.folder / "console.json"
    config.write_text(json.dumps({"fridge": "triton1", "broker": {"uri": broker.uri},
                                  "log": {"folder": str(lab.logs("triton1"))}}))
    program = subprocess.Popen([programs.agent, "run", "--config", config, "--console"], stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        wait_until(lambda: heard.payloads(topic("triton1", "status")), 20, "it is online")
    finally:
        program.terminate()
        out, words = program.communicate(timeout=20)
    assert program.returncode == 0 and out == "" and "running without the table" in words


def test_beep_is_for_the_console(programs):
    done = subprocess.run([programs.agent, "run", "--config", "x", "--beep"], capture_output=True, text=True)
    assert done.returncode == 2 and "--console" in done.stderr
