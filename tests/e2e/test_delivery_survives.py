"""The bridge dies at the worst moments of a delivery."""

import json
import time

from coldwatch import Arrivals, told_items
from mosquitto import free_port, wait_until
from scripted_servers import Answer, ScriptedHttp


def raise_alarm(lab, broker, fridge="triton1"):
    """A fridge without water, followed by its agent; both alarms are raised within seconds."""
    lab.simulator(fridge, "--interval", "100ms", "--speed", 600, "--at", "2s", "water_failure",
                  "--quiet")
    return lab.agent(fridge, broker.uri, start="now")


def test_killed_between_store_and_delivery(lab, mosquitto):
    """Nobody answers at first: the message waits in the store, and leaves it once."""
    broker = mosquitto()
    arrived = Arrivals(lab.listener(broker.port), "triton1")
    port = free_port()
    bridge = lab.bridge(broker.uri, [lab.webhook(f"http://127.0.0.1:{port}")])
    raise_alarm(lab, broker)
    wait_until(lambda: arrived.transitions()[("pt_off", "raise")], 15, "the alarm is raised")
    last = max(event["seq"] for event in arrived.events.values())
    wait_until(lambda: arrived.watermark() >= last, 15, "the bridge has it in its store")
    time.sleep(2)
    bridge.kill()
    hook = ScriptedHttp(Answer(204), port=port)
    try:
        bridge.start()
        wait_until(lambda: hook.requests, 30, "the message is delivered after the restart")
        time.sleep(3)
        told = told_items(hook)
        assert {key[2] for key in told} == {"water_hot", "pt_off"} and set(told.values()) == {1}
    finally:
        hook.close()


def test_killed_while_the_server_thinks(lab, mosquitto, web):
    """The server has the message, but its answer never comes: the second attempt has the same id."""
    broker = mosquitto()
    hook = web(Answer(204, delay_s=3), Answer(204))
    bridge = lab.bridge(broker.uri, [lab.webhook(hook.url)])
    raise_alarm(lab, broker)
    wait_until(lambda: hook.requests, 30, "the first attempt is under way")
    bridge.restart()
    wait_until(lambda: len(hook.requests) >= 2, 40, "it is tried again")
    time.sleep(3)
    first, second = hook.requests[0], hook.requests[1]
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert json.loads(first.body)["data"]["items"] == json.loads(second.body)["data"]["items"]
    assert len(hook.requests) == 2


def test_alarm_and_end_stand_in_one_thread(lab, mosquitto, smtp):
    broker = mosquitto()
    mails = smtp()
    lab.bridge(broker.uri, [lab.email(mails.port)])
    lab.simulator("triton1", "--interval", "100ms", "--speed", 60, "--at", "1s", "water_failure",
                  "--at", "12s", "recovery", "--quiet")
    lab.agent("triton1", broker.uri, start="now")
    wait_until(lambda: len(mails.parsed()) >= 2, 45, "the alarm and its end have arrived")
    time.sleep(3)
    first, *later = mails.parsed()
    assert later[-1]["Subject"] == f"Re: {first['Subject']}"
    for mail in later:
        assert mail["References"] == mail["In-Reply-To"] == first["Message-ID"]
    ids = [mail["Message-ID"] for mail in mails.parsed()]
    assert len(ids) == len(set(ids))
