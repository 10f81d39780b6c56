"""What people tell a running agent: what the fridge is doing, and to learn anew what is usual for it."""

import datetime
import json
import re

import pytest
import paho.mqtt.client as paho

from coldwatch import history, topic
from mosquitto import wait_until
from scripted_servers import Answer

RUNNING = {"id": "running", "channel": "Motor Current", "when": 'phase != "maintenance"',
           "high": {"at": 5, "severity": "warning", "text": "runs"}, "low": {"at": 4}}
CONDENSE = {"id": "condense", "kind": "ratio", "channel": "P2 Condense (Bar)",
            "high": {"at": 1.5, "severity": "warning", "text": "{value} of the usual"}, "low": {"at": 1.2}}
HOURS_BEFORE = 6


@pytest.fixture
def broker(mosquitto):
    return mosquitto()


@pytest.fixture
def commanded(lab, broker, request):
    """A fridge at base with one rule, six hours of whose log are read, and a function that commands it."""
    heard = lab.listener(broker.port)
    start = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=HOURS_BEFORE)
    lab.write_log("triton1", 60 * HOURS_BEFORE, "--start", start.strftime("%Y-%m-%dT%H:%M:%SZ"))
    agent = lab.agent("triton1", broker.uri, rules=[request.param])
    client = paho.Client()
    client.connect("127.0.0.1", broker.port)
    client.loop_start()

    def command(verb, **body):
        before = len(heard.payloads(topic("triton1", "reply/desk")))
        client.publish(topic("triton1", f"cmd/{verb}"), json.dumps({"requester": "desk", **body}), qos=1)
        wait_until(lambda: len(heard.payloads(topic("triton1", "reply/desk"))) > before, 20, f"{verb} is answered")
        return json.loads(heard.payloads(topic("triton1", "reply/desk"))[-1])

    yield agent, heard, command
    client.loop_stop()


def health(heard):
    payloads = heard.payloads(topic("triton1", "health"))
    return json.loads(payloads[-1]) if payloads else {}


def alarm(heard):
    payloads = heard.payloads(topic("triton1", "alarm/running"))
    return json.loads(payloads[-1]) if payloads else {}


@pytest.mark.parametrize("commanded", [CONDENSE], indirect=True, ids=["ratio"])
def test_baselines_are_shown_survive_a_restart_and_are_reset(commanded):
    agent, heard, command = commanded
    wait_until(lambda: health(heard).get("phase") == "base" and "baselines" in health(heard), 20,
               "what is usual stands in health")
    usual = health(heard)["baselines"]
    assert list(usual) == ["P2_Condense_Bar"], "nothing is learned that no rule needs"
    assert command("baselines")["data"]["baselines"]["base"]["P2_Condense_Bar"]["median"] == usual["P2_Condense_Bar"]

    agent.restart()
    beats = len(heard.payloads(topic("triton1", "health")))
    wait_until(lambda: len(heard.payloads(topic("triton1", "health"))) > beats, 20, "it is back")
    assert health(heard)["baselines"] == usual

    assert command("baselines", reset="P9")["status"] == "error"
    assert command("baselines", reset="P2_Condense_Bar")["data"] == {"forgotten": 1}
    wait_until(lambda: "baselines" not in health(heard), 20, "it is forgotten")


@pytest.mark.parametrize("commanded", [RUNNING], indirect=True, ids=["threshold"])
def test_a_declared_phase_holds_its_rules_until_its_end(commanded, lab):
    _, heard, command = commanded
    wait_until(lambda: alarm(heard).get("state") == "active" and health(heard), 40, "the rule is armed")
    fresh = len(heard.payloads(topic("triton1", "live")))
    lab.simulator("triton1", "--interval", "100ms")
    wait_until(lambda: len(heard.payloads(topic("triton1", "live"))) > fresh + 2, 40, "rows come")
    assert "phase_until" not in health(heard)

    before = len(heard.payloads(topic("triton1", "alarm/running")))
    assert command("declare", phase="maintenance", **{"for": "10s"})["status"] == "ok"

    def unarmed():
        later = [json.loads(payload) for payload in heard.payloads(topic("triton1", "alarm/running"))[before:]]
        return [one for one in later if one["state"] == "normal"]
    wait_until(unarmed, 40, "the rule is not armed")
    assert unarmed()[0]["text"].startswith("Not watched now")
    wait_until(lambda: any(one["phase"] == "maintenance" and "phase_until" in one
                           for one in map(json.loads, heard.payloads(topic("triton1", "health")))),
               40, "it is shown")
    wait_until(lambda: alarm(heard)["state"] == "active", 40, "it ends by itself")
    wait_until(lambda: health(heard)["phase"] == "base" and "phase_until" not in health(heard), 20,
               "and so it is shown")

    assert command("declare", phase="warming", **{"for": "1h"})["status"] == "ok"
    wait_until(lambda: health(heard)["phase"] == "warming", 20, "another one")
    assert command("declare", phase="none")["text"] == "no phase is declared any more"
    wait_until(lambda: health(heard)["phase"] == "base", 20, "it is taken back")


@pytest.mark.parametrize("commanded", [RUNNING], indirect=True, ids=["threshold"])
def test_commands_stand_in_the_history_of_the_bridge(commanded, lab, broker, web):
    agent, heard, command = commanded
    hook = web(Answer(204))
    bridge = lab.bridge(broker.uri, [lab.webhook(hook.url)])
    wait_until(lambda: health(heard), 20, "the agent is there")
    command("snapshot", by="Ann")
    command("declare", by="Ann", phase="warming")
    command("declare", by="Mallory", phase="warming", **{"for": "365d"})
    command("baselines")
    wait_until(lambda: command("reload")["status"] == "ok", 20, "it rests no longer after the snapshot", poll_s=1)

    def trail():
        return [line["text"] for line in history(bridge)
                if line["kind"] == "command" and line["fridge"] == "triton1"]
    wait_until(lambda: {one.split(": ")[0] for one in trail() if "too soon" not in one} == {
        "command declare by Ann", "command declare by Mallory", "command reload by desk",
        "command snapshot by Ann"}, 20, "all that change something are there", poll_s=0.5)
    assert "command declare by Mallory: refused: " in agent.words()
    assert not any(b" by Mallory" in request.body or b"reload by" in request.body
                   for request in hook.requests), "nobody is told"


@pytest.mark.parametrize("commanded", [RUNNING], indirect=True, ids=["threshold"])
def test_a_snapshot_by_command_reaches_people(commanded, lab, broker, web):
    _, heard, command = commanded
    hook = web(Answer(204))
    lab.bridge(broker.uri, [lab.webhook(hook.url)])
    wait_until(lambda: health(heard), 20, "the agent is there")
    assert command("snapshot", text="Before the fill")["text"] == "snapshot published"
    published = json.loads(heard.payloads(topic("triton1", "snapshot"))[-1])
    assert published["text"].startswith("Before the fill\n")
    line = next(one for one in published["text"].splitlines() if one.startswith("PT2 Plate T(K): "))
    assert re.fullmatch(r"PT2 Plate T\(K\): 3\.\d+ K \(3\.\d+ to 3\.\d+ in 1 h 5\d min\)", line), line
    assert len(published["values"]["PT2_Plate_T_K"]["trend"]) > 12

    def told():
        items = [item for request in hook.requests for item in json.loads(request.body)["data"]["items"]]
        return [item["text"] for item in items if item["text"].startswith("Before the fill: ")]
    wait_until(told, 40, "people are told")
    assert re.search(r"PT2 Plate T\(K\) 3\.\d+ K, ", told()[0])


def test_a_retained_command_is_ignored_also_by_whoever_is_connected(lab, broker):
    heard = lab.listener(broker.port)
    lab.write_log("triton1", 5)
    agent = lab.agent("triton1", broker.uri, rules=[RUNNING])
    bridge = lab.bridge(broker.uri, [{"name": "log", "type": "console"}])
    for program in (agent, bridge):
        wait_until(lambda: "connected to" in program.words(), 20, "it is connected")
    for fridge, place in (("triton1", "cmd/test"), ("_bridge", "main/cmd/test")):
        heard.publish(topic(fridge, place), json.dumps({"requester": "desk"}), retain=True)
    wait_until(lambda: "the retained command test is ignored" in agent.words(), 20, "the agent says so")
    wait_until(lambda: "ignored a retained command" in bridge.words(), 20, "the bridge says so")
    assert not heard.payloads(topic("triton1", "reply/desk"))
    assert not any("reply" in message.topic for message in heard.messages)
