"""Writes the config files of the demo: small ones, as a lab would begin with."""

import json
import re
from pathlib import Path

SITE = "demo"

# Both rules carry the same cause, so that they become one incident over all fridges.
RULES = [
    {"id": "water_hot", "channel": "Output Water Temp", "cause": "cooling_water", "initial": "low",
     "high": {"at": 29, "severity": "critical", "text": "Cooling water is too warm"},
     "low": {"at": 27, "severity": "info", "text": "Cooling water is cold again"}},
    {"id": "pt_off", "channel": "Motor Current", "cause": "cooling_water", "initial": "high",
     "low": {"at": 10, "severity": "critical", "text": "Pulse tube is off"},
     "high": {"at": 10.1, "severity": "info", "text": "Pulse tube is on"}},
]


def write(file, settings):
    file.write_text(json.dumps(settings, indent=2) + "\n")
    return file


def fridge_name(folder):
    """A name for the fridge whose logs lie in `folder`, as it may stand in a topic."""
    return re.sub(r"[^A-Za-z0-9]+", "_", Path(folder).resolve().name).strip("_")[:64] or "fridge"


def agent_config(folder, fridge, logs, broker_port, start, rules):
    return write(folder / f"{fridge}.json", {
        "site": SITE, "fridge": fridge,
        "broker": {"uri": f"mqtt://127.0.0.1:{broker_port}"},
        "log": {"folder": str(logs), "poll": "200ms", "start": start},
        "rules": rules, "heartbeat": "5s", "state_file": str(folder / f"{fridge}.state.json")})


def bridge_config(folder, broker_port, smtp_port, http_port):
    url = folder / "webhook.url"
    url.write_text(f"http://127.0.0.1:{http_port}/coldwatch\n")
    return write(folder / "bridge.json", {
        "bridge": "main", "site": SITE,
        "broker": {"uri": f"mqtt://127.0.0.1:{broker_port}"},
        # The compressors give up seconds after the water: a message that waits for them says more.
        "grouping": {"critical_wait": "12s"},
        "start_grace": "2s",
        "notifiers": [
            {"name": "mail", "type": "email", "host": "127.0.0.1", "port": smtp_port,
             "security": "none", "from": "Coldwatch <coldwatch@localhost.localdomain>",
             "to": ["team@localhost.localdomain"]},
            {"name": "hook", "type": "webhook", "url_file": str(url)}],
        "routes": [{"match": {}, "to": ["mail", "hook"]}],
        "store": str(folder / "bridge.sqlite")})


def broker_config(folder, port):
    # Started by root it would become another user, and with that lose the signal that ends it when
    # the demo is killed.
    file = folder / "mosquitto.conf"
    file.write_text(f"user root\nlistener {port} 127.0.0.1\nallow_anonymous true\nlog_type error\n"
                    "max_inflight_messages 200\nmax_queued_messages 20000\n")
    return file
