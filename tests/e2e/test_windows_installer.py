"""The installer for Windows: its script is translated with every warning an error, and under Wine the
result installs and removes its files. A cross build without Paho links no agent: in its place stands
the program that the service tests use, whose refusal to make a config the installer has to report."""

import os
import shutil
import subprocess

import pytest

from contract import PROJECT

SETUP_TIMEOUT_S = 120
REFUSED = 2


@pytest.fixture(scope="module")
def setup(tmp_path_factory):
    build = PROJECT / "build" / "windows"
    programs = [build / "coldwatch-agent.exe", build / "tests" / "service_probe.exe"]
    program = next((one for one in programs if one.is_file()), None)
    if program is None or not (shutil.which("makensis") and shutil.which("wine")):
        pytest.skip("the installer needs makensis, wine and a build with the preset windows")
    output = tmp_path_factory.mktemp("setup") / "coldwatch-setup.exe"
    done = subprocess.run(
        ["makensis", "-V2", "-WX", "-DVERSION=0.0.0", "-DTARGET=amd64-unicode",
         f"-DPROGRAM={program}", f"-DSOURCE={PROJECT}", f"-DOUTPUT={output}",
         PROJECT / "deploy" / "windows" / "installer.nsi"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return output


class Windows:
    """A Windows of its own; `drive` is its C:."""

    def __init__(self, folder):
        self.drive = folder / "drive_c"
        self.environment = {**os.environ, "WINEPREFIX": str(folder), "WINEDEBUG": "-all"}
        self.run("wineboot", "--init")

    def run(self, *command):
        return subprocess.run(command, env=self.environment, capture_output=True, text=True,
                              timeout=SETUP_TIMEOUT_S)


@pytest.fixture
def windows(tmp_path):
    one = Windows(tmp_path / "wine")
    yield one
    one.run("wineserver", "--kill")


def test_it_installs_quietly_reports_and_removes(setup, windows):
    drive = windows.drive
    installed = drive / "Program Files" / "Coldwatch"
    assert windows.run("wine", setup, "/S").returncode == 0, "without logs only the program is installed"
    files = {file.relative_to(installed).as_posix() for file in installed.rglob("*")}
    assert {"coldwatch-agent.exe", "LICENSE", "third-party.txt", "agent.json", "uninstall.exe",
            "rules/oxford-triton.json"} <= files
    assert not (drive / "ProgramData" / "Coldwatch" / "agent.json").exists()

    answers = drive / "answers.ini"
    answers.write_text("[agent]\r\nlogs=C:\\no such folder\r\nbroker=mqtt://127.0.0.1:1\r\n")
    assert windows.run("wine", setup, "/S", "/ANSWERS=C:\\answers.ini").returncode == REFUSED
    assert not (drive / "ProgramData" / "Coldwatch" / "agent.json").exists()

    # `_?=` keeps the uninstaller from running as a copy of itself, for which nobody waits.
    windows.run("wine", installed / "uninstall.exe", "/S", "_?=C:\\Program Files\\Coldwatch")
    assert not (installed / "coldwatch-agent.exe").exists()
    assert not (installed / "rules").exists()
