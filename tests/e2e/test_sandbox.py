"""Both programs under what the kernel enforces of their systemd units: they need nothing of what is
forbidden there."""

import json
import os
import signal
import subprocess
import sys

import pytest

from coldwatch import told_items
from contract import PROJECT
from mosquitto import free_port, wait_until
from scripted_servers import Answer

pytest.importorskip("seccomp", reason="python3-seccomp is not installed")
pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="capabilities are given up by root only")

AGENT, BRIDGE = (PROJECT / "deploy" / "linux" / f"coldwatch-{part}.service"
                 for part in ("agent", "bridge"))
TIMEOUT_S = 40
# What a program that was taken over would try; all but the first of it is forbidden.
TRIED = ("subprocess.run(['true'], check=True)", "os.chown('.', 1, 1)", "os.chroot('.')",
         "os.setuid(1)", "os.setpriority(0, 0, -1)", "socket.socket(socket.AF_NETLINK)",
         "mmap.mmap(-1, 4096, prot=7)", "subprocess.run(['unshare', '-U', 'true'], check=True)")
TRY = """
import mmap, os, socket, subprocess, sys
for code in sys.argv[1:]:
    try:
        exec(code)
        print(code)
    except (PermissionError, subprocess.CalledProcessError):
        pass
"""


def under(unit):
    return sys.executable, PROJECT / "tests" / "tools" / "as_unit.py", unit


@pytest.mark.parametrize("unit", (AGENT, BRIDGE), ids=lambda unit: unit.stem)
def test_the_sandbox_forbids(unit, tmp_path):
    done = subprocess.run([*under(unit), sys.executable, "-c", TRY, *TRIED], cwd=tmp_path,
                          capture_output=True, text=True, timeout=TIMEOUT_S)
    assert done.stdout.splitlines() == [TRIED[0]], done.stderr


def siren(folder):
    """A program of the notifier exec, which leaves what it was told, and on how many cores it may run:
    whole files, because it runs again while they are read."""
    program = folder / "siren"
    program.write_text(f"#!/bin/sh\ncd {folder}\ncat > told.new && mv told.new siren.json\n"
                       "nproc > cores.new && mv cores.new cores\n")
    program.chmod(0o755)
    return {"name": "siren", "type": "exec", "program": [str(program)]}


def test_an_alarm_is_told_from_within_it(lab, mosquitto, web, smtp, tmp_path):
    broker, hook, mail = mosquitto(), web(Answer(204)), smtp()
    uri = broker.uri.replace("127.0.0.1", "localhost")  # names are asked for there, too
    notifiers = [lab.webhook(hook.url.replace("127.0.0.1", "localhost")),
                 {**lab.email(mail.port), "host": "localhost"}, siren(tmp_path)]
    bridge = lab.bridge(uri, notifiers, under=under(BRIDGE))
    lab.simulator("triton1", "--interval", "100ms", "--speed", 600, "--at", "3s", "water_failure",
                  "--at", "20s", "recovery")
    agent = lab.agent("triton1", uri, under=under(AGENT))
    wait_until(lambda: {"clear", "occurred_and_cleared"} & {told[0] for told in told_items(hook)},
               TIMEOUT_S, "an end is told")
    wait_until(lambda: mail.messages and (tmp_path / "cores").exists(), TIMEOUT_S,
               "mail has gone out, and the siren has sounded")
    assert json.loads((tmp_path / "siren.json").read_text())["data"]["items"]
    assert int((tmp_path / "cores").read_text()) == os.cpu_count()
    bridge.process.send_signal(signal.SIGHUP)
    wait_until(lambda: "the config was read again" in bridge.words(), TIMEOUT_S, "a reload")
    assert [agent.stop(), bridge.stop()] == [0, 0], agent.words() + bridge.words()
    assert "not permitted" not in (agent.words() + bridge.words()).lower()


def test_an_agent_tells_by_itself_from_within_it(lab, web):
    """With libcurl, which it loads when it is needed."""
    hook = web(Answer(204))
    address = lab.folder / "fallback.url"
    address.write_text(f"{hook.url}/\n")
    address.chmod(0o600)
    lab.simulator("triton1", "--interval", "100ms", "--speed", 600, "--at", "1s", "water_failure")
    lab.agent("triton1", f"mqtt://127.0.0.1:{free_port()}", start="now", under=under(AGENT),
              fallback={"after": "3s", "url_file": str(address)})
    wait_until(lambda: hook.requests, TIMEOUT_S, "the fallback is told")
