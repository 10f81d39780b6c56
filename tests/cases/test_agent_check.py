"""`coldwatch-agent check` names every mistake with its place and ends with 2; the right config passes."""
import json
import os
import pathlib
import subprocess

import pytest

from vcl_file import vcl_bytes

HERE = pathlib.Path(__file__).parent
BUILD = pathlib.Path(os.environ.get("COLDWATCH_BUILD", HERE.parents[1] / "build" / "release"))
TABLE = "time,MC T(K),Motor Current\n2026-03-01T12:00:00Z,0.05,22\n"
RULE = {"id": "pt_off", "channel": "Motor Current",
        "low": {"at": 10, "severity": "critical", "text": "Pulse tube is off"}}


def config_of(**changes):
    return {"fridge": "triton1", "log": {"folder": "logs"}, "rules": [RULE], **changes}


def check(folder, text):
    (folder / "logs").mkdir()
    (folder / "logs" / "log 260301 120000.vcl").write_bytes(vcl_bytes(TABLE))
    (folder / "agent.json").write_text(text)
    return subprocess.run([BUILD / "coldwatch-agent", "check", "--config", folder / "agent.json"],
                          capture_output=True, text=True, timeout=60)


def test_right_config_passes_and_says_what_it_found(tmp_path):
    result = check(tmp_path, json.dumps(config_of()))
    assert result.returncode == 0, result.stderr
    assert "format vcl, 2 channels in 1 stream" in result.stdout
    assert not (tmp_path / "triton1.state.json").exists(), "check changes nothing"


def test_what_is_not_followed_is_a_warning(tmp_path):
    day = tmp_path / "logs" / "26-03-01"
    day.mkdir(parents=True)
    (day / "Flowmeter 26-03-01.log").write_text("01-03-26,12:00:00,0.5\r\n")
    (tmp_path / "logs" / "log 260301 120000.vcl").write_bytes(vcl_bytes(TABLE))
    (tmp_path / "logs" / "of monday.vcl").write_bytes(vcl_bytes(TABLE))
    (tmp_path / "agent.json").write_text(json.dumps(config_of(
        log={"folder": "logs", "format": "vcl"})))
    command = [BUILD / "coldwatch-agent", "check", "--config", tmp_path / "agent.json"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr
    assert "warning: not followed: of monday.vcl begins as log 260301 120000.vcl does" in result.stdout
    assert "the folder also holds 1 logs of format bluefors, such as 26-03-01/Flowm" in result.stdout


@pytest.mark.parametrize("changes, expected", [
    ({"rules": [{**RULE, "channel": "Motor Curent"}]}, ["rules[0].channel: ", "Motor Curent"]),
    ({"rules": [{**RULE, "high": {"at": 5}}]}, ["rules[0].low.at: found 10, expected at most"]),
    ({"rules": [RULE, {**RULE, "id": "b", "sevrity": "info"}]}, ["rules[1].sevrity: unknown key"]),
    ({"channels": {"units": {"Motor Curren": "A"}}},
     ["channels.units.Motor Curren: ", 'did you mean "Motor Current"?']),
    ({"channels": {"ignore": ["nothing"]}}, ["channels.ignore: ", "nothing"]),
    ({"snapshot": {"channels": ["MC T"]}}, ["snapshot.channels: ", "MC T"]),
    ({"fridge": 5, "heartbeat": "often", "sites": "lab"},
     ["fridge: found 5", "heartbeat: found", 'sites: unknown key, did you mean "site"?']),
    ({"state_file": 1, "broker": {"uri": "http://x", "window": 0}},
     ["state_file: found 1", "broker.uri: found", "broker.window: found 0"])])
def test_every_mistake_is_named_with_its_place(tmp_path, changes, expected):
    result = check(tmp_path, json.dumps(config_of(**changes)))
    assert result.returncode == 2
    for text in expected:
        assert text in result.stderr, result.stderr
    assert all("agent.json: " in line for line in result.stderr.splitlines())


@pytest.mark.parametrize("text", ["", "[]", '{"fridge": "a",', '{"fridge": "a" "log": {}}', "\0\0"])
def test_broken_json_is_one_sentence(tmp_path, text):
    result = check(tmp_path, text)
    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1, result.stderr


def test_missing_folder_is_a_warning(tmp_path):
    result = check(tmp_path, json.dumps(config_of(log={"folder": "elsewhere"})))
    assert result.returncode == 0, result.stderr
    assert "warning: the rules could not be checked" in result.stdout
    assert "elsewhere" in result.stdout
