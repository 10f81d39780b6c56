"""Holds the agent's schemas against what they describe, with a validator that is not ours."""
import json
import pathlib
import re

import pytest
from jsonschema import Draft202012Validator, RefResolver

PROJECT = pathlib.Path(__file__).resolve().parents[2]
SCHEMAS = {file.name: json.loads(file.read_text()) for file in (PROJECT / "schemas").glob("*.json")}
MINE = ["agent-config", "alarm", "command", "event", "health", "info", "live", "reading", "reply",
        "rows", "snapshot"]


def faults(name, value):
    schema = SCHEMAS[f"{name}.schema.json"]
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, resolver=RefResolver(name, schema, store=SCHEMAS))
    return [f"{list(error.path)}: {error.message}" for error in validator.iter_errors(value)]


def load_with_comments(file):
    text = file.read_text()
    return json.loads(re.sub(r'("(?:[^"\\]|\\.)*")|//[^\n]*', lambda found: found[1] or "", text))


@pytest.mark.parametrize("name", MINE)
def test_examples_keep_their_schema(name):
    examples = SCHEMAS[f"{name}.schema.json"]["examples"]
    assert examples and [faults(name, example) for example in examples] == [[]] * len(examples)


def test_sample_config_keeps_its_schema():
    assert faults("agent-config", load_with_comments(PROJECT / "config" / "agent.json")) == []


@pytest.mark.parametrize("change", [
    {"fridge": "a/b"}, {"fridge": None}, {"hartbeat": "30s"}, {"heartbeat": 30},
    {"log": {}}, {"log": {"folder": "x", "start": "tomorrow"}}, {"broker": {"password": "x"}},
    {"rules": [{"id": "a b"}]}, {"snapshot": {"when": "daily"}}])
def test_wrong_configs_break_it(change):
    assert faults("agent-config", {"fridge": "f", "log": {"folder": "x"}, **change})


def replayed():
    for file in sorted((PROJECT / "tests" / "cases" / "agent").glob("*/expected.jsonl")):
        for line in file.read_text().splitlines():
            yield json.loads(line)


def test_what_replay_prints_keeps_the_schemas():
    seen = set()
    for message in replayed():
        kind = message["topic"].split("/")[3]
        payload = message["payload"]
        if kind in ("alarm", "event"):  # which expected.jsonl has in a readable form
            payload = {**payload, "id": "0" * 32, **({"rules_rev": "r"} if kind == "alarm" else {})}
        assert faults(kind, payload) == [], message
        seen.add(kind)
    assert seen == {"live", "alarm", "event", "rows", "snapshot"}
