"""Fridges: each writes its log in its own format, as its software does, and keeps a second copy that
no fault ever touches. A value carries the number of its row, so that every row can be told from
every other, and while the fridge is hot also the number of the episode."""

import random
import struct
import sys
import threading
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
sys.path.append(str(PROJECT / "tests" / "cases"))

from vcl_file import head  # noqa: E402

COOL, HOT = 1, 1000
ROW_STEP = 1e-7  # of the value, for each row: a million rows stay below the last digit of an episode
VCL_NAMES = ["LineSize(bytes)", "LineNumber", "Time(secs)", "P1 Tank (Bar)"]
STEP_S = 0.02


def row_number(value):
    """The number of the row that has this value."""
    return round((value - int(value)) / ROW_STEP)


def utc(moment):
    return datetime.fromtimestamp(moment, timezone.utc)


class Vcl:
    name, channel, period_s, options = "vcl", "P1 Tank (Bar)", 0.2, {}

    def __init__(self, began):
        self.file = f"log {utc(began):%y%m%d %H%M%S}.vcl"
        self.line = 0

    def path(self, _moment):
        return self.file

    def head(self, _moment):
        self.line = 0
        return head(VCL_NAMES)

    def row(self, moment, value):
        self.line += 1
        return struct.pack("<4d", 32, self.line - 1, round(moment, 3), value)


class Bluefors:
    """In a zone where it is noon by now: a clock that is stepped over midnight would write the rows of
    one hour into the files of two days, and nobody could say any more which came first."""

    name, channel, period_s, options = "bluefors", "Flowmeter", 1, {}
    ahead_h = 12 - datetime.now(timezone.utc).hour
    zone = f"Etc/GMT{-ahead_h:+d}" if ahead_h else "UTC"

    def __init__(self, _began):
        pass

    def local(self, moment):
        return utc(moment) + timedelta(hours=self.ahead_h)

    def path(self, moment):
        day = f"{self.local(moment):%y-%m-%d}"
        return f"{day}/Flowmeter {day}.log"

    def head(self, _moment):
        return b""

    def row(self, moment, value):
        return f"{self.local(moment):%d-%m-%y,%H:%M:%S},{value:.7f}\r\n".encode()


class MultiVu:
    name, channel, period_s, options = "multivu", "Temperature (K)", 0.5, {}

    def __init__(self, _began):
        pass

    def path(self, _moment):
        return "mpms.dat"

    def head(self, moment):
        opened = f"FILEOPENTIME,{moment:.2f},{utc(moment):%m/%d/%Y,%I:%M %p}\r\n"
        return ("[Header]\r\nTITLE, MPMS\r\n" + opened + "BYAPP, LogData, 1.1, 2.0\r\n"
                "[Data]\r\nComment,Time Stamp (sec),Temperature (K)\r\n").encode()

    def row(self, moment, value):
        return f",{moment:.3f},{value:.7f}\r\n".encode()


class Delimited:
    name, channel, period_s = "delimited", "T (K)", 0.2
    options = {"time_format": "unix_ms"}

    def __init__(self, _began):
        pass

    def path(self, _moment):
        return "cryostat.csv"

    def head(self, _moment):
        return b"t (ms),T (K)\n"

    def row(self, moment, value):
        return f"{moment * 1000:.0f},{value:.7f}\n".encode()


class Fridge:
    """One growing log. Whoever holds `lock` keeps it from growing."""

    def __init__(self, name, kind, folder, seed):
        self.name = name
        self.format = kind(time.time())
        self.logs = folder / "logs" / name
        self.truth = folder / "truth" / name
        self.lock = threading.Lock()
        self.clock_offset_s = 0
        self.written = {}  # number of a row -> when it was written, by the steady clock
        self.raised = {}  # episode -> the same, of its first row
        self._random = random.Random(f"{seed}-{name}")
        self._hot = False
        self._last = False
        self._episode = 0
        self._turn_at = time.monotonic() + self._random.uniform(4, 8)
        self._next = time.monotonic()

    def step(self):
        """Writes a row where one is due."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = max(self._next + self.format.period_s, now)
        with self.lock:
            if now >= self._turn_at:
                self._turn(now)
            self._write(now)

    def _turn(self, now):
        self._hot = not self._hot
        self._episode += self._hot
        if self._hot:
            self.raised[self._episode] = now
        self._turn_at = now + (self._random.uniform(8, 14) if self._hot
                               else self._random.uniform(12, 20))
        if self._last and not self._hot:
            self._turn_at = float("inf")

    def _write(self, now):
        number = len(self.written) + 1
        moment = time.time() + self.clock_offset_s
        value = (HOT + self._episode if self._hot else COOL) + number * ROW_STEP
        path = self.format.path(moment)
        files = [folder / path for folder in (self.logs, self.truth)]
        heads = [b"" if file.exists() and file.stat().st_size else self.format.head(moment)
                 for file in files]
        row = self.format.row(moment, value)
        for file, first in zip(files, heads):
            file.parent.mkdir(parents=True, exist_ok=True)
            with open(file, "ab", buffering=0) as stream:
                stream.write(first + row)
        self.written[number] = now

    def cool_down(self):
        """The episode under way, if there is one, is the last: what follows is quiet."""
        with self.lock:
            self._last = True
            if not self._hot:
                self._turn_at = float("inf")

    @property
    def quiet(self):
        return self._last and not self._hot

    def newest_file(self):
        """None while there is none: a new log begins with its next row."""
        return max((file for file in self.logs.rglob("*") if file.is_file()),
                   key=lambda file: file.stat().st_mtime, default=None)


class Writers:
    def __init__(self, fridges):
        self._fridges = fridges
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while not self._ended.wait(STEP_S):
            for fridge in self._fridges:
                fridge.step()

    def close(self):
        self._ended.set()
        self._thread.join()


KINDS = {"triton": Vcl, "bluefors": Bluefors, "mpms": MultiVu, "cryostat": Delimited}


def make_fridges(folder, seed, count):
    """The formats take turns: triton1, bluefors1, mpms1, cryostat1, triton2 and so on."""
    names = [f"{list(KINDS)[i % len(KINDS)]}{i // len(KINDS) + 1}" for i in range(count)]
    return {name: Fridge(name, KINDS[name.rstrip("0123456789")], folder, seed) for name in names}
