#!/usr/bin/python3
"""Runs all of Coldwatch on this machine: broker, agents, bridge, a mail server and a web server.

usage: demo.py BUILD [--once | FOLDER]
"""

import fcntl
import shutil
import signal
import sys
import time
from pathlib import Path

import configs
import verdict
from mail_sink import MailSink
from processes import Children, choose_port, wait_for_port
from screen import Screen
from watcher import TRITON, Watcher
from webhook_sink import WebhookSink

SPEED = 60
WATER_FAILS_S = 10
WATER_RETURNS_S = 40
ONCE_TIMEOUT_S = 85
INTERRUPTED = 130
DAY_S = 24 * 3600
SETTLE_S = 4  # after the last message expected: nothing else may come


class Stop(Exception):
    pass


def on_signal(*_arguments):
    raise Stop


class Demo:
    def __init__(self, build, folder):
        self.build = build
        self.folder = folder
        self.screen = Screen()
        self.children = Children(folder)
        self.ports = {"broker": choose_port(18830), "smtp": choose_port(18025),
                      "http": choose_port(18080)}
        self.watcher = None
        self.mails = MailSink(folder / "mails", self.ports["smtp"], self.show_mail)
        self.hooks = WebhookSink(self.ports["http"], self.show_post)

    def show_mail(self, mail):
        title = f"to {', '.join(mail.to)}: {mail.header('Subject')}"
        self.screen.frame("mail", title, mail.text)

    def show_post(self, post):
        data = post.get("data", {})
        items = data.get("items", [])
        fridges = ", ".join(sorted({item.get("fridge", "") for item in items}))
        words = f"{post.get('type', 'message')}: {len(items)} alarms of {fridges}"
        self.screen.line("webhook", words, "blue")

    def start(self, agents, columns=None):
        port = self.ports["broker"]
        config = configs.broker_config(self.folder, port)
        self.children.start("mosquitto", ["/usr/sbin/mosquitto", "-c", config])
        wait_for_port(port)
        self.screen.start()
        self.screen.who_width = max(self.screen.who_width, *map(len, agents))
        self.watcher = Watcher(self.screen, port, columns)
        bridge = configs.bridge_config(self.folder, port, self.ports["smtp"], self.ports["http"])
        self.children.start("bridge", [self.build / "coldwatch-bridge", "run", "--config", bridge])
        for name, agent in agents.items():
            self.children.start(f"agent-{name}",
                                [self.build / "coldwatch-agent", "run", "--config", agent])

    def start_simulator(self, fridge, seed):
        self.children.start(f"simulator-{fridge}", [
            self.build / "coldwatch-simulator", "--folder", self.folder / "logs" / fridge,
            "--interval", "1s", "--speed", SPEED, "--seed", seed,
            "--at", f"{WATER_FAILS_S}s", "water_failure", "--at", f"{WATER_RETURNS_S}s", "recovery"])

    def watch(self, done, at=()):
        """Until `done`; `at` has seconds and what the house does then."""
        began = time.monotonic()
        told = 0
        while not done(time.monotonic() - began):
            if told < len(at) and time.monotonic() - began >= at[told][0]:
                self.screen.line("house", at[told][1], "blue")
                told += 1
            dead = self.children.dead()
            if dead:
                raise SystemExit(f"{dead[0]} has ended: {dead[1]}")
            self.watcher.table_when_due()
            time.sleep(0.1)

    def close(self):
        if self.watcher:
            self.watcher.close()
        self.children.stop()
        self.mails.close()
        self.hooks.close()


def introduce(demo, first_line):
    demo.screen.plain(f"\n{first_line}\n")
    demo.screen.plain(f"  listen in   mosquitto_sub -p {demo.ports['broker']} -t 'coldwatch/#' -v")
    demo.screen.plain(f"  mails       {demo.folder / 'mails'}")
    demo.screen.plain(f"  configs     {demo.folder}/*.json")
    demo.screen.plain("  Ctrl+C ends it.\n")


def run_simulated(demo, once):
    introduce(demo, "Two simulated fridges with an agent each, one bridge, a mail and a web server\n"
                    f"(in this demo a fridge lives {SPEED} seconds in each second).")
    agents = {}
    for fridge in verdict.FRIDGES:
        logs = demo.folder / "logs" / fridge
        logs.mkdir(parents=True)
        agents[fridge] = configs.simulated(demo.folder, fridge, logs, demo.ports["broker"])
    demo.start(agents, TRITON)
    for seed, fridge in enumerate(verdict.FRIDGES, 1):
        demo.start_simulator(fridge, seed)
    story = [(WATER_FAILS_S, "the cooling water fails, for both fridges"),
             (WATER_RETURNS_S, "the cooling water is back")]
    if not once:
        demo.watch(lambda _seconds: False, story)

    complete_at = []

    def done(seconds):
        if verdict.complete(demo.mails.mails, demo.hooks.posts):
            complete_at.append(seconds)
        settled = complete_at and seconds - complete_at[0] >= SETTLE_S
        return settled or seconds > ONCE_TIMEOUT_S

    demo.watch(done, story)
    faults = verdict.faults(demo.mails.mails, demo.hooks.posts)
    alarms = sum(event.get("type") == "raise" for event in demo.watcher.events)
    demo.screen.plain()
    for fault in faults:
        demo.screen.plain(f"Wrong: {fault}.")
    if not faults:
        demo.screen.plain(f"{alarms} alarms on {len(verdict.FRIDGES)} fridges became one message, "
                          "and their end one more, by mail and by webhook.")
    return 1 if faults else 0


def start_in(logs):
    """Where to begin in a user's folder: the day of a fridge that runs, all of one that does not."""
    newest = max((file.stat().st_mtime for file in logs.rglob("*") if file.is_file()), default=0)
    return "today" if time.time() - newest < DAY_S else "beginning"


def run_own(demo, logs):
    name, config = configs.own(demo.folder, demo.build / "coldwatch-agent", logs,
                               demo.ports["broker"], start_in(logs))
    introduce(demo, f"Your logs in {logs}, read only: what the newest hold, and what comes.")
    demo.start({name: config})
    demo.watch(lambda _seconds: False)


def work_folder():
    """An empty folder of this run's own; the lock is held as long as the process lives."""
    base = Path(__file__).resolve().parents[2] / "build" / "demo"
    base.parent.mkdir(exist_ok=True)
    lock = open(f"{base}.lock", "w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise SystemExit("A demo is running here already: end it with Ctrl+C in its terminal.")
    shutil.rmtree(base, ignore_errors=True)
    base.mkdir()
    return base, lock


def main(build, what):
    logs = None
    if what not in ("", "--once"):
        logs = Path(what).resolve()
        if not logs.is_dir():
            raise SystemExit(f"{logs} is not a folder: expected the folder in which the fridge's "
                             "logs lie.")
    folder, _lock = work_folder()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, on_signal)
    demo = Demo(build, folder)
    try:
        return run_own(demo, logs) if logs else run_simulated(demo, what == "--once")
    except Stop:
        demo.screen.plain("\nStopped; nothing is left running.")
        return INTERRUPTED if what == "--once" else 0
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        demo.close()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), sys.argv[2] if len(sys.argv) > 2 else ""))
