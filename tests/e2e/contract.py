"""Holds every message that a test saw against the wire contract, with a validator that is not ours."""

import json
import re
from functools import lru_cache
from pathlib import Path

from jsonschema import Draft202012Validator, RefResolver

PROJECT = Path(__file__).resolve().parents[2]
SCHEMAS = PROJECT / "schemas"

# Kind of traffic below <root>/<site>/<fridge>/ -> schema; "" is plain text, checked here.
FRIDGE_KINDS = {"status": "", "info": "info", "health": "health", "live": "live", "rows": "rows",
                "reading": "reading", "alarm": "alarm", "event": "event", "snapshot": "snapshot",
                "cmd": "command", "reply": "reply"}
# The same below _bridge/<id>/; a command of the bridge has a schema for each verb.
BRIDGE_KINDS = {"status": "", "info": "bridge-info", "health": "bridge-health",
                "book": "bridge-book", "event": "event", "delivery": "bridge-delivery", "reply": "bridge-reply",
                "shelves": "bridge-shelves"}
BRIDGE_WIDE = {"confirmed": "bridge-confirmed", "notified": "bridge-notified"}


def schema_file(name):
    return SCHEMAS / f"{name}.schema.json"


def load(file):
    return json.loads(file.read_text())


@lru_cache
def validator(name):
    schemas = {file.resolve().as_uri(): load(file) for file in SCHEMAS.glob("*.json")}
    store = {**schemas, **{schema["$id"]: schema for schema in schemas.values() if "$id" in schema}}
    file = schema_file(name)
    Draft202012Validator.check_schema(load(file))
    resolver = RefResolver(file.resolve().as_uri(), load(file), store=store)
    return Draft202012Validator(load(file), resolver=resolver)


def schema_of(topic):
    """Name of the schema of a topic's payload, "" for plain text; KeyError for a foreign topic."""
    levels = topic.split("/")
    assert len(levels) >= 4, f"{topic} has fewer than four levels"
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", level) for level in levels), topic
    if levels[2] != "_bridge":
        return FRIDGE_KINDS[levels[3]]
    if levels[3] in BRIDGE_WIDE:
        return BRIDGE_WIDE[levels[3]]
    if levels[4] == "cmd":
        return f"bridge-cmd-{levels[5]}"
    return BRIDGE_KINDS[levels[4]]


def faults(topic, payload):
    """Sentences about one message; none where it keeps the contract."""
    if not payload:
        return []  # a retained message is taken back
    try:
        name = schema_of(topic)
    except KeyError as unknown:
        return [f"{topic}: no such kind of traffic: {unknown}"]
    if not name:
        text = payload.decode(errors="replace")
        return [] if text in ("online", "offline") else [f"{topic}: {text}"]
    return [f"{topic}: {fault}" for fault in body_faults(name, payload)]


def body_faults(name, body):
    """The same for a body whose schema is known."""
    try:
        value = json.loads(body, parse_constant=lambda word: f"not JSON: {word}")
    except ValueError as broken:
        return [f"{broken}: {body[:200]}"]
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"
            for error in validator(name).iter_errors(value)]
