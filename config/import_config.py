#!/usr/bin/python3
"""Turns the config.py of the original alarm script into agent.json and bridge.json, with its texts and
limits, without running it.

    /usr/bin/python3 config/import_config.py CONFIG_PY FOLDER

Writes into FOLDER, which is made, and into no file that is there already. What cannot be carried over is
said on standard error. Secrets go into files of their own that only their owner can read."""
import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from config_values import Values  # noqa: E402

LARGEST_BYTES = 1_000_000
METHODS = {"lark": "lark", "wechat": "wecom", "slack": "slack", "email": "email"}
FORMATS = {"triton": "vcl", "ppms": "auto", "xs400": "auto"}


class WrongConfig(Exception):
    """Not a config of the original script."""


def key_of(name):
    return re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_") or "_"


def placeholders_off(text):
    return text.replace("{", "(").replace("}", ")")


def limits_of(name, rule):
    """val_low, val_high, msg_low, msg_high, status_init and delay_snapshot, or WrongConfig."""
    shape = "[val_low, val_high, msg_low, msg_high, status_init, delay_snapshot]"
    if not isinstance(rule, list) or not 5 <= len(rule) <= 6:
        raise WrongConfig(f"rules[{name!r}]: found {rule!r}, expected {shape}")
    low, high, text_low, text_high, status = rule[:5]
    numbers = all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in (low, high))
    texts = all(isinstance(one, str) for one in (text_low, text_high))
    if not numbers or not texts or low > high:
        raise WrongConfig(f"rules[{name!r}]: found {rule!r}, expected two limits, the lower first, and two texts")
    delay = rule[5] if len(rule) == 6 else None
    if delay is not None and (isinstance(delay, bool) or not isinstance(delay, (int, float)) or delay < 0):
        raise WrongConfig(f"rules[{name!r}]: found the delay {delay!r}, expected seconds")
    return low, high, text_low, text_high, bool(status), delay


def side_of(limit, text, delay, notes, rule_id):
    side = {"at": limit}
    if text:
        side["severity"] = "critical" if "Alarm" in text else "info"
        side["text"] = placeholders_off(text)
    if text.startswith("Trigger") and delay is not None:
        side["snapshot_after"] = f"{delay:g}s"
        notes.append(f"{rule_id}: the trigger is told at once, and its snapshot {delay:g} s later")
    return side


def channel_of(label, labels):
    """The label, and the key of a repeated column where the config numbered it by hand."""
    numbered = re.fullmatch(r"(.*\D)(\d)", label)
    if numbered and numbered[1] in labels:
        return [label, f"{key_of(numbered[1])}_{numbered[2]}"]
    return label


def unique(rule_id, used):
    rule_id = rule_id[:60]
    number, found = 2, rule_id
    while found in used:
        found, number = f"{rule_id}_{number}", number + 1
    used.add(found)
    return found


def rules_of(rules, labels, notes):
    converted, used = [], set()
    for name, rule in rules.items():
        low, high, text_low, text_high, status, delay = limits_of(name, rule)
        label, _, number = name.partition(":")
        if labels and label not in labels:
            notes.append(f"rules[{name!r}]: labels has no {label!r}, so that the original never looked at it")
        if not text_low and not text_high:
            notes.append(f"rules[{name!r}]: has no text on either side and is left out")
            continue
        parts = [(text_low, text_high)]
        if "Alarm" in text_low and "Alarm" in text_high:
            notes.append(f"rules[{name!r}]: both sides are alarms; made two rules, each with its own end")
            parts = [(text_low, ""), ("", text_high)]
        for part_low, part_high in parts:
            rule_id = unique(key_of(label) + (f"_{key_of(number)}" if number else ""), used)
            converted.append({"id": rule_id, "channel": channel_of(label, labels),
                              "low": side_of(low, part_low, delay, notes, rule_id),
                              "high": side_of(high, part_high, delay, notes, rule_id),
                              "initial": "high" if status else "low"})
    return converted


def agent_of(values, notes):
    names = values.names
    labels = names.get("labels", [])
    rules = names.get("rules", {})
    if not isinstance(rules, dict) or not isinstance(labels, list):
        raise WrongConfig("expected `rules` to be a dict of lists and `labels` a list of texts")
    kind = names.get("data_type", "triton")
    if kind not in FORMATS:
        notes.append(f"data_type {kind!r} is not known; every format will be asked")
    fridge = str(names.get("fridge_name", "fridge"))
    agent = {"fridge": key_of(fridge)[:64],
             "log": {"folder": names.get("folder") or "C:/path/of/the/logs",
                     "format": FORMATS.get(kind, "auto")},
             "rules": rules_of(rules, labels, notes),
             "snapshot": {"channels": names.get("snapshot_list", []),
                          "schedule": "monthly 2nd tue 12:00"}}
    if agent["fridge"] != fridge:
        notes.append(f"fridge_name {fridge!r} is {agent['fridge']!r} in topics and messages")
    if not names.get("folder"):
        notes.append("folder is empty: set log.folder in agent.json")
    if isinstance(names.get("period"), (int, float)) and names["period"] > 0:
        agent["log"]["poll"] = f"{names['period']:g}s"
        notes.append("period is kept as log.poll; 1s costs the PC nothing and tells an alarm sooner")
    if kind == "triton" and labels:
        agent["channels"] = {"names": labels}
        notes.append("labels are needed for files without names only; num comes from the file itself")
    return agent


def notifier_of(names, notes):
    """The notifier, and the secrets as {file name: text}."""
    method = names.get("method")
    if method not in METHODS:
        notes.append(f"method {method!r} is not known: messages go to the console; add a notifier to bridge.json")
        return {"name": "console", "type": "console"}, {}
    if method != "email":
        url = names.get("url") or ""
        if not url:
            notes.append(f"url is empty: write the address of the robot into {method}.url")
        return {"name": method, "type": METHODS[method], "url_file": f"{method}.url"}, {f"{method}.url": url}
    port = str(names.get("port", "587"))
    if not port.isdigit() or not 0 < int(port) < 65536:
        notes.append(f"port {port!r} is none; set to 587")
        port = "587"
    security = "tls" if port == "465" else "starttls"
    notes.append(f"the original sent its password unencrypted; the mail server is now asked for {security}")
    address = names.get("email", "")
    return ({"name": "mail", "type": "email", "host": names.get("host", ""), "port": int(port),
             "security": security, "user": address, "password_file": "smtp.password",
             "from": address, "to": names.get("recipients", [])},
            {"smtp.password": names.get("password", "")})


def convert(source):
    """agent, bridge, secrets by file name, and what could not be carried over."""
    try:
        values = Values(source)
    except (SyntaxError, ValueError, RecursionError) as error:
        raise WrongConfig(f"cannot be read as Python: {error}") from error
    if "rules" not in values.names:
        why = values.refused.get("rules", "there is none")
        raise WrongConfig(f"rules: {why}")
    notes = [f"{name} is left out, {why}" for name, why in values.refused.items()]
    agent = agent_of(values, notes)
    notifier, secrets = notifier_of(values.names, notes)
    bridge = {"bridge": "main", "notifiers": [notifier]}
    return agent, bridge, secrets, notes


def write_new(path, text, mode):
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
        file.write(text)


def main(arguments):
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    config, folder = arguments
    try:
        with open(config, encoding="utf-8-sig", errors="replace") as file:
            source = file.read(LARGEST_BYTES + 1)
        if len(source) > LARGEST_BYTES:
            raise WrongConfig(f"is larger than {LARGEST_BYTES} bytes")
        agent, bridge, secrets, notes = convert(source)
        for notifier in bridge["notifiers"]:
            for key in [key for key in notifier if key.endswith("_file")]:
                notifier[key] = os.path.abspath(os.path.join(folder, notifier[key]))
        os.makedirs(folder, exist_ok=True)
        for name, text in secrets.items():
            write_new(os.path.join(folder, name), f"{text}\n", 0o600)
        for name, value in (("agent.json", agent), ("bridge.json", bridge)):
            write_new(os.path.join(folder, name), json.dumps(value, indent=2, ensure_ascii=False) + "\n", 0o644)
    except (WrongConfig, OSError) as error:
        print(f"{config}: {error}", file=sys.stderr)
        return 2
    for note in notes:
        print(note, file=sys.stderr)
    print(f"wrote agent.json and bridge.json into {folder}; look at both, then run check on each")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
