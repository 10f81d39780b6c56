"""The broker goes away under load and comes back: what was written meanwhile arrives, once in effect."""

import time

import pytest

from coldwatch import RULES, Arrivals, effects, rows_in, told_items
from mosquitto import wait_until
from scripted_servers import Answer

# A broker that remembers its subscribers, so that the listener misses nothing either.
KEEPING = ("persistence true", "max_queued_messages 0", "max_queued_bytes 0",
           "persistent_client_expiration 1d")

# After half a minute of trying the next try may be a minute away, for the agent and for the bridge.
BACK_TIMEOUT_S = 90


def keeping_broker(mosquitto, tmp_path):
    folder = tmp_path / "kept"
    folder.mkdir()
    return mosquitto(lines=(*KEEPING, f"persistence_location {folder}/"))


@pytest.mark.parametrize("pause_s", [3, 30])
def test_broker_stopped_under_load(lab, mosquitto, tmp_path, web, pause_s):
    broker = keeping_broker(mosquitto, tmp_path)
    arrived = Arrivals(lab.listener(broker.port, keep=True), "triton1")
    hook = web(Answer(204))
    bridge = lab.bridge(broker.uri, [lab.webhook(hook.url)])
    fail_s, back_s = 3, 10 + pause_s / 2
    log = lab.simulator("triton1", "--interval", "20ms", "--speed", 600, "--torn", "2ms",
                        "--at", f"{fail_s}s", "water_failure", "--at", f"{back_s}s", "recovery")
    lab.agent("triton1", broker.uri)
    arrived.wait_for_rows(50, 10)
    wait_until(lambda: {told[2] for told in told_items(hook)} >= {rule["id"] for rule in RULES}, 30,
               "both alarms are told")
    broker.stop()
    time.sleep(pause_s)
    broker.start()
    wait_until(lambda: arrived.transitions() == {(rule["id"], kind): 1 for rule in RULES
                                                 for kind in ("raise", "clear")},
               BACK_TIMEOUT_S, "both alarms and their ends have arrived")
    log.kill()
    expected = {file: len(rows) for file, rows in rows_in(lab.logs("triton1")).items()}
    arrived.wait_for_rows(sum(expected.values()), BACK_TIMEOUT_S)
    assert arrived.rows == rows_in(lab.logs("triton1"))

    last = max(event["seq"] for event in arrived.events.values())
    wait_until(lambda: arrived.watermark() == last, BACK_TIMEOUT_S, f"the bridge confirms seq {last}")
    wait_until(lambda: {told[0] for told in told_items(hook)} >= {"open", "clear"},
               BACK_TIMEOUT_S, f"the alarm and its end are told, not only {told_items(hook)}")
    assert effects(bridge) == {event: 1 for event in arrived.events}
    time.sleep(3)  # time enough for a message too many
    ids = {rule["id"] for rule in RULES}
    own = {told: count for told, count in told_items(hook).items() if told[2] in ids}
    assert set(own.values()) == {1}, own
