"""`coldwatch-bridge test NAME`: what it prints for a server that takes the alarm and one that does not."""

import json
import subprocess

from delivery import starter
from scripted_servers import Answer, ScriptedHttp, ScriptedSmtp

http = starter(ScriptedHttp)
smtp = starter(ScriptedSmtp)


def trial(programs, folder, notifier):
    config = folder / "bridge.json"
    config.write_text(json.dumps({"bridge": "main", "store": str(folder / "store.sqlite"),
                                  "notifiers": [notifier]}))
    return subprocess.run([programs.bridge, "test", notifier["name"], "--config", config],
                          capture_output=True, text=True, timeout=60)


def test_alarm_and_end_arrive(programs, tmp_path, smtp):
    server = smtp()
    done = trial(programs, tmp_path, {"name": "mail", "type": "email", "host": "127.0.0.1",
                                      "port": server.port, "security": "none",
                                      "from": "alarms@lab.org", "to": ["ann@lab.org"]})
    assert done.returncode == 0, done.stderr
    said = "delivered. The server said: 250 2.0.0 queued as 4F2"
    assert done.stdout == f"alarm: {said}\nits end: {said}\n"
    assert len(server.messages) == 2
    assert b"image/png" in server.messages[0]


def test_a_wrong_address_is_said_in_words(programs, tmp_path, http, private_files):
    server = http(Answer(404, "no_service"))
    secret = tmp_path / "url"
    secret.write_text(server.url + "/services/SECRET\n")
    done = trial(programs, tmp_path, {"name": "team", "type": "slack", "url_file": str(secret)})
    assert done.returncode == 1
    assert done.stdout == ("alarm: not delivered, and will not be until somebody changes "
                           "something: HTTP 404: no_service. To do: nobody takes messages at this "
                           "address any more; make a new one at the service\n")
    assert "SECRET" not in done.stdout + done.stderr
