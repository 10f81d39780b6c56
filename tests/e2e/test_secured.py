"""Everything over TLS, with users, from the log to the delivered message."""

import json
import time

import pytest

from coldwatch import Arrivals, history, told_items, topic
from mosquitto import wait_until
from scripted_servers import Answer

USERS = {"triton1": "cold-1", "bridge1": "warm-2", "viewer": "look-3"}
ACL = """pattern write coldwatch/+/%u/#
pattern read coldwatch/+/%u/cmd/#
pattern read coldwatch/+/_bridge/confirmed/%u
user bridge1
topic readwrite coldwatch/lab/_bridge/#
topic read coldwatch/#
topic write coldwatch/+/+/cmd/#
user viewer
topic read coldwatch/#
"""


def secured(lab, broker, certificates, user, password=None):
    file = lab.folder / f"{user}.password"
    file.write_text((password or USERS[user]) + "\n")
    return {"uri": f"mqtts://localhost:{broker.port}", "ca_file": str(certificates.ca),
            "user": user, "password_file": str(file)}


def test_tls_users_and_access_list(lab, mosquitto, certificates, web):
    broker = mosquitto(tls=certificates.server, users=USERS, acl=ACL)
    arrived = Arrivals(lab.listener(broker.port, user="viewer", password=USERS["viewer"],
                                    ca_file=certificates.ca), "triton1")
    hook = web(Answer(204))
    lab.bridge(secured(lab, broker, certificates, "bridge1"), [lab.webhook(hook.url)])
    lab.simulator("triton1", "--interval", "100ms", "--speed", 600, "--at", "2s", "water_failure")
    lab.agent("triton1", secured(lab, broker, certificates, "triton1"), start="now")
    wait_until(lambda: hook.requests, 30, "the alarm is delivered")
    assert {told[1:3] for told in told_items(hook)} >= {("triton1", "water_hot")}
    last = max(event["seq"] for event in arrived.update().events.values())
    wait_until(lambda: arrived.watermark() >= last, 10, "the confirmation reaches everybody")


def test_a_wrong_password_is_said_and_tried_again(lab, mosquitto, certificates):
    broker = mosquitto(tls=certificates.server, users=USERS, acl=ACL)
    seen = lab.listener(broker.port, user="viewer", password=USERS["viewer"],
                        ca_file=certificates.ca)
    lab.write_log("triton1", 5)
    agent = lab.agent("triton1", secured(lab, broker, certificates, "triton1", "guess"))
    time.sleep(3)
    assert agent.alive
    assert "guess" not in agent.words() and USERS["triton1"] not in agent.words()
    assert "user name or password" in agent.words().lower() or "not authori" in agent.words().lower()
    (lab.folder / "triton1.password").write_text(USERS["triton1"] + "\n")
    agent.restart()
    seen.wait_for(topic("triton1", "status"), "online", 10)


def start(lab, program, section):
    """An agent or a bridge with this section "broker"."""
    if program == "agent":
        lab.write_log("triton1", 5)
        return lab.agent("triton1", section)
    return lab.bridge(section, [lab.webhook("http://127.0.0.1:9")])


@pytest.mark.parametrize("program, user", [("agent", "triton1"), ("bridge", "bridge1")])
@pytest.mark.parametrize("server, authority, said", [
    ("expired", "ca", "expired"), ("server", "other_ca", "unknown CA"),
    ("elsewhere", "ca", 'does not name "localhost"')])
def test_a_wrong_certificate_is_refused(lab, mosquitto, certificates, program, user, server,
                                        authority, said):
    broker = mosquitto(tls=getattr(certificates, server), users=USERS, acl=ACL)
    section = {**secured(lab, broker, certificates, user),
               "ca_file": str(getattr(certificates, authority))}
    running = start(lab, program, section)
    wait_until(lambda: said in running.words(), 20, "the refusal is said")
    assert "connected to mqtts" not in running.words() and running.alive
    assert f"u'{user}'" not in broker.log(), "the password went to somebody unknown"


@pytest.mark.parametrize("program", ["agent", "bridge"])
def test_a_plain_connection_to_the_secure_broker_does_not_come_about(lab, mosquitto, certificates,
                                                                     program):
    broker = mosquitto(tls=certificates.server, users=USERS, acl=ACL)
    running = start(lab, program, {"uri": broker.uri})
    wait_until(lambda: "cannot connect" in running.words(), 20, "the refusal is said")
    assert "connected to mqtt:" not in running.words()


def test_an_agent_with_the_name_of_another_is_refused(lab, mosquitto, certificates):
    broker = mosquitto(tls=certificates.server, users=USERS, acl=ACL)
    seen = lab.listener(broker.port, user="viewer", password=USERS["viewer"],
                        ca_file=certificates.ca)
    lab.write_log("bf2", 5)
    agent = lab.agent("bf2", secured(lab, broker, certificates, "triton1"))
    wait_until(lambda: "not authorized" in agent.words().lower(), 20, "the refusal is said")
    assert not [one.topic for one in seen.messages if one.topic.startswith(topic("bf2", ""))]


def commanded(lab, broker, section, options):
    """What a running agent answers to a command."""
    lab.write_log("triton1", 5)
    lab.agent("triton1", section)
    desk = lab.listener(broker.port, **options)
    desk.wait_for(topic("triton1", "status"), "online", 20)
    reply = topic("triton1", "reply/desk")

    def answered():
        desk.publish(topic("triton1", "cmd/test"), json.dumps({"requester": "desk"}))
        time.sleep(0.5)  # the broker may not have answered the agent's question yet
        return any('"status"' in one and "not shown yet" not in one for one in desk.payloads(reply))

    wait_until(answered, 20, "the command is answered")
    return json.loads(desk.payloads(reply)[-1])


def test_commands_are_carried_out_where_the_broker_has_an_access_list(lab, mosquitto, certificates):
    broker = mosquitto(tls=certificates.server, users=USERS, acl=ACL)
    answer = commanded(lab, broker, secured(lab, broker, certificates, "triton1"),
                       {"user": "bridge1", "password": USERS["bridge1"], "ca_file": certificates.ca})
    assert answer["status"] == "ok" or "too soon" in answer["text"], answer


@pytest.mark.parametrize("users, said", [(None, "knows nobody here by name"),
                                         (USERS, "lets everybody write everything")])
def test_commands_are_refused_where_anybody_may_command(lab, mosquitto, certificates, users, said):
    broker = mosquitto(tls=certificates.server, users=users)
    section = secured(lab, broker, certificates, "triton1")
    options = {"ca_file": certificates.ca}
    if users:
        options.update(user="bridge1", password=USERS["bridge1"])
    else:
        section = {key: section[key] for key in ("uri", "ca_file")}
    answer = commanded(lab, broker, section, options)
    assert answer["status"] == "error" and said in answer["text"], answer


def test_a_refused_command_to_the_bridge_is_in_its_history(lab, mosquitto, certificates):
    broker = mosquitto(tls=certificates.server)
    bridge = lab.bridge({"uri": f"mqtts://localhost:{broker.port}", "ca_file": str(certificates.ca)},
                        [lab.webhook("http://127.0.0.1:9")])
    desk = lab.listener(broker.port, ca_file=certificates.ca)
    desk.wait_for(topic("_bridge", "main/status"), "online", 20)
    desk.publish(topic("_bridge", "main/cmd/shelve"), json.dumps(
        {"match": {"fridge": "*"}, "for": "1h", "by": "Mallory", "requester": "desk"}))
    desk.wait_for(topic("_bridge", "main/reply/desk"), timeout_s=20)
    assert "knows nobody here by name" in desk.payloads(topic("_bridge", "main/reply/desk"))[0]
    trail = [line for line in history(bridge) if line["kind"] == "command"]
    assert "refused" in trail[0]["text"] and trail[0]["body"]["by"] == "Mallory"
