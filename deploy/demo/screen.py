"""What the demo prints: one aligned line for each thing that happens, and mails in a frame."""

import os
import shutil
import sys
import threading
import time

COLOURS = {"grey": "90", "red": "31;1", "green": "32;1", "blue": "36;1", "plain": "0"}
SHORTEST_WHO = 9
NARROWEST = 60
WIDEST = 110


class Screen:
    """Safe to use from several threads."""

    def __init__(self):
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self.who_width = SHORTEST_WHO
        self._coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ

    def _paint(self, text, colour):
        return f"\033[{COLOURS[colour]}m{text}\033[0m" if self._coloured else text

    def plain(self, text=""):
        with self._lock:
            print(text, flush=True)

    def start(self):
        """From here on the clock at the left edge counts."""
        self._began = time.monotonic()

    def line(self, who, text, colour="plain"):
        seconds = int(time.monotonic() - self._began)
        who = self._paint(f"{who:{self.who_width}}", "grey")
        clock = self._paint(f"{seconds // 60:2}:{seconds % 60:02}", "grey")
        with self._lock:
            print(f" {clock}  {who} {self._paint(text, colour)}", flush=True)

    def frame(self, who, title, body, colour="blue"):
        """A text of several lines, as a person would see it in a mail program."""
        width = max(NARROWEST, min(WIDEST, shutil.get_terminal_size((100, 24)).columns)) - 20
        self.line(who, title, colour)
        edge = self._paint("│", "grey")
        with self._lock:
            for line in body.strip().splitlines():
                shown = line if len(line) <= width else line[:width - 1] + "…"
                print(f"{' ' * (9 + self.who_width)}{edge} {shown}".rstrip(), flush=True)
