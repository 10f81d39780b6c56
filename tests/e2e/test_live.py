"""Live sources through the shipped agent: what scripted servers say becomes rows; nothing but questions is
ever sent; a server that is slow, broken or gone holds nothing up."""

import json
import re
import subprocess
import time

import pytest

from live_servers import (MultiPyVu, Scripted, dr200, leiden, ppms, qd_named, qd_silent, triton)
from mosquitto import free_port, wait_until
from scripted_servers import Answer, ScriptedHttp

TIMEOUT_S = 30
GREETING = b"Connected to QDInstrument socket server.\r\n"

QUESTIONS = [rb"READ:DEV:(T|P|C|TURB)\d+:(TEMP|PRES|PTC|PUMP):SIG:[A-Z]+\n",
             rb"READ:SYS:DR:(STATUS|ACTN)\n", rb"temperatures\n", rb"\d{1,2}\r\n", rb"READ[TB]\r\n",
             rb"(TEMP|FIELD|FELD|CHAMBER|CHAM|CHAT)\?(\r\n)?", rb"START"]

GOOD = {
    "triton": (lambda: Scripted(triton), "triton_scpi", {},
               {"T1_K": 1.47628, "P1_mB": 1013.2, "C1_MCUR_A": 21.4, "C1_STATE": 1, "T8": None}),
    "dr200": (lambda: Scripted(dr200), "dr200", {},
              {"PT2_Plate_T_K": 3.11, "PT2_Plate_R_Ohm": 31.5, "M_C_X55751_T_K": 0.0147,
               "M_C_X55751_R_Ohm": 2216.35}),
    "leiden": (lambda: Scripted(leiden), "leiden_messenger", {"map": "newer"},
               {"T0": 18.900105, "R0": 27.900105, "PID": 36.900105}),
    "ppms": (lambda: Scripted(ppms), "ppms_visa", {}, {"Temperature_K": 295, "Field": 0}),
    "qd with a greeting": (lambda: Scripted(qd_named, greeting=GREETING), "qd_socket", {},
                           {"Temperature_K": 296, "Field_Oe": 0}),
    "qd without": (lambda: Scripted(qd_silent), "qd_socket", {},
                   {"Temperature_K": 300, "Chamber_status": 3, "Field_status": 4}),
    "multipyvu": (MultiPyVu, "qd_socket", {"dialect": "multipyvu"},
                  {"Temperature_K": 300, "Field_Oe": 0}),
    "slow but in time": (lambda: Scripted(ppms, pieces_s=0.02), "ppms_visa", {},
                         {"Temperature_K": 295, "Field": 0}),
}


@pytest.fixture
def write_config(tmp_path):
    def write(protocol, port, **live):
        config = tmp_path / "agent.json"
        config.write_text(json.dumps({
            "fridge": "fridge1", "broker": {"uri": f"mqtt://127.0.0.1:{free_port()}"},
            "log": {"folder": str(tmp_path / "journal"), "poll": "100ms"},
            "live": {"protocol": protocol, "host": "127.0.0.1", "port": port, "poll": "1s",
                     "timeout": "3s", **live}}))
        return config
    return write


def check(programs, config):
    return subprocess.run([programs.agent, "check", "--config", config], capture_output=True, text=True,
                          timeout=TIMEOUT_S)


def rows(programs, folder):
    done = subprocess.run([programs.agent, "inspect", "--json", folder], capture_output=True, text=True,
                          timeout=TIMEOUT_S)
    return json.loads(done.stdout) if done.returncode == 0 else []


class Running:
    """`coldwatch-agent run`, ended with the block."""

    def __init__(self, programs, config):
        self.process = subprocess.Popen([programs.agent, "run", "--config", config],
                                        stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def __enter__(self):
        return self.process

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def expect_questions(server):
    assert server.lines
    odd = [line for line in server.lines
           if not any(re.fullmatch(question, line) for question in QUESTIONS)]
    assert not odd


@pytest.mark.parametrize("name", GOOD)
def test_answers_become_rows(name, programs, tmp_path, write_config):
    make, protocol, options, expected = GOOD[name]
    server = make()
    config = write_config(protocol, server.port, options=options)
    try:
        with Running(programs, config):
            wait_until(lambda: any(file["rows"] >= 2 for file in rows(programs, tmp_path / "journal")),
                       TIMEOUT_S, "two rows", poll_s=0.3)
    finally:
        server.close()
    [journal] = rows(programs, tmp_path / "journal")
    assert journal["format"] == "live" and journal["bad_records"] == 0
    channels = {channel["key"]: channel.get("last") for channel in journal["channels"]}
    assert {key: channels[key] for key in expected} == expected
    assert server.connections == 1
    expect_questions(server)


BAD = {
    "silent": (lambda: Scripted(lambda line: b""), "no complete answer within 1 s"),
    "slower than the time": (lambda: Scripted(ppms, pieces_s=0.2), "no complete answer within 1 s"),
    "closes": (lambda: Scripted(ppms, close_after=1), "closed the connection"),
    "never ends a line": (lambda: Scripted(lambda line: b"x" * 1000000), "is longer than"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_server_is_a_sentence(name, programs, write_config):
    make, words = BAD[name]
    server = make()
    try:
        done = check(programs, write_config("ppms_visa", server.port, timeout="1s"))
    finally:
        server.close()
    assert done.returncode == 0, done.stderr
    assert f"warning: ppms_visa at 127.0.0.1:{server.port}: " in done.stdout and words in done.stdout
    expect_questions(server)


def test_no_server_is_a_sentence(programs, write_config):
    done = check(programs, write_config("triton_scpi", free_port()))
    assert done.returncode == 0 and "cannot be connected to: Connection refused" in done.stdout


def test_check_says_what_answers(programs, write_config):
    server = Scripted(triton)
    try:
        done = check(programs, write_config("triton_scpi", server.port))
    finally:
        server.close()
    assert "answers, 5 channels, 4 of them with a good value" in done.stdout
    assert "no journal yet, 5 channels in 1 stream" in done.stdout
    expect_questions(server)


def test_a_server_that_says_nothing_does_not_hold_the_agent_up(programs, tmp_path, write_config):
    server = Scripted(lambda line: b"")
    try:
        with Running(programs, write_config("ppms_visa", server.port, timeout="60s")) as agent:
            wait_until(lambda: server.lines, TIMEOUT_S, "the server was asked")
            state = tmp_path / "fridge1.state.json"
            wait_until(state.exists, TIMEOUT_S, "the loop saves its state meanwhile")
            began = time.monotonic()
            agent.terminate()
            assert agent.wait(TIMEOUT_S) == 0
            assert time.monotonic() - began < 20
    finally:
        server.close()


def test_rows_go_on_when_the_server_is_back(programs, tmp_path, write_config):
    server = Scripted(ppms, close_after=4)  # two rounds
    try:
        with Running(programs, write_config("ppms_visa", server.port)):
            wait_until(lambda: sum(file["rows"] for file in rows(programs, tmp_path / "journal")) >= 3,
                       60, "a row over a second connection", poll_s=0.5)
    finally:
        server.close()
    assert server.connections >= 2
    [text] = [file.read_text() for file in (tmp_path / "journal").iterdir()]
    assert text.count("the server has closed the connection") == 1
    assert "answers again" in text


def node(value, status="SYNCHRONIZED", outdated=False):
    return {"name": "x", "type": "Value.Number.Float",
            "content": {"read_only": True,
                        "latest_valid_value": {"value": value, "outdated": outdated,
                                               "date": 1719705600000, "status": status,
                                               "exception": ""}}}


BODY = json.dumps({"data": {"mapper.bf.temperatures.tmixing": node("0.0121"),
                            "mapper.bf.temperatures.t50k": node("0.0"),
                            "mapper.bf.pressures.p1": node("2.5e-5", outdated=True),
                            "mapper.bf.valves.v1": node("", "DISCONNECTED")}})


def test_bluefors_over_http(programs, tmp_path, write_config, private_files):
    server = ScriptedHttp(Answer(status=503, body="starting"), Answer(body=BODY))
    (tmp_path / "key").write_text("6e1c&x\n")
    config = write_config("bluefors_http", server.server.server_address[1], key_file="key")
    try:
        first = check(programs, config)
        assert "found status 503 and \"starting\", expected status 200" in first.stdout
        with Running(programs, config):
            wait_until(lambda: any(file["rows"] for file in rows(programs, tmp_path / "journal")),
                       TIMEOUT_S, "a row", poll_s=0.3)
    finally:
        server.close()
    assert {(request.method, request.path) for request in server.requests} == {
        ("GET", "/values/mapper/bf/?recursion=-1&style=flat&key=6e1c%26x")}
    assert all(not request.body for request in server.requests)
    [journal] = rows(programs, tmp_path / "journal")
    counts = {channel["key"]: (channel["good"] > 0, channel["stale"] > 0, channel["invalid"] > 0)
              for channel in journal["channels"]}
    assert counts == {"temperatures_tmixing_K": (True, False, False),
                      "temperatures_t50k_K": (False, False, True),
                      "pressures_p1": (False, True, False), "valves_v1": (False, False, True)}
    text = "".join(file.read_text() for file in (tmp_path / "journal").iterdir())
    assert "6e1c" not in text + first.stdout + first.stderr


@pytest.mark.parametrize("answer, words", [
    (Answer(body="<html>"), "expected a JSON object"),
    (Answer(body="{}"), "found no value"),
    (Answer(status=302, headers={"Location": "http://127.0.0.1:1/"}), "found status 302"),
    (Answer(body=BODY, delay_s=3), "imeout"),
    (Answer(reset=True), "bluefors_http at 127.0.0.1"),
    (Answer(body="x" * 9_000_000), "is longer than"),
])
def test_a_bad_http_server_is_a_sentence(answer, words, programs, write_config):
    server = ScriptedHttp(answer)
    try:
        port = server.server.server_address[1]
        done = check(programs, write_config("bluefors_http", port, timeout="1s"))
    finally:
        server.close()
    assert done.returncode == 0, done.stderr
    assert "warning: bluefors_http at 127.0.0.1" in done.stdout and words in done.stdout
    assert {request.method for request in server.requests} == {"GET"}
