"""The faults, one a row: what it is called, on which side of the lab, what it needs, and how it comes.

`inject(stage, random)` breaks something and returns how it is healed.
"""

import json
import os
import random
import signal
import subprocess
import time
from dataclasses import dataclass
from typing import Callable

from mosquitto import wait_until
from network import IN_NAMESPACE
from scripted_servers import Answer, ScriptedSmtp
from stage import PATIENCE

NAMESPACE, ROOT = "root and namespaces", "root"
AVAILABLE = {NAMESPACE: IN_NAMESPACE, ROOT: os.geteuid() == 0, "": True}


@dataclass(frozen=True)
class Fault:
    name: str
    inject: Callable
    needs: str = ""
    servers: bool = False  # of those who are told; such a fault goes on beside one of the others

    @property
    def available(self):
        return AVAILABLE[self.needs]


def some_fridge(stage, chance, among=None):
    return chance.choice(sorted(among or stage.fridges))


# Programs.

def kill_agent(stage, chance):
    name = some_fridge(stage, chance)
    stage.hold(name)
    return lambda: stage.release(name)


def kill_bridge(stage, _chance):
    stage.hold("bridge")
    return lambda: stage.release("bridge")


def kill_broker(stage, _chance, forget=False):
    stage.broker.kill()
    return lambda: stage.restart_broker(forget)


def forgetting_broker(stage, chance):
    return kill_broker(stage, chance, forget=True)


def forget_sessions(stage, _chance):
    for client_id in stage.client_ids():
        stage.forget_session(client_id)
    return lambda: None


def stop_program(stage, name):
    stage.programs[name].process.send_signal(signal.SIGSTOP)
    return lambda: stage.programs[name].process.send_signal(signal.SIGCONT)


def stop_agent(stage, chance):
    return stop_program(stage, some_fridge(stage, chance))


def stop_bridge(stage, _chance):
    return stop_program(stage, "bridge")


def stop_broker(stage, _chance):
    stage.broker.suspend()
    return lambda: stage.broker.suspend(False)


# Network.

def network(kind):
    def inject(stage, _chance):
        getattr(stage.network, kind)()
        return stage.network.heal

    return inject


# Disks.

def full_disk(name):
    def inject(stage, _chance):
        ballast = stage.disks[name] / "ballast"
        with open(ballast, "wb", buffering=0) as file:
            try:
                while file.write(b"\0" * 4096):
                    pass
            except OSError:
                pass  # which is what was wanted
        return ballast.unlink

    return inject


def remount(disk, how):
    return subprocess.run(["mount", "-o", f"remount,{how}", disk], capture_output=True)


def read_only_disk(name, owner=None):
    """A program that has a file open for writing keeps a disk writable: it is started on it anew."""
    def inject(stage, _chance):
        if owner is not None:
            stage.hold(owner)
        done = remount(stage.disks[name], "ro")
        for _ in range(50):  # until whoever is just writing has done so
            if done.returncode == 0:
                break
            time.sleep(0.05)
            done = remount(stage.disks[name], "ro")
        assert done.returncode == 0, done.stderr
        if owner is not None:
            stage.release(owner)
        return lambda: remount(stage.disks[name], "rw")

    return inject


# The agent's memory. An agent that has lost it reads its log again, which must still be whole: other
# fridges lose theirs.

FORGETFUL, SHORTENED = ("bluefors", "cryostat"), ("mpms", "triton")


def of_kind(stage, kinds):
    return [name for name in stage.fridges if name.startswith(kinds)]


def damaged_state(damage):
    def inject(stage, chance):
        name = some_fridge(stage, chance, of_kind(stage, FORGETFUL))
        stage.hold(name)
        file = stage.state_file(name)
        if file.exists():
            file.write_bytes(damage(file.read_bytes()))
        return lambda: stage.release(name)

    return inject


def of_another_version(content):
    return json.dumps({**json.loads(content), "version": 99}).encode()


# Clocks.

def stepped_clock(seconds):
    """The clock of one fridge's PC, which its own software reads as well, and that of the bridge."""
    def inject(stage, chance):
        name = some_fridge(stage, chance)

        def step(by):
            stage.fridges[name].clock_offset_s = by
            stage.clocks[name].set_ahead(by)
            stage.clocks["bridge"].set_ahead(by)

        step(seconds)
        return lambda: step(0)

    return inject


# Logs. Rows that a broken log takes away before they were read are lost with the log, not by us: these
# faults wait until everything is read.

def quiet_log(change):
    def inject(stage, chance):
        name = some_fridge(stage, chance, of_kind(stage, SHORTENED))
        fridge = stage.fridges[name]
        wait_until(fridge.newest_file, 10, f"{name} writes a log")
        with fridge.lock:
            stage.wait_for_rows(name)
            change(fridge, fridge.newest_file())
        return lambda: None

    return inject


def truncate(_fridge, file):
    os.truncate(file, 0)


def replace(fridge, file):
    beside = fridge.logs.parent / f"{fridge.name}.new"
    beside.write_bytes(b"")
    os.replace(beside, file)


def rename(fridge, file):
    archive = fridge.logs.parent / f"{fridge.name}.archive"
    archive.mkdir(exist_ok=True)
    os.rename(file, archive / f"{len(list(archive.iterdir()))} {file.name}")


def forbid_log(stage, chance):
    fridge = stage.fridges[some_fridge(stage, chance)]
    wait_until(fridge.newest_file, 10, f"{fridge.name} writes a log")
    file = fridge.newest_file()
    mode = file.stat().st_mode
    file.chmod(0)
    return lambda: file.chmod(mode)


# Those who are told.

def bad_hook(*answers):
    def inject(stage, chance):
        hook = stage.hooks[chance.choice(sorted(stage.hooks.keys() - {PATIENCE}))]
        hook.script = list(answers)

        def heal():
            hook.script = [Answer(204)]

        return heal

    return inject


def bad_mail(**script):
    def inject(stage, _chance):
        usual = dict(stage.mail.script)
        stage.mail.script.update({key: list(value) if isinstance(value, list) else value
                                  for key, value in script.items()})

        def heal():
            stage.mail.script = usual

        return heal

    return inject


FAULTS = [
    Fault("agent killed", kill_agent),
    Fault("bridge killed", kill_bridge),
    Fault("broker killed, with persistence", kill_broker),
    Fault("broker killed, without persistence", forgetting_broker),
    Fault("broker forgets sessions", forget_sessions),
    Fault("agent stopped", stop_agent),
    Fault("bridge stopped", stop_bridge),
    Fault("broker stopped", stop_broker),
    Fault("network cut", network("cut")),
    Fault("30 % of packets lost", network("lose_packets")),
    Fault("connections half open", network("half_open")),
    Fault("disk of the state full", full_disk("state"), NAMESPACE),
    Fault("disk of the store full", full_disk("store"), NAMESPACE),
    Fault("disk of the broker full", full_disk("broker"), NAMESPACE),
    Fault("disk of the state read-only", read_only_disk("state"), NAMESPACE),
    Fault("disk of the store read-only", read_only_disk("store", "bridge"), NAMESPACE),
    Fault("disk of the broker read-only", read_only_disk("broker"), NAMESPACE),
    Fault("state cut in half", damaged_state(lambda content: content[:len(content) // 2])),
    Fault("state empty", damaged_state(lambda content: b"")),
    Fault("state of another version", damaged_state(of_another_version)),
    Fault("clock an hour ahead", stepped_clock(3600)),
    Fault("clock an hour behind", stepped_clock(-3600)),
    Fault("log truncated", quiet_log(truncate)),
    Fault("log replaced", quiet_log(replace)),
    Fault("log renamed", quiet_log(rename)),
    Fault("log forbidden", forbid_log, ROOT),
    Fault("webhook hangs", bad_hook(Answer(500, delay_s=40, reset=True)), servers=True),
    Fault("webhook resets", bad_hook(Answer(500, reset=True)), servers=True),
    Fault("webhook answers 500", bad_hook(Answer(500)), servers=True),
    Fault("webhook takes it and dies", bad_hook(Answer(204, reset=True), Answer(204)),
          servers=True),
    Fault("mail server takes it and dies", bad_mail(message=["close", ScriptedSmtp.USUAL["message"]]),
          servers=True),
    Fault("mail server says later", bad_mail(MAIL="451 4.3.0 try again later"), servers=True),
    Fault("mail server hangs up", bad_mail(EHLO="close"), servers=True),
]


def schedule(chance: random.Random, servers: bool):
    """The available faults of one side, each once in a row, in a new order every time, for ever."""
    while True:
        faults = [fault for fault in FAULTS if fault.available and fault.servers == servers]
        chance.shuffle(faults)
        yield from faults
