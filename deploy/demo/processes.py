"""Children that never outlive the demo: it stops them, or the kernel does if it was killed."""

import ctypes
import os
import signal
import socket
import subprocess
import time

PR_SET_PDEATHSIG = 1
STOP_TIMEOUT_S = 5
_libc = ctypes.CDLL(None, use_errno=True)


def _die_with(parent):
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it was killed before that
        os._exit(1)


def choose_port(preferred):
    """`preferred` where it is free on loopback, else any other."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return probe.getsockname()[1]
            except OSError:
                continue
    raise SystemExit("There is no free port on 127.0.0.1 left.")


class Children:
    def __init__(self, folder):
        self._folder = folder
        self._children = []  # name and process, in order of start

    def start(self, name, command):
        parent = os.getpid()
        with open(self._folder / f"{name}.log", "ab") as log:
            child = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL,
                                     stdout=log, stderr=log, start_new_session=True,
                                     preexec_fn=lambda: _die_with(parent))
        self._children.append((name, child))

    def dead(self):
        """Name and last words of a child that has ended, or None."""
        for name, child in self._children:
            if child.poll() is not None:
                words = (self._folder / f"{name}.log").read_text(errors="replace").splitlines()
                return name, f"status {child.returncode}" + "".join(f"\n  {w}" for w in words[-5:])
        return None

    def stop(self):
        """The last one first, so that nobody loses the broker before its own end."""
        for _name, child in reversed(self._children):
            child.terminate()
            try:
                child.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def wait_for_port(port, timeout_s=10):
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"Nothing answers on port {port} after {timeout_s} s.")
