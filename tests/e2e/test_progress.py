"""Long work shows on a terminal how far it has come, and nowhere else."""

import json
import subprocess

import pytest

from pty_screen import PtyScreen


@pytest.mark.parametrize("command", ["backtest", "replay"])
def test_progress(lab, programs, command):
    lab.write_log("triton1", 3000, "--start", "2026-03-01T00:00:00Z")
    config = lab.folder / "agent.json"
    config.write_text(json.dumps({"fridge": "triton1", "log": {"folder": str(lab.logs("triton1"))}}))
    output = lab.folder / "output"
    words = [programs.agent, command, "--config", config]
    screen = PtyScreen(["sh", "-c", 'exec "$@" > "$0"', output, *words])
    assert screen.ended() == 0
    assert b" rows, at 2026-03-0" in screen.seen
    assert screen.text().strip() == "", "it is gone when the work is done"
    screen.close()
    silent = subprocess.run(words, capture_output=True, timeout=60, check=True)
    assert silent.stderr == b"" and silent.stdout == output.read_bytes() != b""
