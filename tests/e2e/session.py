"""Drives the session probe: one MqttSession of the project, as a process."""

import json
import signal
import subprocess
import threading
import time

TIMEOUT_S = 20


class Session:
    """`broker` is the section of that name in a config, the rest is the probe's."""

    def __init__(self, program, broker, **options):
        argument = json.dumps({"broker": broker, **options})
        self.events = []
        self._process = subprocess.Popen([program, argument], stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self._process.stdout:
            with self._changed:
                self.events.append({**json.loads(line), "at": time.monotonic()})
                self._changed.notify_all()

    def of(self, kind):
        return [one for one in list(self.events) if one["event"] == kind]

    def wait_for(self, kind, count=1, timeout_s=TIMEOUT_S, **values):
        """The `count`-th event of a kind whose fields have these values."""
        def found():
            return [one for one in self.of(kind)
                    if all(one[key] == value for key, value in values.items())]

        with self._changed:
            self._changed.wait_for(lambda: len(found()) >= count, timeout_s)
        assert len(found()) >= count, f"no {kind} {values} in {timeout_s} s but {self.events[-20:]}"
        return found()[count - 1]

    def do(self, what, **arguments):
        self._process.stdin.write(json.dumps({"do": what, **arguments}) + "\n")
        self._process.stdin.flush()

    def publish(self, topic, payload, **options):
        """Publishes, and returns the event that settled the message."""
        already = len(self.of("published"))
        self.do("publish", topic=topic, payload=payload, **options)
        ticket = self.wait_for("published", already + 1)["ticket"]
        assert ticket != 0, "the session did not take the message"
        with self._changed:
            self._changed.wait_for(lambda: self._settled(ticket), TIMEOUT_S)
        return self._settled(ticket)

    def _settled(self, ticket):
        for one in self.events:
            if one["event"] in ("acknowledged", "refused") and one["ticket"] == ticket:
                return one
        return None

    def burst(self, count, timeout_s=TIMEOUT_S, **options):
        """Publishes `count` numbered messages until each was acknowledged."""
        already = len(self.of("burst_done"))
        self.do("burst", count=count, **options)
        return self.wait_for("burst_done", already + 1, timeout_s)

    def close(self, **options):
        """Ends it as a clean stop does; returns its last event."""
        self.do("close", **options)
        self._process.wait(TIMEOUT_S)
        self._reader.join(TIMEOUT_S)
        assert self._process.returncode == 0
        return self.events[-1]

    def abandon(self):
        """Ends it without a word to the session: its destructor has to do what is right."""
        self.do("leave")
        assert self._process.wait(TIMEOUT_S) == 0

    def kill(self):
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
        self._process.wait(TIMEOUT_S)

    def refusal(self):
        """What the program said when it would not start."""
        assert self._process.wait(TIMEOUT_S) == 2
        return self._process.stderr.read()
