"""The lab's network is the fault: broker and bridge are dead, and the agent tells the alarm itself."""

import json
import time

import pytest

import contract
from coldwatch import Arrivals, SteppedClock, told_items
from mosquitto import free_port, wait_until
from scripted_servers import Answer

AFTER = "3s"
BACK_TIMEOUT_S = 100  # after half a minute of trying the next try may be a minute away
RULES = {"water_hot", "pt_off"}


def hook_of(lab, url, name="fallback"):
    file = lab.folder / f"{name}.url"
    file.write_text(f"{url}/\n")
    file.chmod(0o600)
    return {"after": AFTER, "url_file": str(file)}


def failing_water(lab, fridge="triton1"):
    lab.simulator(fridge, "--interval", "100ms", "--speed", 600, "--at", "1s", "water_failure",
                  "--quiet")


def told_rules(hook):
    return {item["rule"] for request in hook.requests
            for item in json.loads(request.body)["data"]["items"]}


def test_both_dead_told_once_and_learned_by_the_bridge(lab, mosquitto, web):
    port = free_port()
    around, usual = web(Answer(204)), web(Answer(204))
    failing_water(lab)
    agent = lab.agent("triton1", f"mqtt://127.0.0.1:{port}", start="now",
                      fallback=hook_of(lab, around.url))
    wait_until(lambda: told_rules(around) == RULES, 40, "the agent tells both alarms itself")
    text = json.loads(around.requests[0].body)["data"]["text"]
    assert "This is the fallback: the agent of triton1" in text
    assert around.requests[0].headers["webhook-id"].startswith("fallback-")
    state = lab.folder / "triton1.state.json"
    wait_until(lambda: set(json.loads(state.read_text()).get("fallback", {})) == RULES, 10,
               "the agent has saved what it told")
    count = len(around.requests)
    agent.restart()
    time.sleep(6)  # twice the time after which it would tell them again
    assert len(around.requests) == count, "told again after the restart"

    broker = mosquitto(port=port)
    arrived = Arrivals(lab.listener(broker.port), "triton1")
    lab.bridge(broker.uri, [lab.webhook(usual.url)])
    # One of the alarms may be over by now.
    wait_until(lambda: {key[2] for key in told_items(usual)} >= RULES, BACK_TIMEOUT_S,
               "the bridge tells both alarms as well")
    events = arrived.update().events.values()
    assert {event["rule"] for event in events if event["type"] == "fallback"} == RULES
    wait_until(lambda: b"already told by the agent itself" in b"".join(
        request.body for request in usual.requests), 30, "and says what was told already")
    assert len(around.requests) == count


def test_with_no_more_than_an_address_it_waits_five_minutes(lab, web):
    clock = SteppedClock(lab.programs.find("tests/e2e/stepped_clock.so"), "STEADY",
                         lab.folder / "steady_ahead")
    around = web(Answer(204))
    address = hook_of(lab, around.url)["url_file"]
    failing_water(lab)
    began = time.monotonic()
    lab.agent("triton1", f"mqtt://127.0.0.1:{free_port()}", start="now", under=clock.under,
              fallback={"url_file": address})
    state = lab.folder / "triton1.state.json"
    wait_until(lambda: state.exists() and RULES <= {
        event["rule"] for event in json.loads(state.read_text())["events"]}, 60,
               "both alarms are active")
    clock.set_ahead(290 - (time.monotonic() - began))
    time.sleep(3)  # time enough for a message too early
    assert around.requests == [], "told before five minutes were over"
    clock.set_ahead(305)
    wait_until(lambda: around.requests, 30, "after five minutes the agent tells it")
    clock.set_ahead(24 * 3600)
    time.sleep(3)  # time enough for a message too many
    assert told_rules(around) == RULES and len(around.requests) == 1
    text = json.loads(around.requests[0].body)["data"]["text"]
    assert "This is the fallback: the agent of triton1" in text and "5 min" in text, text


def test_by_email(lab, smtp):
    mails = smtp()
    failing_water(lab)
    lab.agent("triton1", f"mqtt://127.0.0.1:{free_port()}", start="now", fallback={
        "after": AFTER, "email": {"host": "127.0.0.1", "port": mails.port, "security": "none",
                                  "from": "fridge@lab.example", "to": ["ann@lab.example"]}})
    wait_until(lambda: mails.messages, 40, "the mail has arrived")
    mail = mails.parsed()[0]
    assert mail["Subject"].startswith("Fallback: triton1 has ")
    assert "critical triton1: " in mail.get_content()
    assert mail["Message-ID"].startswith("<fallback-")


def test_a_bridge_that_answers_leaves_nothing_to_the_fallback(lab, mosquitto, web):
    broker = mosquitto()
    around, usual = web(Answer(204)), web(Answer(204))
    lab.bridge(broker.uri, [lab.webhook(usual.url)])
    failing_water(lab)
    lab.agent("triton1", broker.uri, start="now", fallback=hook_of(lab, around.url))
    wait_until(lambda: usual.requests, 40, "the bridge tells it")
    time.sleep(6)
    assert around.requests == []


def test_a_broker_without_a_bridge_is_silence_too(lab, mosquitto, web):
    broker = mosquitto()
    around = web(Answer(204))
    failing_water(lab)
    lab.agent("triton1", broker.uri, start="now", fallback=hook_of(lab, around.url))
    wait_until(lambda: told_rules(around) == RULES, 40, "no bridge has confirmed: the agent tells it")


def test_a_broker_that_comes_and_goes_without_a_bridge_is_silence(lab, mosquitto, web):
    broker, around = mosquitto(), web(Answer(204))
    failing_water(lab)
    agent = lab.agent("triton1", broker.uri, start="now",
                      fallback={**hook_of(lab, around.url), "after": "15s"})
    state = lab.folder / "triton1.state.json"
    wait_until(lambda: state.exists() and {"water_hot"} <= {
        event["rule"] for event in json.loads(state.read_text())["events"]}, 60, "an alarm is active")
    began = time.monotonic()
    # Each time the agent is back, the broker goes: never away for as long as the fallback waits.
    while not around.requests and time.monotonic() - began < 25:
        times = agent.words().count("connected to")
        broker.kill()
        broker.start()
        while (not around.requests and agent.words().count("connected to") == times
               and time.monotonic() - began < 25):
            time.sleep(0.1)
    assert around.requests, "the broker that came and went has kept the fallback silent"
    assert agent.words().count("connected to") > 2


@pytest.mark.parametrize("answer", [Answer(500), Answer(204, reset=True)])
def test_what_nobody_took_is_not_told(lab, web, answer):
    around = web(answer)
    failing_water(lab)
    agent = lab.agent("triton1", f"mqtt://127.0.0.1:{free_port()}", start="now",
                      fallback=hook_of(lab, around.url))
    wait_until(lambda: around.requests, 40, "it is tried")
    wait_until(lambda: "could not tell anybody" in agent.words(), 10, "the failure is in its log")
    assert around.url not in agent.words()
    assert not contract.body_faults("notification", around.requests[0].body)
