"""Holds the bridge's schemas against what they describe, with a validator that is not ours."""
import json
import pathlib
import re
import subprocess

import pytest
from jsonschema import Draft202012Validator
from test_bridge_cases import BRIDGE

PROJECT = pathlib.Path(__file__).resolve().parents[2]
SCHEMAS = sorted((PROJECT / "schemas").glob("bridge-*.json"))
SAMPLE = PROJECT / "config" / "bridge.json"


def faults(name, value):
    schema = json.loads((PROJECT / "schemas" / f"{name}.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    return [f"{list(error.path)}: {error.message}"
            for error in Draft202012Validator(schema).iter_errors(value)]


def sample():
    text = re.sub(r'("(?:[^"\\]|\\.)*")|//[^\n]*', lambda found: found[1] or "",
                  SAMPLE.read_text())
    return json.loads(text)


def check(tmp_path, config):
    file = tmp_path / "bridge.json"
    file.write_text(json.dumps(config))
    return subprocess.run([BRIDGE, "check", "--without-secrets", "--config", file],
                          capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("file", SCHEMAS, ids=lambda file: file.name)
def test_examples_keep_their_schema(file):
    name = file.name.removesuffix(".schema.json")
    examples = json.loads(file.read_text())["examples"]
    assert examples and [faults(name, example) for example in examples] == [[]] * len(examples)


def test_the_sample_config_keeps_its_schema_and_loads():
    assert faults("bridge-config", sample()) == []
    result = subprocess.run([BRIDGE, "check", "--without-secrets", "--config", SAMPLE],
                            capture_output=True, text=True, timeout=60)
    assert (result.returncode, result.stderr) == (0, "")


def test_the_sample_shows_every_option():
    def keys(schema):
        own = schema.get("properties", {})
        return {key: keys(value) for key, value in own.items()}

    def missing(known, shown, path=""):
        for key, below in known.items():
            if key in ("$schema", "uris", "url_env"):
                continue
            if key not in shown:
                yield path + key
            elif isinstance(shown[key], dict):
                yield from missing(below, shown[key], f"{path}{key}.")

    schema = json.loads((PROJECT / "schemas" / "bridge-config.schema.json").read_text())
    assert list(missing(keys(schema), sample())) == []


def test_the_schema_knows_every_type_of_notifier():
    text = (PROJECT / "schemas" / "bridge-config.schema.json").read_text()
    tried = sorted(folder.name.removeprefix("success_")
                   for folder in (PROJECT / "tests/cases/delivery").glob("success_*"))
    enums = [json.loads(found) for found in re.findall(r'"enum": (\[[^\]]*"email"[^\]]*\])', text)]
    assert enums == [tried]


MINIMAL = {"notifiers": [{"name": "c", "type": "console"}]}


@pytest.mark.parametrize("change, path", [
    ({"bridge": "a/b"}, "bridge"),
    ({"brigde": "main"}, "brigde"),
    ({"start_grace": 20}, "start_grace"),
    ({"start_grace": "soon"}, "start_grace"),
    ({"grouping": {"by": ["colour"]}}, "grouping.by"),
    ({"grouping": {"group_wait": "-1s"}}, "grouping.group_wait"),
    ({"repeat": {"high": "1h"}}, "repeat.high"),
    ({"flapping": {"count": 1}}, "flapping.count"),
    ({"inhibit": [{"source": {"rule": "a"}}]}, "inhibit[0].target"),
    ({"inhibit": [{"source": {"colour": "a"}, "target": {"rule": "b"}}]}, "inhibit[0].source"),
    ({"inhibit": [{"source": {"rule": "a"}, "target": {"rule": 1}}]}, "inhibit[0].target"),
    ({"inhibit": [{"source": {"rule": "a"}, "target": {"rule": "b"}, "same": ["x"]}]},
     "inhibit[0].same"),
    ({"notifiers": []}, "notifiers"),
    ({"notifiers": [{"name": "c", "type": "pigeon"}]}, "notifiers[0].type"),
    ({"notifiers": [{"type": "console"}]}, "notifiers[0].name"),
    ({"notifiers": [{"name": "a b", "type": "console"}]}, "notifiers[0].name"),
    ({"notifiers": MINIMAL["notifiers"] * 2}, "notifiers[1].name"),
    ({"notifiers": [{"name": "c", "type": "console", "quiet_hours": {"from": "25:00"}}]},
     "notifiers[0].quiet_hours.from"),
    ({"notifiers": [{"name": "c", "type": "console",
                     "quiet_hours": {"from": "22:00", "to": "22:00"}}]},
     "notifiers[0].quiet_hours.to"),
    ({"routes": [{"match": {}}]}, "routes[0].to"),
    ({"routes": [{"match": {"hours": "22-07"}, "to": ["c"]}]}, "routes[0].match.hours"),
    ({"routes": [{"match": {"hours": 22}, "to": ["c"]}]}, "routes[0].match.hours"),
    ({"routes": [{"match": {"days": ["Monday"]}, "to": ["c"]}]}, "routes[0].match.days"),
    ({"routes": [{"match": {"days": []}, "to": ["c"]}]}, "routes[0].match.days"),
    ({"routes": [{"match": {"color": "red"}, "to": ["c"]}]}, "routes[0].match"),
    ({"inhibit": [{"source": {"hours": "22:00-07:00"}, "target": {"rule": "b"}}]},
     "inhibit[0].source"),
    ({"routes": [{"match": {}, "to": ["nobody"]}]}, "routes[0].to"),
    ({"routes": [{"to": ["c"], "escalate": [{"after": "1h", "to": ["x"]}]}]},
     "routes[0].escalate[0].to"),
    ({"sites": {"a": ["f1"], "b": ["f1"]}}, "sites.b"),
    ({"own_alarms": {"agent_ofline": {}}}, "own_alarms.agent_ofline"),
    ({"own_alarms": {"agent_offline": {"severity": "loud"}}}, "own_alarms.agent_offline.severity"),
    ({"dead_man": {"url": "https://x"}}, "dead_man.url"),
    ({"drill": {"every": "weekly"}}, "drill.every"),
    ({"time_zone": "Mars/Base"}, "time_zone"),
])
def test_a_wrong_config_is_named_with_its_place(tmp_path, change, path):
    result = check(tmp_path, {**MINIMAL, **change})
    assert result.returncode == 2
    assert f"bridge.json: {path}: " in result.stderr


def test_every_mistake_is_named_at_once(tmp_path):
    result = check(tmp_path, {"bridge": "", "store": 1, "sites": 7, "ack_timeout": "1s"})
    lines = [line.split(": ")[1] for line in result.stderr.splitlines()]
    assert sorted(lines) == ["ack_timeout", "bridge", "notifiers", "sites", "store"]
