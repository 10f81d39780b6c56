"""Runs a program under what the kernel enforces of a systemd unit, also where no systemd runs: its
filters of system calls, its address families, no memory both writable and executable, no new
namespaces, no capabilities.

usage: as_unit.py UNIT PROGRAM [ARGUMENT...]
Needs root and Debian's python3-seccomp; the sets of calls are those that systemd-analyze prints.
"""

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

import seccomp

PROT_WRITE, PROT_EXEC = 2, 4
CLONE_NEW = {"NEWTIME": 0x80, "NEWNS": 0x20000, "NEWCGROUP": 0x2000000, "NEWUTS": 0x4000000,
             "NEWIPC": 0x8000000, "NEWUSER": 0x10000000, "NEWPID": 0x20000000, "NEWNET": 0x40000000}
FORBIDDEN = seccomp.ERRNO(errno.EPERM)


def settings(unit):
    """The lines of its section [Service] that hold a value, in their order."""
    section = unit.read_text().partition("[Service]")[2].partition("\n[")[0]
    lines = [line.partition("=") for line in section.splitlines() if not line.startswith("#")]
    return [(key, value) for key, _, value in lines if key]


def calls_of(name):
    """The system calls behind a name, which may be that of a set."""
    if not name.startswith("@"):
        return {name}
    told = subprocess.run(["systemd-analyze", "syscall-filter", name], check=True,
                          capture_output=True, text=True).stdout
    entries = [line.strip() for line in told.splitlines()[1:]]
    return set().union(*(calls_of(entry) for entry in entries if not entry.startswith("#")))


def allowed_calls(values):
    allowed = set()
    for value in values:
        named = set().union(*(calls_of(name) for name in value.removeprefix("~").split()))
        allowed = allowed - named if value.startswith("~") else allowed | named
    return allowed


def allow_without(rules, call, argument, bits):
    """Allows `call` where none of `bits` is set in its argument of that number."""
    rules.add_rule(seccomp.ALLOW, call, seccomp.Arg(argument, seccomp.MASKED_EQ, bits, 0))


def filter_of(unit):
    lines = settings(unit)
    values = {key: value for key, value in lines}
    allowed = allowed_calls([value for key, value in lines if key == "SystemCallFilter"])
    rules = seccomp.SyscallFilter(FORBIDDEN)
    if values["RestrictNamespaces"] == "yes":
        allow_without(rules, "clone", 0, sum(CLONE_NEW.values()))
        rules.add_rule(seccomp.ERRNO(errno.ENOSYS), "clone3")  # its flags cannot be looked at
        allowed -= {"clone", "clone3", "unshare", "setns"}
    if values["MemoryDenyWriteExecute"] == "yes":
        allow_without(rules, "mmap", 2, PROT_WRITE)
        allow_without(rules, "mmap", 2, PROT_EXEC)
        for call in ("mprotect", "pkey_mprotect"):
            allow_without(rules, call, 2, PROT_EXEC)
        allowed -= {"mmap", "mprotect", "pkey_mprotect"}
    families = values["RestrictAddressFamilies"].split()
    for family in families:
        rules.add_rule(seccomp.ALLOW, "socket",
                       seccomp.Arg(0, seccomp.EQ, getattr(socket, family)))
    for call in sorted(allowed - {"socket"}):
        if seccomp.resolve_syscall(seccomp.Arch(), call) >= 0:  # known to this processor
            rules.add_rule(seccomp.ALLOW, call)
    return rules


def main(unit, *command):
    if "without_capabilities" not in os.environ:
        os.environ["without_capabilities"] = "yes"
        os.execvp("setpriv", ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs",
                              sys.executable, *sys.argv])
    rules = filter_of(Path(unit))
    del os.environ["without_capabilities"]
    rules.load()
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(*sys.argv[1:])
