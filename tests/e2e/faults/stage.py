"""Everything that faults are done to: a broker, agents on growing logs, a bridge, and those who are
told. What ends is started again after a moment, as systemd would."""

import json
import os
import re
import shutil
import subprocess
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path

import paho.mqtt.client as paho

from coldwatch import SITE, Program, SteppedClock
from mosquitto import Mosquitto, free_port, wait_until
from network import IN_NAMESPACE, make_network
from scripted_servers import Answer, ScriptedHttp, ScriptedSmtp
from writers import Writers, make_fridges, row_number

DISK_SIZE = "24m"
PATIENCE = "hook_down"  # the server that is down for the whole run: for an hour, in one of an hour
RESTART_S = 1
EPISODE = re.compile(r"Too hot: (\d+)")
RULE = {"id": "hot", "initial": "low",
        "high": {"at": 500, "severity": "critical", "text": "Too hot: {value}"},
        "low": {"at": 5, "severity": "info", "text": "Cool again"}}


class Recorder:
    """A subscriber of the lab, on a way of its own to the broker: what it gets counts as received."""

    def __init__(self, port):
        self.rows = defaultdict(lambda: defaultdict(set))  # fridge -> number -> places in the log
        self.row_messages = 0
        self.again = 0  # rows that came more than once, from the same place
        self.latest_s = 0
        self.events = {}  # (fridge, episode) -> when its beginning was first heard of
        self._subscribed = threading.Event()
        self.written = {}  # fridge -> its Fridge.written
        self._client = paho.Client(client_id="recorder")
        self._client.reconnect_delay_set(0.1, 0.2)
        self._client.on_connect = lambda client, *_: client.subscribe(
            [(f"coldwatch/{SITE}/+/{what}", 1) for what in ("rows/+", "event")])
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_disconnect = lambda *_: self._subscribed.clear()
        self._client.on_message = self._on_message
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        self.wait()

    def wait(self):
        assert self._subscribed.wait(20), "the recorder could not subscribe"

    def _on_message(self, _client, _data, message):
        now = time.monotonic()
        fridge = message.topic.split("/")[2]
        if message.topic.endswith("/event"):
            raised = EPISODE.search(json.loads(message.payload).get("text", ""))
            if raised:
                self.events.setdefault((fridge, int(raised[1])), now)
            return
        self.row_messages += 1
        for row in json.loads(message.payload):
            value = next(v for key, v in row.items() if key not in ("t", "file", "row"))
            number = row_number(value)
            place = (row["file"], row["row"], row["t"])
            places = self.rows[fridge][number]
            self.again += place in places
            if not places:
                self.latest_s = max(self.latest_s, now - self.written[fridge].get(number, now))
            places.add(place)

    def close(self):
        self._client.disconnect()
        self._client.loop_stop()


class Stage:
    def __init__(self, build, folder, seed, agents):
        self.build, self.folder = Path(build), folder
        self.disks = {name: self._disk(name) for name in ("state", "store", "broker")}
        programs_port = free_port()  # the broker's other one has no faults
        self.broker = Mosquitto(folder / "mosquitto", lines=(
            "persistence true", "autosave_interval 2", f"persistence_location {self.disks['broker']}/",
            "max_queued_messages 0", "max_inflight_messages 0", f"listener {programs_port} 127.0.0.1"))
        self.network = make_network(programs_port)
        self.recorder = Recorder(self.broker.port)
        self.clocks = {}  # of the day, by program
        self.hooks = {name: ScriptedHttp(Answer(204)) for name in ("hook_a", "hook_b")}
        self.hooks[PATIENCE] = ScriptedHttp(Answer(500))
        self.mail = ScriptedSmtp()
        self.fridges = make_fridges(folder, seed, agents)
        self.recorder.written = {name: one.written for name, one in self.fridges.items()}
        self.programs = {}
        self._held = Counter()  # programs that nobody starts again for now
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self.start_bridge()
        for name in self.fridges:
            self.start_agent(name)
        self.writers = Writers(self.fridges.values())
        threading.Thread(target=self._watch, daemon=True).start()

    def _disk(self, name):
        disk = self.folder / name
        disk.mkdir()
        if IN_NAMESPACE:
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_SIZE}", "tmpfs", disk],
                           check=True)
        return disk

    # Programs.

    def agent_config(self, name):
        return self.folder / f"{name}.json"

    def state_file(self, name):
        return self.disks["state"] / f"{name}.state.json"

    def start_agent(self, name):
        fridge = self.fridges[name]
        fridge.logs.mkdir(parents=True)
        self.agent_config(name).write_text(json.dumps({
            "site": SITE, "fridge": name,
            "broker": {"uri": f"mqtt://127.0.0.1:{self.network.port}", "keep_alive": "5s"},
            "log": {"folder": str(fridge.logs), "poll": "200ms", "start": "beginning",
                    "time_zone": getattr(fridge.format, "zone", "UTC"), "format": fridge.format.name,
                    "options": fridge.format.options},
            "rules": [{**RULE, "channel": fridge.format.channel}],
            "heartbeat": "2s", "state_file": str(self.state_file(name))}))
        # Root may read everything; an agent that has lost a permission must not.
        plain = (["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
                 if os.geteuid() == 0 else [])
        self._start(name, [*plain, *self._under_clock(name), self.build / "coldwatch-agent",
                           "run", "--config", self.agent_config(name)])

    def start_bridge(self):
        notifiers = [{"name": "mail", "type": "email", "host": "127.0.0.1", "port": self.mail.port,
                      "security": "none", "from": "Coldwatch <coldwatch@lab.example>",
                      "to": ["team@lab.example"]}]
        for name, hook in self.hooks.items():
            (self.folder / f"{name}.url").write_text(hook.url + "/\n")
            (self.folder / f"{name}.url").chmod(0o600)
            notifiers.append({"name": name, "type": "webhook",
                              "url_file": str(self.folder / f"{name}.url")})
        self.bridge_config = self.folder / "bridge.json"
        self.bridge_config.write_text(json.dumps({
            "bridge": "main", "site": SITE, "store": str(self.disks["store"] / "bridge.sqlite"),
            "broker": {"uri": f"mqtt://127.0.0.1:{self.network.port}", "keep_alive": "5s"},
            "grouping": {"by": ["fridge"], "group_wait": "1s", "critical_wait": "1s",
                         "update_interval": "2s"},
            "flapping": {"count": 100, "window": "1s"}, "start_grace": "2s",
            "repeat": {"critical": "0s", "warning": "0s"}, "notifiers": notifiers,
            "routes": [{"match": {}, "to": [one["name"] for one in notifiers]}]}))
        self._start("bridge", [*self._under_clock("bridge"), self.build / "coldwatch-bridge",
                               "run", "--config", self.bridge_config])

    def _under_clock(self, name):
        """Right at each start."""
        self.clocks[name] = SteppedClock(self.build / "tests" / "e2e" / "stepped_clock.so", "DAY",
                                         self.folder / f"{name}.clock")
        return self.clocks[name].under

    def _start(self, name, command):
        self.programs[name] = Program(command, self.folder / f"{name}.log")

    def hold(self, name):
        """Kills a program that stays down until it is released."""
        with self._lock:
            self._held[name] += 1
            self.programs[name].kill()

    def release(self, name):
        with self._lock:
            self._held[name] -= 1
            if self._held[name] == 0:
                self.programs[name].start()

    def _watch(self):
        while not self._ended.wait(RESTART_S):
            with self._lock:
                for name, program in self.programs.items():
                    if not self._held[name] and not program.alive:
                        program.start()

    def restart_broker(self, forget=False):
        """The recorder is there again before any program is: nobody keeps what nobody asked for."""
        self.network.cut()
        self.broker.kill()
        if forget:
            (self.disks["broker"] / "mosquitto.db").unlink(missing_ok=True)
        self.broker.start()
        self.recorder.wait()
        self.network.heal()

    def forget_session(self, client_id):
        """The broker forgets what it keeps for a client: another one of that name wants it so."""
        forgetter = paho.Client(client_id=client_id, clean_session=True)
        forgetter.connect("127.0.0.1", self.broker.port)
        forgetter.disconnect()
        forgetter.loop(timeout=1)

    def client_ids(self):
        return ["coldwatch-bridge-main", *(f"coldwatch-{SITE}-{name}" for name in self.fridges)]

    def wait_for_rows(self, name, timeout_s=90):
        """Waits, while the log does not grow, until the lab has all of it."""
        written, received = self.fridges[name].written, self.recorder.rows[name]
        wait_until(lambda: len(received) >= len(written), timeout_s,
                   f"every row of {name} has arrived", poll_s=0.1)

    def close(self):
        self._ended.set()
        self.writers.close()
        for program in self.programs.values():
            program.kill()
        self.recorder.close()
        self.network.close()
        self.broker.kill()
        for server in (*self.hooks.values(), self.mail):
            server.close()

    def keep_evidence(self):
        """Copies what ends with the namespace, and what the servers took."""
        for name, disk in self.disks.items():
            shutil.copytree(disk, self.folder / "evidence" / name)
        for number, mail in enumerate(self.mail.messages):
            (self.folder / "evidence" / f"{number:04}.eml").write_bytes(mail)
        for name, hook in self.hooks.items():
            lines = [f"{one.at:.1f} {one.answer} {one.body.decode()}\n" for one in hook.requests]
            (self.folder / "evidence" / f"{name}.requests").write_text("".join(lines))
