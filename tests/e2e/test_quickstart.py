"""The demo tells its story as promised, says clearly what is in its way, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import time

import pytest

from contract import PROJECT
from mosquitto import wait_until

SCRIPT = PROJECT / "deploy" / "quickstart.sh"
DEMO = PROJECT / "deploy" / "demo" / "demo.py"
USUAL_PORTS = (18830, 18025, 18080)


def left_over():
    """Command lines of processes that work in the demo's folder."""
    listing = subprocess.run(["ps", "-eo", "args="], capture_output=True, text=True).stdout
    mark = str(PROJECT / "build" / "demo")
    return [line for line in listing.splitlines() if f"{mark}/" in line]


@pytest.fixture
def demo(programs):
    """A function that starts the demo on the build under test."""
    started = []

    def start(*arguments):
        command = ["/usr/bin/python3", DEMO, programs.folder, *map(str, arguments)]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        text=True))
        return started[-1]

    yield start
    for one in started:
        one.kill()
        one.communicate()
    wait_until(lambda: not left_over(), 5, f"nothing is left, not {left_over()}")


def wait_for_words(process, words, timeout_s=20):
    said = ""
    end = time.monotonic() + timeout_s
    while words not in said:
        assert time.monotonic() < end and process.poll() is None, said
        said += process.stdout.readline()
    return said


def test_once_tells_the_whole_story(demo):
    process = demo("--once")
    said, _ = process.communicate(timeout=90)
    assert process.returncode == 0, said
    assert "4 alarms on 2 fridges became one message" in said
    assert len(list((PROJECT / "build" / "demo" / "mails").glob("*.eml"))) == 2
    assert left_over() == []


def test_follows_a_folder_without_touching_it(demo, lab):
    lab.write_log("kelvinox", 30, "--start", "2026-03-01T00:00:00Z", "--zone", "UTC")
    folder = lab.logs("kelvinox")
    log, = folder.iterdir()
    os.utime(log, (0, 0))  # a folder of old logs is read from its beginning
    before = {file.name: (file.stat().st_size, file.stat().st_mtime_ns) for file in folder.iterdir()}
    process = demo(folder)
    said = wait_for_words(process, "30 rows, newest 2026-03-01T00:29:00Z")
    assert "reads a vcl log with" in said
    process.send_signal(signal.SIGINT)
    assert "nothing is left running" in process.communicate(timeout=20)[0]
    assert process.returncode == 0
    after = {file.name: (file.stat().st_size, file.stat().st_mtime_ns) for file in folder.iterdir()}
    assert after == before


def test_its_children_die_with_it(demo):
    process = demo()
    wait_for_words(process, "agent is online")
    assert left_over()
    process.kill()
    process.wait()
    wait_until(lambda: not left_over(), 5, "the children are gone")


def test_ports_in_use_are_gone_round(demo):
    taken = [socket.create_server(("127.0.0.1", port)) for port in USUAL_PORTS]
    try:
        process = demo()
        said = wait_for_words(process, "agent is online")
        assert "mosquitto_sub -p " in said
        assert not any(f"-p {port} " in said for port in USUAL_PORTS)
    finally:
        for one in taken:
            one.close()


def test_two_at_a_time_are_refused_in_words(demo):
    first = demo()
    wait_for_words(first, "agent is online")
    second = demo("--once")
    said, _ = second.communicate(timeout=20)
    assert second.returncode == 1 and "running here already" in said


@pytest.mark.parametrize("arguments, sentence", [
    (["/no/such/folder"], "/no/such/folder is no folder that can be read"),
    (["--twice"], "'--twice' is no option"),
    (["--once", "more"], "Usage:"),
])
def test_wrong_arguments_are_said_before_anything_is_installed(arguments, sentence):
    done = subprocess.run([SCRIPT, *arguments], capture_output=True, text=True, timeout=20)
    assert done.returncode == 2 and sentence in done.stderr
    assert "Packages" not in done.stdout


def test_without_root_the_missing_packages_are_named(tmp_path):
    """As a user without sudo: a package that is not there ends it with a sentence."""
    script = (f". {PROJECT}/deploy/packages.sh; id() {{ echo 1000; }}; "
              "command() { [ \"$2\" != sudo ] && builtin command \"$@\"; }; "
              "install_packages no-such-package-of-coldwatch")
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60,
                          env={**os.environ, "HOME": str(tmp_path)})
    assert done.returncode == 1
    assert "no-such-package-of-coldwatch" in done.stderr and "as root" in done.stderr
