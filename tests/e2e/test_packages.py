"""The Debian packages: what they hold, what lintian says of them, and that a machine that has never
heard of Coldwatch can install, run and remove them."""

import json
import os
import re
import shutil
import subprocess

import pytest

from coldwatch import RULES, Arrivals
from contract import PROJECT

NAMES = ["coldwatch-agent", "coldwatch-bridge"]
BUILD_TIMEOUT_S = 600
LINTIAN_TIMEOUT_S = 180
INSTALL_TIMEOUT_S = 600
AGENT_TIMEOUT_S = 60
ROWS = 50


def run(*command, timeout=60, **options):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True,
                          timeout=timeout, **options)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def packages(programs):
    # tests/run.sh builds unit tests in the same folder meanwhile.
    run("flock", programs.folder, "cmake", "--build", programs.folder, "--target", "packages",
        timeout=BUILD_TIMEOUT_S)
    found = {file.name.split("_")[0]: file for file in (programs.folder / "packages").glob("*.deb")}
    assert sorted(found) == NAMES
    return found


@pytest.fixture(scope="module")
def unpacked(packages, tmp_path_factory):
    folder = tmp_path_factory.mktemp("unpacked")
    for file in packages.values():
        run("dpkg-deb", "-x", file, folder)
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_a_package_has_its_parts(packages, unpacked, name):
    component = name.removeprefix("coldwatch-")
    assert run("dpkg-deb", "-I", packages[name], "conffiles").split() == \
        [f"/etc/coldwatch/{component}.json"]
    for path in (f"usr/bin/{name}", f"usr/lib/systemd/system/{name}.service",
                 f"usr/share/doc/{name}/copyright", f"usr/share/doc/{name}/README.Debian"):
        assert (unpacked / path).is_file(), path
    unit = (unpacked / f"usr/lib/systemd/system/{name}.service").read_text()
    assert f"StateDirectory=coldwatch/{component}\n" in unit
    config = (unpacked / f"etc/coldwatch/{component}.json").read_text()
    assert f"/var/lib/coldwatch/{component}/" in config


def test_the_licences_of_what_became_part_of_the_programs_are_there(unpacked):
    text = (unpacked / "usr/share/doc/coldwatch-bridge/copyright").read_text()
    licences = set(re.findall(r"^License: (\S+)$", text, re.M))
    assert licences == {"Apache-2.0", "Expat", "BSD-3-Clause", "BSL-1.0"}
    for licence in licences:
        assert re.search(rf"^License: {re.escape(licence)}\n .{{20}}", text, re.M), licence


@pytest.mark.parametrize("name", NAMES)
def test_the_man_page_has_every_command_and_option(programs, unpacked, name):
    page = run("man", "--warnings", "-l", unpacked / f"usr/share/man/man1/{name}.1.gz",
               env={**os.environ, "MANWIDTH": "1000", "LC_ALL": "C.UTF-8"})
    program = programs.find(name)
    commands = re.findall(r"^  ([a-z]+)  ", run(program, "--help").split("Subcommands:")[1], re.M)
    assert len(commands) >= 6
    for command in commands:
        assert re.search(rf"^ +{command}$", page, re.M), command
        for option in re.findall(r"^  (--[a-z-]+)", run(program, command, "--help"), re.M):
            assert f" {option}" in page, (command, option)


@pytest.mark.parametrize("name, words, expected", [
    ("coldwatch-agent", ["in"], {"inspect", "init"}),
    ("coldwatch-agent", ["inspect", "--t"], {"--time-zone"}),
    ("coldwatch-agent", ["--v"], {"--version"}),
    ("coldwatch-bridge", ["shelve", "--f"], {"--fridge", "--for"}),
    ("coldwatch-bridge", ["no_such_command", "--"], {"--help", "--version"}),
])
def test_bash_completes(unpacked, name, words, expected):
    script = unpacked / f"usr/share/bash-completion/completions/{name}"
    line = " ".join(f"'{word}'" for word in [name, *words])
    found = run("bash", "-c", f". {script}; COMP_WORDS=({line}); COMP_CWORD={len(words)}; "
                f"_{name.replace('-', '_')}; printf '%s\\n' \"${{COMPREPLY[@]}}\"")
    assert set(found.split()) == expected


def test_lintian_has_nothing_to_say(packages):
    if shutil.which("lintian") is None:
        pytest.skip("lintian is not installed")
    told = run("lintian", "--allow-root", "--fail-on", "error,warning", "--tag-display-limit", "0",
               *packages.values(), timeout=LINTIAN_TIMEOUT_S)
    assert not re.findall(r"^[EW]: .*", told, re.M)


class FreshRoot:
    """A Debian that has nothing but its essential packages, in a folder."""

    def __init__(self, folder):
        self.folder = folder

    def run(self, *command, timeout=60):
        # In a mount namespace of its own, /proc is gone with the command.
        return run("unshare", "--mount", "sh", "-c",
                   'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"', self.folder, *command,
                   timeout=timeout, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C",
                                         "DEBIAN_FRONTEND": "noninteractive"})

    def as_user(self, user, *command, **options):
        return self.run("setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", *command,
                        **options)


@pytest.fixture(scope="module")
def fresh_root(tmp_path_factory):
    if shutil.which("debootstrap") is None or os.geteuid() != 0:
        pytest.skip("a fresh root needs debootstrap and root")
    folder = tmp_path_factory.mktemp("fresh") / "root"
    done = subprocess.run(["debootstrap", "--variant=minbase", "bookworm", folder],
                          capture_output=True, text=True, timeout=INSTALL_TIMEOUT_S)
    if done.returncode != 0:
        pytest.skip(f"debootstrap could not make a fresh root: {done.stdout.strip()[-200:]}")
    yield FreshRoot(folder)
    run("rm", "-rf", folder)


def follow_a_log(root, lab, broker):
    """As README.Debian says: a config made by init, checked, and run as the service's user."""
    shutil.copytree(lab.logs("fresh"), root.folder / "srv/fridge/logs")
    root.run("chmod", "-R", "a+rX", "/srv/fridge")  # as a fridge's program leaves them
    text = root.run("coldwatch-agent", "init", "/srv/fridge/logs")
    assert '"/usr/share/coldwatch/rules"' in text.replace("/usr/bin/../share", "/usr/share")
    plain = json.loads(re.sub(r"^\s*//.*$", "", text, flags=re.M))
    config = root.folder / "etc/coldwatch/agent.json"
    config.write_text(json.dumps({
        **plain, "fridge": "fresh", "broker": {"uri": broker.uri}, "rules": RULES,
        "rule_library": "", "log": {**plain["log"], "start": "beginning"}}))
    root.run("coldwatch-agent", "check", "--config", "/etc/coldwatch/agent.json")
    return subprocess.Popen(
        ["chroot", root.folder, "setpriv", "--reuid=coldwatch-agent", "--regid=coldwatch-agent",
         "--clear-groups", "env", "STATE_DIRECTORY=/var/lib/coldwatch/agent", "coldwatch-agent",
         "run", "--config", "/etc/coldwatch/agent.json"],
        stdin=subprocess.DEVNULL, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})


def test_a_fresh_machine_installs_runs_and_removes_them(packages, fresh_root, lab, mosquitto):
    for file in packages.values():
        shutil.copy(file, fresh_root.folder / "tmp")
    files = [f"/tmp/{file.name}" for file in packages.values()]
    fresh_root.run("apt-get", "-qq", "update", timeout=INSTALL_TIMEOUT_S)
    fresh_root.run("apt-get", "-qq", "-y", "install", "--no-install-recommends", *files,
                   timeout=INSTALL_TIMEOUT_S)
    for name in NAMES:
        component = name.removeprefix("coldwatch-")
        assert re.fullmatch(r"\d+\.\d+\.\d+\n", fresh_root.as_user(name, name, "--version"))
        assert "no mistake" in fresh_root.as_user(
            name, name, "check", "--config", f"/etc/coldwatch/{component}.json",
            *(["--without-secrets"] if component == "bridge" else []))

    state = fresh_root.folder / "var/lib/coldwatch/agent"
    fresh_root.run("install", "-d", "-o", "coldwatch-agent", "-m", "0700",
                   "/var/lib/coldwatch/agent")  # what systemd does
    lab.write_log("fresh", ROWS)
    broker = mosquitto()
    listener = lab.listener(broker.port)
    agent = follow_a_log(fresh_root, lab, broker)
    try:
        Arrivals(listener, "fresh").wait_for_rows(ROWS, AGENT_TIMEOUT_S)
    finally:
        agent.terminate()
    assert agent.wait(AGENT_TIMEOUT_S) == 0
    assert [file.name for file in state.iterdir()] == ["logs.state.json"]

    fresh_root.run("apt-get", "-qq", "-y", "purge", *NAMES, timeout=INSTALL_TIMEOUT_S)
    for path in ("usr/bin/coldwatch-agent", "etc/coldwatch", "var/lib/coldwatch"):
        assert not (fresh_root.folder / path).exists(), path
