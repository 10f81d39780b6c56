"""The schemas describe everything, and a message that breaks them would be found."""

import json
import re
import subprocess

import pytest
import yaml
from jsonschema import Draft202012Validator

import contract
from contract import PROJECT, SCHEMAS, load

SCHEMA_FILES = sorted(SCHEMAS.glob("*.schema.json"))
NO_MESSAGE = {"agent-config", "bridge-config", "rules", "notification"}  # not on MQTT


@pytest.mark.parametrize("file", SCHEMA_FILES, ids=lambda file: file.stem)
def test_schema_is_a_schema(file):
    Draft202012Validator.check_schema(load(file))


def properties(schema, path="", seen=()):
    """Path and schema of every property, also inside arrays and definitions."""
    if not isinstance(schema, dict):
        return
    for name, inner in schema.get("properties", {}).items():
        yield f"{path}/{name}", inner
    for key, inner in schema.items():
        if isinstance(inner, dict):
            yield from properties(inner, f"{path}/{key}")
        elif isinstance(inner, list):
            for index, item in enumerate(inner):
                yield from properties(item, f"{path}/{key}/{index}")


@pytest.mark.parametrize("file", SCHEMA_FILES, ids=lambda file: file.stem)
def test_every_property_is_described(file):
    bare = [path for path, schema in properties(load(file))
            if isinstance(schema, dict) and "description" not in schema and "$ref" not in schema
            and not path.startswith(("/allOf", "/anyOf", "/oneOf", "/if", "/then", "/else"))
            and "/if/" not in path and "/then/" not in path and "/else/" not in path]
    assert not bare, "\n" + "\n".join(bare)


def test_every_kind_of_traffic_has_a_schema():
    tables = (contract.FRIDGE_KINDS, contract.BRIDGE_KINDS, contract.BRIDGE_WIDE)
    wanted = {name for kinds in tables for name in kinds.values() if name}
    missing = sorted(name for name in wanted if not contract.schema_file(name).exists())
    assert not missing, missing


def test_asyncapi_and_schemas_name_each_other():
    document = yaml.safe_load((SCHEMAS / "asyncapi.yaml").read_text())
    named = set(re.findall(r'"\$ref": "[./]*([a-z-]+)\.schema\.json"', json.dumps(document)))
    assert named == {file.name.split(".")[0] for file in SCHEMA_FILES} - NO_MESSAGE


@pytest.mark.parametrize("topic, payload", [
    ("coldwatch/lab/triton1/status", b"up"),
    ("coldwatch/lab/triton1/weather", b"{}"),
    ("coldwatch/lab/triton1/alarm/pt_off", b"{}"),
    ("coldwatch/lab/triton1/alarm/pt_off", b"no JSON"),
    ("coldwatch/lab/triton1/live", b'{"t": "yesterday", "T": 1}'),
    ("coldwatch/lab/triton1/live", b'{"t": "2026-01-01T00:00:00.000Z", "T": NaN}'),
    ("coldwatch/lab/triton1/rows/main", b'[{"t": "2026-01-01T00:00:00.000Z", "T": 1}]'),
])
def test_a_wrong_message_is_found(topic, payload):
    assert contract.faults(topic, payload)


def test_programs_and_samples_agree(programs):
    """`check` may want another folder than the sample's, but no other key."""
    for program, sample in ((programs.agent, "agent"), (programs.bridge, "bridge")):
        done = subprocess.run([program, "check", "--config", PROJECT / "config" / f"{sample}.json"],
                              capture_output=True, text=True, timeout=60)
        words = done.stdout + done.stderr
        assert "unknown" not in words and "expected one of" not in words, words
