"""What the benches of the agent share: a broker, a VeriCold log that grows, an agent that follows it."""
import json
import pathlib
import socket
import struct
import subprocess
import sys
import time

PROJECT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests" / "cases"))

from vcl_file import head  # noqa: E402

AGENT = PROJECT / "build" / "release" / "coldwatch-agent"
CHANNELS = 60
RULES = [{"id": f"high_{i}", "channel": f"chan{i} T(K)",
          "high": {"at": 1e9, "severity": "warning", "text": "too warm"}} for i in range(20)]


class Log:
    """A log whose rows come one by one."""

    def __init__(self, folder):
        sensors = [f"chan{i} T(K)" for i in range(CHANNELS)]
        self.names = ["LineSize(bytes)", "LineNumber", "Time(secs)", *sensors]
        self.file = folder / "log 260301 120000.vcl"
        self.file.write_bytes(head(self.names))
        self.rows = 0

    def append(self, count=1):
        size = len(self.names)
        with self.file.open("ab", buffering=0) as stream:
            stream.write(b"".join(
                struct.pack(f"<{size}d", 8 * size, self.rows + i, time.time(),
                            *(4.2 + 0.001 * ((self.rows + i + c) % 97) for c in range(CHANNELS)))
                for i in range(count)))
        self.rows += count


class Broker:
    def __init__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = subprocess.Popen(["/usr/sbin/mosquitto", "-p", str(self.port)],
                                        stderr=subprocess.DEVNULL)

    def close(self):
        self.process.terminate()
        self.process.wait()


class Csv:
    """The same as text: unix seconds and the channels, in the format `delimited`."""

    log = {"format": "delimited", "options": {"time_format": "unix"}}

    def __init__(self, folder):
        self.names = ["t (s)", *(f"chan{i} T(K)" for i in range(CHANNELS))]
        self.file = folder / "log.csv"
        self.file.write_text(",".join(self.names) + "\n")
        self.rows = 0

    def append(self):
        """Gives the row's time in ms, by which it is known."""
        now = time.time()
        values = (4.2 + 0.001 * ((self.rows + c) % 97) for c in range(CHANNELS))
        line = ",".join([f"{now:.3f}", *(f"{value:.3f}" for value in values)])
        with self.file.open("ab", buffering=0) as stream:
            stream.write(line.encode() + b"\n")
        self.rows += 1
        return round(1000 * float(f"{now:.3f}"))


def resident_mb(process, key="VmRSS"):
    """Without what is mapped from files, such as libraries, with the key "RssAnon"."""
    for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith(key):
            return int(line.split()[1]) / 1024
    raise RuntimeError("the process is gone")


def threads_processor_s(process):
    """By the scheduler's own count: the ticks of a clock are too coarse for these programs."""
    tasks = pathlib.Path(f"/proc/{process.pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def start_agent(folder, log, broker, poll, rules=RULES):
    config = folder / "agent.json"
    config.write_text(json.dumps({
        "fridge": "bench", "broker": {"uri": f"mqtt://127.0.0.1:{broker.port}"},
        "log": {"folder": str(log.file.parent), "poll": poll, **getattr(log, "log", {})},
        "rules": rules}))
    return subprocess.Popen([AGENT, "run", "--config", config], stderr=subprocess.DEVNULL)


def report(name, value, unit, **more):
    print(json.dumps({"name": name, "value": value, "unit": unit, **more}), flush=True)
