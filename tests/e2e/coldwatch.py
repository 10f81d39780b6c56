"""The real programs, started, killed and started again as an operator or a power cut would."""

import json
import os
import struct
import subprocess
import sys
from collections import Counter
from pathlib import Path

import contract
from mosquitto import Listener, wait_until

sys.path.append(str(contract.PROJECT / "deploy" / "demo"))
from configs import RULES  # noqa: E402; each fault of the simulated fridge raises and clears both

SITE = "lab"
STOP_TIMEOUT_S = 10
HEAD_BYTES = 0x3000
ROW_BYTES = 504


def topic(fridge, rest):
    return f"coldwatch/{SITE}/{fridge}/{rest}"


def section(broker):
    """Of a config. These brokers let everybody write everything."""
    return {"uri": broker, "commands": "allow"} if isinstance(broker, str) else broker


class Programs:
    """Paths of what was built; COLDWATCH_BUILD names another build folder than build/release."""

    def __init__(self):
        self.folder = Path(os.environ.get("COLDWATCH_BUILD", contract.PROJECT / "build" / "release"))

    def find(self, path):
        program = self.folder / path
        assert program.is_file(), f"{program} does not exist: build first, or set COLDWATCH_BUILD"
        return program

    @property
    def agent(self):
        return self.find("coldwatch-agent")

    @property
    def bridge(self):
        return self.find("coldwatch-bridge")

    @property
    def session_probe(self):
        return self.find("tests/e2e/session_probe")


class Program:
    """One of our programs. `starts` counts how often it was started."""

    def __init__(self, command, log):
        self.command = [str(part) for part in command]
        self.log = Path(log)
        self.starts = 0
        self.process = None
        self.start()

    def start(self):
        self.starts += 1
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log)

    def kill(self):
        """As a power cut does: no instruction of the program runs any more."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(STOP_TIMEOUT_S)

    def restart(self):
        self.kill()
        self.start()

    def stop(self):
        """As an operator does; the exit status."""
        self.process.terminate()
        return self.process.wait(STOP_TIMEOUT_S)

    @property
    def alive(self):
        return self.process.poll() is None

    def words(self):
        return self.log.read_text(errors="replace")


class SteppedClock:
    """A clock, "STEADY" or "DAY", of programs started `under` it, which a test sets ahead or back
    (stepped_clock.cpp, built as `preloaded`)."""

    def __init__(self, preloaded, kind, file):
        self._file = file
        self.set_ahead(0)
        self.under = ["env", f"LD_PRELOAD={preloaded}", f"COLDWATCH_{kind}_AHEAD={file}"]

    def set_ahead(self, seconds):
        with open(self._file, "r+b" if self._file.exists() else "wb") as file:
            file.write(struct.pack("=q", int(seconds * 1000)))


class Lab:
    """A folder with configs, logs and state, and the programs that work on it."""

    def __init__(self, programs, folder):
        self.programs = programs
        self.folder = folder
        self.running = []
        self.listeners = []

    def logs(self, fridge):
        folder = self.folder / "logs" / fridge
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _start(self, name, command):
        self.running.append(Program(command, self.folder / f"{name}.log"))
        return self.running[-1]

    def simulator(self, fridge, *options):
        return self._start(f"simulator-{fridge}",
                           [self.programs.find("coldwatch-simulator"), "--folder",
                            self.logs(fridge), *options])

    def write_log(self, fridge, rows, *options):
        """A whole log at once."""
        subprocess.run([str(part) for part in
                        (self.programs.find("coldwatch-simulator"), "--folder", self.logs(fridge),
                         "--fast", "--quiet", "--rows", rows, *options)], check=True)

    def agent(self, fridge, broker, start="beginning", rules=RULES, under=(), **settings):
        """`broker` is a URI, or the config's section; `under` is a command that starts the agent's."""
        config = self.folder / f"{fridge}.json"
        config.write_text(json.dumps({
            "site": SITE, "fridge": fridge,
            "broker": section(broker),
            "log": {"folder": str(self.logs(fridge)), "poll": "50ms", "start": start},
            "rules": rules, "heartbeat": "1s",
            "state_file": str(self.folder / f"{fridge}.state.json"), **settings}))
        return self._start(f"agent-{fridge}", [*under, self.programs.agent, "run", "--config", config])

    def bridge(self, broker, notifiers, name="bridge", under=(), **settings):
        config = self.write_bridge(broker, notifiers, name, **settings)
        return self._start(name, [*under, self.programs.bridge, "run", "--config", config])

    def write_bridge(self, broker, notifiers, name="bridge", **settings):
        """The config that bridge() starts with; written anew it is what a reload reads."""
        config = self.folder / f"{name}.json"
        config.write_text(json.dumps({
            "bridge": "main", "site": SITE,
            "broker": section(broker),
            "grouping": {"group_wait": "1s", "critical_wait": "1s", "update_interval": "2s"},
            "start_grace": "1s", "notifiers": notifiers,
            "routes": [{"match": {}, "to": [entry["name"] for entry in notifiers]}],
            "store": str(self.folder / f"{name}.sqlite"), **settings}))
        return config

    def listener(self, port, *topics, **options):
        """Remembers messages; close() holds each against the wire contract."""
        self.listeners.append(Listener(port, topics or ("coldwatch/#",), **options))
        return self.listeners[-1]

    def webhook(self, url, name="hook"):
        file = self.folder / f"{name}.url"
        file.write_text(f"{url}/\n")
        return {"name": name, "type": "webhook", "url_file": str(file)}

    @staticmethod
    def email(port, name="mail"):
        return {"name": name, "type": "email", "host": "127.0.0.1", "port": port,
                "security": "none", "from": "Coldwatch <coldwatch@lab.example>",
                "to": ["team@lab.example"]}

    def close(self):
        for program in self.running:
            program.kill()
        for one in self.listeners:
            one.close()
        faults = {fault for one in self.listeners for message in one.messages
                  for fault in contract.faults(message.topic, message.payload)}
        assert not faults, "\n" + "\n".join(sorted(faults)[:20])


class Arrivals:
    """What a listener got of one fridge, in the terms of the contract."""

    def __init__(self, listener, fridge):
        self._listener = listener
        self._fridge = fridge
        self._read = 0
        self.rows = {}  # file -> set of row numbers
        self.row_messages = 0
        self.events = {}  # id -> payload

    def update(self):
        messages = self._listener.messages
        while self._read < len(messages):
            message = messages[self._read]
            self._read += 1
            if message.topic.startswith(topic(self._fridge, "rows/")):
                self.row_messages += 1
                for row in json.loads(message.payload):
                    self.rows.setdefault(row["file"], set()).add(int(row["row"]))
            elif message.topic == topic(self._fridge, "event"):
                event = json.loads(message.payload)
                self.events[event["id"]] = event
        return self

    def count(self):
        return sum(len(rows) for rows in self.update().rows.values())

    def wait_for_rows(self, count, timeout_s):
        wait_until(lambda: self.count() >= count, timeout_s,
                   f"{count} rows of {self._fridge} have arrived")

    def watermark(self):
        """The highest seq that a bridge has confirmed."""
        wanted = f"coldwatch/{SITE}/_bridge/confirmed/{self._fridge}"
        return max((json.loads(payload)["seq"] for payload in self._listener.payloads(wanted)
                    if payload), default=0)

    def transitions(self):
        """How many alarms were raised and cleared, by rule and type."""
        return Counter((event["rule"], event["type"]) for event in self.update().events.values()
                       if event["type"] in ("raise", "clear"))


def rows_in(folder):
    """Numbers of the rows that the logs of a folder hold, by file name."""
    return {file.name: set(range((file.stat().st_size - HEAD_BYTES) // ROW_BYTES))
            for file in Path(folder).glob("*.vcl")}


def water_faults(count, every_minutes, length_minutes=40):
    """Options for a simulator: the water fails and comes back, again and again."""
    for fault in range(1, count + 1):
        at = fault * every_minutes
        yield from ("--at", f"{at}m", "water_failure", "--at", f"{at + length_minutes}m", "recovery")


def told_items(hook):
    """How often a webhook server was told of each turn of each alarm."""
    return Counter((item["intent"], item["fridge"], item["rule"], item["since"])
                   for request in hook.requests
                   for item in json.loads(request.body)["data"]["items"])


def history(bridge):
    """The lines of a bridge's history."""
    program, _run, *config = bridge.command
    return json.loads(subprocess.run([program, "history", *config, "--json", "--most", "1000000"],
                                     check=True, capture_output=True, timeout=60).stdout)


def effects(bridge):
    """How often each rule event stands in the history of a bridge, by the event's id."""
    return Counter(line["body"]["id"] for line in history(bridge) if line["kind"] == "event")
