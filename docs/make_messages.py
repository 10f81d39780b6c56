#!/usr/bin/env python3
"""Makes docs/messages.html, the reference of the wire contract, from schemas/asyncapi.yaml and the JSON
Schemas of the messages. Without arguments it writes the file; with --print it prints it."""

import html
import json
import re
import sys
from pathlib import Path

import yaml

PROJECT = Path(__file__).resolve().parents[1]
SCHEMAS = PROJECT / "schemas"
DEEPEST = 3
HEAD = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Coldwatch: messages</title>
<style>
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 1000px; margin: 0 auto; padding: 16px; }
h2 { font: 600 1.1rem ui-monospace, monospace; margin: 40px 0 4px; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; vertical-align: top; padding: 4px 10px 4px 0;
         border-top: 1px solid #8884; }
th { white-space: nowrap; } td:first-child { min-width: 7em; overflow-wrap: anywhere; }
code, pre { font: .88rem ui-monospace, monospace; }
pre { background: #8882; border-radius: 8px; padding: 10px; white-space: pre-wrap; overflow-wrap: anywhere; }
.facts { opacity: .75; font-size: .92rem; } nav { columns: 26em 2; } nav a { display: block; }
</style></head><body>
"""


def text(value):
    """One line as HTML; `code` and *emphasis* as in Markdown."""
    escaped = html.escape(" ".join(str(value).split()))
    escaped = re.sub(r"`([^`]+)`", r"<code>\1</code>", escaped)
    return re.sub(r"\*(\w+)\*", r"<em>\1</em>", escaped)


def load(payload):
    """The schema of a message: in the document itself or in a file beside it."""
    reference = payload.get("$ref")
    if reference is None:
        return payload
    return json.loads((SCHEMAS / reference).read_text(encoding="utf-8"))


def resolve(node, schema):
    reference = str(node.get("$ref", ""))
    if not reference.startswith("#/"):
        return node
    target = schema
    for part in reference[2:].split("/"):
        target = target[part]
    return {**target, **{key: value for key, value in node.items() if key != "$ref"}}


def kind(node):
    if "const" in node:
        return json.dumps(node["const"])
    if "enum" in node:
        return " or ".join(json.dumps(value) for value in node["enum"])
    found = node.get("type", "any")
    return " or ".join(found) if isinstance(found, list) else found


def rows(node, schema, path="", depth=0):
    """Key, kind, whether it is always there, and meaning, of everything in an object."""
    node = resolve(node, schema)
    if node.get("type") == "array" and isinstance(node.get("items"), dict):
        yield from rows(node["items"], schema, path, depth)
        return
    for key, value in node.get("properties", {}).items():
        value = resolve(value, schema)
        place = f"{path}{key}"
        yield place, kind(value), key in node.get("required", []), value.get("description", "")
        if depth < DEEPEST:
            yield from rows(value, schema, place + ".", depth + 1)
    more = node.get("additionalProperties")
    if isinstance(more, dict):
        more = resolve(more, schema)
        yield f"{path}KEY", kind(more), False, more.get("description", "")
        if depth < DEEPEST:
            yield from rows(more, schema, f"{path}KEY.", depth + 1)


def section(name, channel, operation):
    message = next(iter(channel["messages"].values()))
    schema = load(message["payload"])
    mqtt = operation["bindings"]["mqtt"]
    facts = ", ".join((f"QoS {mqtt['qos']}", "retained" if mqtt.get("retain") else "not retained",
                       "Coldwatch publishes it" if operation["action"] == "send"
                       else "Coldwatch takes it"))
    yield f'<h2 id="{name}">{text(channel["address"])}</h2>'
    yield f"<p>{text(schema.get('description') or channel.get('description', ''))}</p>"
    yield f'<p class="facts">{facts}</p>'
    found = list(rows(schema, schema))
    if found:
        yield "<table><tr><th>key</th><th>is</th><th>always</th><th>meaning</th></tr>"
        for place, what, always, meaning in found:
            yield (f"<tr><td><code>{text(place)}</code></td><td>{text(what)}</td>"
                   f"<td>{'yes' if always else ''}</td><td>{text(meaning)}</td></tr>")
        yield "</table>"
    else:
        yield f"<p>The payload is {text(kind(schema))}.</p>"
    for example in schema.get("examples", [])[:1]:
        yield f"<pre>{html.escape(json.dumps(example, ensure_ascii=False))}</pre>"


def page():
    document = yaml.safe_load((SCHEMAS / "asyncapi.yaml").read_text(encoding="utf-8"))
    operations = {one["channel"]["$ref"].rsplit("/", 1)[1]: one
                  for one in document["operations"].values()}
    info = document["info"]
    parts = [HEAD, f"<h1>{text(info['title'])} {text(info['version'])}: messages</h1>"]
    parts += [f"<p>{text(paragraph)}</p>" for paragraph in info["description"].split("\n\n")]
    parts.append("<nav>")
    parts += [f'<a href="#{name}"><code>{text(channel["address"])}</code></a>'
              for name, channel in document["channels"].items()]
    parts.append("</nav>")
    for name, channel in document["channels"].items():
        parts += section(name, channel, operations[name])
    return "\n".join([*parts, "</body></html>"]) + "\n"


if __name__ == "__main__":
    if "--print" in sys.argv:
        print(page(), end="")
    else:
        (PROJECT / "docs" / "messages.html").write_text(page(), encoding="utf-8")
