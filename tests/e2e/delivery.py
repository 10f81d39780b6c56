"""Notifications for the tests of delivery, and the probe that sends them."""

import json
import subprocess

import pytest

LONGEST_ATTEMPT_S = 60


def item(fridge="triton1", intent="open", **more):
    return {"intent": intent, "site": "lab", "fridge": fridge, "rule": "pt_off",
            "severity": "critical", "text": "Pulse tube is off", "channel": "Motor_Current_A",
            "value": 0.3, "unit": "A", "limit": 10.0, "since": "2026-11-22T03:02:00.000Z",
            "stale": False, "playbook": "Look at the compressor's display.", **more}


def notification(notifier, items=None, **more):
    items = items or [item()]
    active = [one for one in items if one["intent"] not in ("clear", "notice")]
    return {"id": "01J8-0", "notifier": notifier, "incident": "01J8", "number": 0,
            "title": "Pulse tube is off", "severity": "critical", "quiet": False,
            "all_clear": False, "escalation_step": 0, "items": items, "active": active,
            "t": "2026-11-22T03:02:10.000Z", **more}


class Probe:
    """The courier with these notifiers. Secrets (keys that end in _secret) go into files."""

    def __init__(self, program, folder, *notifiers):
        folder.mkdir(parents=True, exist_ok=True)
        for number, notifier in enumerate(notifiers):
            for key in [key for key in notifier if key.endswith("_secret")]:
                name = key.removesuffix("_secret")
                file = folder / f"{number}.{name}"
                file.write_text(notifier.pop(key) + "\n")
                notifier[f"{name}_file"] = str(file)
        config = folder / "notifiers.json"
        config.write_text(json.dumps({"notifiers": notifiers}))
        self.process = subprocess.Popen([program, config], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def send_all(self, *notifications):
        """Sends all at once; the lines that the probe printed, in order."""
        self.process.stdin.write(json.dumps(notifications) + "\n")
        self.process.stdin.flush()
        lines = []
        while sum("outcome" in line for line in lines) < len(notifications):
            line = self.process.stdout.readline()
            assert line, self.process.stderr.read()
            lines.append(json.loads(line))
        return lines

    def send(self, one):
        return self.send_all(one)[-1]

    def close(self):
        self.process.stdin.close()
        errors = self.process.stderr.read()
        self.process.wait(LONGEST_ATTEMPT_S)
        return errors


@pytest.fixture
def probe(programs, tmp_path, private_files):
    """A function that starts a Probe with these notifiers."""
    probes = []

    def start(*notifiers):
        probes.append(Probe(programs.find("tests/e2e/delivery_probe"),
                            tmp_path / f"probe{len(probes)}", *notifiers))
        return probes[-1]

    yield start
    for one in probes:
        one.close()


def starter(server_type):
    """A fixture: a function that starts servers of this type, which end with the test."""
    @pytest.fixture
    def servers():
        running = []

        def start(*script, **options):
            running.append(server_type(*script, **options))
            return running[-1]

        yield start
        for server in running:
            server.close()

    return servers
