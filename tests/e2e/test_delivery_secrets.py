"""No secret of any notifier is seen anywhere: every service here repeats the whole request in its
answer, as careless ones do, and every output of the bridge is searched."""

import json
import subprocess
from pathlib import Path

import paho.mqtt.publish as mqtt

from delivery import starter
from mosquitto import wait_until
from scripted_servers import Answer, ScriptedHttp, ScriptedSmtp

http = starter(ScriptedHttp)
smtp = starter(ScriptedSmtp)

WHSEC = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # the published example


def notifiers(folder, server, mail):
    """One of each type that has a secret, and the secrets."""
    secrets = []

    def secret(key, text, *parts):
        file = folder / f"secret{len(secrets)}"
        file.write_text(text + "\n")
        secrets.extend([text, *parts])
        return {f"{key}_file": str(file)}

    def address(name, tail=""):
        part = f"{name}-pathSECRET"
        return secret("url", f"{server.url}/hooks/{part}?access={name}-keySECRET{tail}", part,
                      f"{name}-keySECRET")

    api = {"api_url": server.url}
    entries = [
        {"type": "dingtalk", **address("dingtalk"), **secret("secret", "dingtalk-signSECRET")},
        {"type": "discord", **address("discord")},
        {"type": "feishu", **address("feishu"), **secret("secret", "feishu-signSECRET")},
        {"type": "lark", **address("lark"), **secret("secret", "lark-signSECRET")},
        {"type": "ntfy", **api, **secret("topic", "ntfy-topicSECRET"),
         **secret("token", "tk_ntfySECRET")},
        {"type": "pagerduty", **api, **secret("routing_key", "pagerdutySECRET")},
        {"type": "pushover", **api, **secret("token", "pushover/token SECRET"),
         **secret("user", "pushover-userSECRET")},
        {"type": "slack", **address("slack")},
        {"type": "slack", "name": "slack-web", **api, **secret("token", "xoxb-SECRET"),
         "channel": "C0123"},
        {"type": "teams", **address("teams", "&sig=teams-sigSECRET")},
        {"type": "telegram", **api, **secret("token", "123456:telegramSECRET"), "chat_id": "-1"},
        {"type": "webhook", **address("webhook"), **secret("secret", WHSEC),
         **secret("authorization", "Bearer webhookSECRET")},
        {"type": "wecom", **address("wecom")},
        {"type": "email", "host": "127.0.0.1", "port": mail.port, "security": "starttls",
         "user": "alarms", **secret("password", "emailSECRET"), "from": "a@lab.example",
         "to": ["b@lab.example"]},
    ]
    return [{"name": entry["type"], "language": "en", **entry} for entry in entries], secrets


def test_no_secret_is_seen_anywhere(lab, mosquitto, http, smtp):
    broker = mosquitto()
    server = http(Answer(500, echo=True))
    mail = smtp(EHLO="500 emailSECRET", HELO="500 emailSECRET")
    entries, secrets = notifiers(lab.folder, server, mail)
    seen = lab.listener(broker.port)
    bridge = lab.bridge(broker.uri, entries)
    now = "2026-11-22T03:02:00.000Z"
    mqtt.single("coldwatch/lab/f1/alarm/hot", json.dumps({
        "state": "active", "kind": "alarm", "severity": "critical", "text": "PT2 is hot", "t": now,
        "since": now, "epoch": "E", "seq": 1, "id": "0" * 32, "latch": False,
        "rules_rev": "r1"}),
        qos=1, retain=True, hostname="127.0.0.1", port=broker.port)
    tried = {entry["name"] for entry in entries}
    delivery = "coldwatch/lab/_bridge/main/delivery"
    wait_until(lambda: tried == {json.loads(one)["notifier"] for one in seen.payloads(delivery)}, 60,
               "every notifier was tried", 0.2)

    def say(*arguments):
        done = subprocess.run([lab.programs.bridge, *arguments, "--config",
                               lab.folder / "bridge.json"], capture_output=True, text=True,
                              timeout=60)
        return done.stdout + done.stderr

    outputs = {"log": bridge.words(), "check": say("check"), "alarms": say("alarms", "--json"),
               "history": say("history", "--json"),
               "ps": Path(f"/proc/{bridge.process.pid}/cmdline").read_text(),
               "store": "".join(file.read_bytes().decode("latin-1")
                                for file in lab.folder.glob("bridge.sqlite*")),
               "broker": "".join(f"{one.topic} {one.payload}" for one in seen.messages)}
    for name in tried:
        outputs[f"test {name}"] = say("test", name)
        assert "not delivered" in outputs[f"test {name}"]
    assert "hot" in outputs["alarms"] and "no: /hooks" in outputs["log"].replace("***", "/hooks")
    found = [(where, one) for where, text in outputs.items() for one in secrets if one in text]
    assert not found
    leaks = [(where, text[max(0, at - 40):at + 12]) for where, text in outputs.items()
             if (at := text.find("SECRET")) >= 0]
    assert not leaks, "a part of a secret"
