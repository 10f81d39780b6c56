#!/usr/bin/env python3
"""Makes docs/configuration.md from the schemas of the two config files: every key with its meaning, its
default and what it may be. Without arguments it writes the file; with --print it prints it."""

import json
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
HEAD = """# Configuration

Every key of both config files. Made from [schemas/](../schemas) by `docs/make_configuration.py`; do not
edit it here. [config/agent.json](../config/agent.json) and [config/bridge.json](../config/bridge.json) show
the same keys in their places, and `check --config FILE` names every mistake with its key.

Both files are JSON with comments. Durations are texts, a number with its unit: `500ms`, `90s`, `5m`, `2h`,
`7d`. Relative paths count from the file's folder.
"""
PROGRAMS = (("coldwatch-agent", "agent-config.schema.json"),
            ("coldwatch-bridge", "bridge-config.schema.json"))


def load(name):
    return json.loads((PROJECT / "schemas" / name).read_text(encoding="utf-8"))


class Reference:
    """Walks one schema; `rows` are key, what it may be, default and meaning."""

    def __init__(self, schema):
        self.schema = schema
        self.rows = []

    def resolve(self, node):
        """The node with what it refers to in this file; another file's stays a reference."""
        seen = {}
        while str(node.get("$ref", "")).startswith("#/"):
            seen = {**{key: value for key, value in node.items() if key != "$ref"}, **seen}
            target = self.schema
            for part in node["$ref"][2:].split("/"):
                target = target[part]
            node = target
        return {**node, **seen}

    def kind(self, node):
        if "$ref" in node:
            return "see [A rule](#a-rule)" if "rule" in node["$ref"] else f"see {node['$ref']}"
        if "const" in node:
            return f"`{json.dumps(node['const'])}`"
        if "enum" in node:
            return " or ".join(f"`{json.dumps(value)}`" for value in node["enum"])
        kind = node.get("type", "")
        kind = " or ".join(kind) if isinstance(kind, list) else kind
        if kind == "array" and isinstance(node.get("items"), dict):
            kind = f"list of {self.kind(self.resolve(node['items'])) or 'values'}"
        least, most = node.get("minimum"), node.get("maximum")
        if least is not None or most is not None:
            kind += f", {'' if least is None else least} to {'any' if most is None else most}"
        return kind

    def walk(self, node, path, depth=0):
        node = self.resolve(node)
        for key, value in node.get("properties", {}).items():
            value = self.resolve(value)
            place = f"{path}{key}"
            default = f"`{json.dumps(value['default'], ensure_ascii=False)}`" if "default" in value else ""
            needed = "**needed**" if key in node.get("required", []) else default
            self.rows.append((place, self.kind(value), needed, value.get("description", "")))
            if depth > 6:
                continue
            self.walk(value, f"{place}.", depth + 1)
            if isinstance(value.get("items"), dict):
                self.walk(value["items"], f"{place}[].", depth + 1)
            if isinstance(value.get("additionalProperties"), dict):
                self.walk(value["additionalProperties"], f"{place}.NAME.", depth + 1)
        for word in ("allOf", "anyOf", "oneOf"):
            for part in node.get(word, []):
                self.walk(part, path, depth + 1)
        if "then" in node:
            self.walk(node["then"], path, depth + 1)


def cell(text):
    return " ".join(str(text).split()).replace("|", "\\|").replace("<", "&lt;")


def table(schema):
    reference = Reference(schema)
    reference.walk(schema, "")
    seen = set()
    lines = ["| key | what it may be | default | meaning |", "|---|---|---|---|"]
    for place, kind, default, meaning in reference.rows:
        line = f"| `{place}` | {cell(kind)} | {cell(default)} | {cell(meaning)} |"
        if line not in seen and (meaning or place not in {one.split("`")[1] for one in seen}):
            lines.append(line)
        seen.add(line)
    return lines


def page():
    parts = [HEAD]
    for program, name in PROGRAMS:
        schema = load(name)
        parts += [f"## {program}", "", schema.get("description", ""), "", *table(schema), ""]
    rules = load("rules.schema.json")
    parts += ["## A rule", "", "[rules.md](rules.md) explains rules; these are their keys.", "",
              *table(rules.get("$defs", {}).get("rule", rules) | {"$defs": rules.get("$defs", {})}), ""]
    return "\n".join(parts)


if __name__ == "__main__":
    if "--print" in sys.argv:
        print(page(), end="")
    else:
        (PROJECT / "docs" / "configuration.md").write_text(page(), encoding="utf-8")
