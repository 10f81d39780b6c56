"""What a bridge knows of a delivery outlives it: acknowledgements on Pushover, and parts that arrived."""

import json
import subprocess
import time
from urllib.parse import parse_qs

import paho.mqtt.publish as mqtt

from coldwatch import history
from delivery import starter
from mosquitto import wait_until
from scripted_servers import Answer, ScriptedHttp, ScriptedSmtp

http = starter(ScriptedHttp)
smtp = starter(ScriptedSmtp)

RECEIPT = "rLqVuqTRh62UzxtmqiaLzQmVcPgiCy"
TAKEN = Answer(200, json.dumps({"status": 1, "request": "647d", "receipt": RECEIPT}))
OPEN = Answer(200, json.dumps({"status": 1, "acknowledged": 0, "expired": 0}))
ACKNOWLEDGED = Answer(200, json.dumps({"status": 1, "acknowledged": 1,
                                       "acknowledged_by": "uSECRETUSER",
                                       "acknowledged_by_device": "ann-iphone"}))


def raise_alarm(broker, seq=1, rule="pt_off"):
    now = "2026-11-22T03:02:00.000Z"
    mqtt.single(f"coldwatch/lab/f1/alarm/{rule}", json.dumps({
        "state": "active", "kind": "alarm", "severity": "critical", "text": "Pulse tube is off",
        "t": now, "since": now, "epoch": "E", "seq": seq, "id": f"{seq:032x}", "latch": False,
        "rules_rev": "r1"}),
        qos=1, retain=True, hostname="127.0.0.1", port=broker.port)


def pushover(folder, server):
    for name in ("token", "user"):
        (folder / name).write_text(f"{name}SECRET\n")
    return {"name": "phone", "type": "pushover", "api_url": server.url,
            "token_file": str(folder / "token"), "user_file": str(folder / "user")}


def alarms(lab):
    """What the store knows; nothing before the bridge has made it."""
    done = subprocess.run([lab.programs.bridge, "alarms", "--json", "--config",
                           lab.folder / "bridge.json"], capture_output=True, text=True)
    return done.stdout


def asked(server):
    return [one for one in list(server.requests) if "/receipts/" in one.path]


def test_an_acknowledgement_on_pushover_stops_the_escalation_here(lab, mosquitto, http):
    broker = mosquitto()
    phone = http(TAKEN, at={"/receipts/": [ACKNOWLEDGED]})
    boss = http(Answer(204))
    bridge = lab.bridge(broker.uri, [pushover(lab.folder, phone), lab.webhook(boss.url, "boss")],
                        routes=[{"match": {}, "to": ["phone"],
                                 "escalate": [{"after": "8s", "to": ["boss"]}]}])
    raise_alarm(broker)
    wait_until(lambda: "ann-iphone (phone)" in alarms(lab), 30, "it is acknowledged here", 0.2)
    ring = parse_qs(phone.requests[0].body.decode())
    assert ring["priority"] == ["2"] and ring["retry"] == ["60"] and ring["expire"] == ["3600"]
    assert asked(phone)[0].path == f"/1/receipts/{RECEIPT}.json?token=tokenSECRET"
    time.sleep(9)
    assert not boss.requests
    assert len(phone.requests) == 2, "it is asked no more"
    assert "SECRET" not in bridge.words() + alarms(lab)


def test_what_waits_for_an_acknowledgement_survives_a_restart(lab, mosquitto, http):
    """And an acknowledgement here ends the ringing there."""
    broker = mosquitto()
    phone = http(TAKEN, at={"/receipts/": [OPEN]})
    bridge = lab.bridge(broker.uri, [pushover(lab.folder, phone)])
    raise_alarm(broker)
    wait_until(lambda: asked(phone), 30, "it is asked")
    bridge.restart()
    before = len(asked(phone))
    wait_until(lambda: len(asked(phone)) > before, 30, "it is asked after the restart")

    def acknowledged():
        done = subprocess.run([lab.programs.bridge, "ack", "--config", lab.folder / "bridge.json",
                               "--fridge", "f1", "--by", "bob"], capture_output=True, text=True)
        return "1 alarm acknowledged by bob" in done.stdout

    wait_until(acknowledged, 60, "the bridge is back at its broker and takes the command", 0.5)
    wait_until(lambda: phone.requests[-1].path == f"/1/receipts/{RECEIPT}/cancel.json", 30,
               "the ringing is called off")
    assert phone.requests[-1].body == b"token=tokenSECRET"
    assert sum(one.path == "/1/messages.json" for one in phone.requests) == 1


def test_a_mail_goes_once_to_each_even_if_the_bridge_dies_in_between(lab, mosquitto, smtp):
    broker = mosquitto()
    server = smtp(**{"RCPT TO:<bob": ["451 4.7.1 greylisted", "250 ok"]})
    to = ["ann@lab.example", "bob@lab.example", "cy@lab.example"]
    bridge = lab.bridge(broker.uri, [{**lab.email(server.port), "to": to}])
    raise_alarm(broker)
    # It is said before it is stored, and what is not stored would be told again.
    wait_until(lambda: "mail: retry" in bridge.words() and "delivery" in {
        line["kind"] for line in history(bridge)}, 30, "bob has to wait")
    bridge.restart()
    wait_until(lambda: len(server.messages) == 3, 40, "all three have it")
    assert [one for one in server.commands if one.startswith("RCPT")] == [
        f"RCPT TO:<{one}>" for one in [*to, "bob@lab.example"]]
    assert len({mail["Message-ID"] for mail in server.parsed()}) == 1
