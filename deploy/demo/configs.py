"""Writes the config files of the demo: small ones, as a lab would begin with."""

import json
import re
import subprocess
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


def without_comments(text):
    """JSON with // comments as JSON; strings stay as they are."""
    pattern = r'("(?:\\.|[^"\\])*")|//[^\n]*'
    return re.sub(pattern, lambda found: found.group(1) or "", text)


def for_demo(folder, settings, broker_port):
    """Writes an agent's config whose broker and state are the demo's."""
    fridge = settings["fridge"]
    return write(folder / f"{fridge}.json", {
        **settings, "site": SITE,
        "broker": {"uri": f"mqtt://127.0.0.1:{broker_port}", "commands": "allow"},
        "heartbeat": "5s", "state_file": str(folder / f"{fridge}.state.json")})


def simulated(folder, fridge, logs, broker_port):
    log = {"folder": str(logs), "poll": "200ms"}
    return for_demo(folder, {"fridge": fridge, "log": log, "rules": RULES}, broker_port)


def own(folder, agent, logs, broker_port, start):
    """The fridge's name and its config, as `coldwatch-agent init` would have it."""
    library = Path(__file__).resolve().parents[2] / "config" / "rules"
    done = subprocess.run([agent, "init", "--rules", library, logs], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(done.stderr.strip())
    settings = json.loads(without_comments(done.stdout))
    settings["log"]["start"] = start
    settings["rule_library_folder"] = str(library)
    return settings["fridge"], for_demo(folder, settings, broker_port)


def bridge_config(folder, broker_port, smtp_port, http_port):
    url = folder / "webhook.url"
    url.touch(mode=0o600)
    url.write_text(f"http://127.0.0.1:{http_port}/coldwatch\n")
    return write(folder / "bridge.json", {
        "bridge": "main", "site": SITE,
        "broker": {"uri": f"mqtt://127.0.0.1:{broker_port}", "commands": "allow"},
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
