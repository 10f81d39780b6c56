"""Everything over TLS, with users, from the log to the delivered message."""

import time

from coldwatch import Arrivals, told_items, topic
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
