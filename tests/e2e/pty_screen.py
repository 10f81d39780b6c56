"""A program on a terminal of its own, and what a person would see there."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios

import pyte

from mosquitto import wait_until

STOP_TIMEOUT_S = 10


class PtyScreen:
    """Starts `command` on a new terminal. `echoes()` tells whether that is as a shell wants it."""

    def __init__(self, command, columns=100, rows=24, term="xterm-256color"):
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._master, self._terminal = pty.openpty()
        self.resize(columns, rows)
        self.seen = b""
        self.process = subprocess.Popen([str(part) for part in command], stdin=self._terminal,
                                        stdout=self._terminal, stderr=self._terminal,
                                        env={**os.environ, "TERM": term}, preexec_fn=self._take)

    def _take(self):
        os.setsid()
        fcntl.ioctl(self._terminal, termios.TIOCSCTTY, 0)

    def resize(self, columns, rows):
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)

    def read(self):
        """Takes over what was written since the last call."""
        while select.select([self._master], [], [], 0.05)[0]:
            data = os.read(self._master, 65536)
            self.seen += data
            self._stream.feed(data)
        return self

    def text(self):
        return "\n".join(line.rstrip() for line in self.read().screen.display)

    def shows(self, *words, timeout_s=20):
        try:
            wait_until(lambda: all(word in self.text() for word in words), timeout_s, "")
        except AssertionError:
            raise AssertionError(f"the screen does not show {words}:\n{self.text()}") from None
        return self.text()

    def line(self, word):
        """The line that begins with `word`."""
        found = [line for line in self.text().splitlines() if line.startswith(word)]
        assert found, f"no line begins with {word!r}:\n{self.text()}"
        return found[0]

    def press(self, keys):
        os.write(self._master, keys.encode())

    def signal(self, number):
        os.kill(self.process.pid, number)

    def ended(self):
        """The exit status, with everything read that was written before."""
        wait_until(lambda: self.read() and self.process.poll() is not None, STOP_TIMEOUT_S,
                   "the program has ended")
        self.read()
        return self.process.returncode

    def as_before(self):
        """Do the terminal's modes and screen serve a shell again?"""
        mode = termios.tcgetattr(self._terminal)[3]
        return bool(mode & termios.ECHO and mode & termios.ICANON) and \
            self.seen.rfind(b"\x1b[?1049l") > self.seen.rfind(b"\x1b[?1049h") and \
            self.seen.rfind(b"\x1b[?25h") > self.seen.rfind(b"\x1b[?25l")

    def hang_up(self):
        """As when a window is closed or a connection breaks."""
        os.close(self._terminal)
        os.close(self._master)
        self._terminal = self._master = None

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait(STOP_TIMEOUT_S)
        for one in (self._terminal, self._master):
            if one is not None:
                os.close(one)
