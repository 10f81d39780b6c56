"""The agent dies at random moments of a backlog: nothing is lost, and nothing is told twice."""

import random
import time
from collections import Counter

from coldwatch import RULES, Arrivals, effects, rows_in, told_items, water_faults
from mosquitto import wait_until
from scripted_servers import Answer

ROWS = 20_000
FAULTS = 40
KILLS = 12
FEWEST_KILLS_MIDWAY = 6
BYTES_PER_SECOND = 3_000_000  # so that the backlog outlasts the kills
BROKER_LINES = ("max_inflight_messages 200", "max_queued_messages 0", "max_queued_bytes 0")


def test_killed_at_random_moments_of_a_backlog(lab, mosquitto, proxy, web):
    chance = random.Random(20_000)
    broker = mosquitto(lines=BROKER_LINES)
    slow = proxy(broker.port)
    slow.bytes_per_second = BYTES_PER_SECOND
    arrived = Arrivals(lab.listener(broker.port), "triton1")
    hook = web(Answer(204))
    bridge = lab.bridge(broker.uri, [lab.webhook(hook.url)])
    lab.write_log("triton1", ROWS, "--start", "2026-03-01T00:00:00Z", "--zone", "UTC",
                  *water_faults(FAULTS, ROWS // (FAULTS + 1)))

    agent = lab.agent("triton1", f"mqtt://127.0.0.1:{slow.port}")
    midway = 0
    for _kill in range(KILLS):
        time.sleep(chance.uniform(0.1, 1.6))
        midway += 0 < arrived.count() < ROWS
        agent.restart()
    assert midway >= FEWEST_KILLS_MIDWAY, f"only {midway} kills hit the backlog: make it slower"

    arrived.wait_for_rows(ROWS, 60)
    assert arrived.rows == rows_in(lab.logs("triton1"))
    wanted = {(rule["id"], kind): FAULTS for rule in RULES for kind in ("raise", "clear")}
    wait_until(lambda: arrived.transitions() == wanted, 20, f"{wanted} have arrived")

    last = max(event["seq"] for event in arrived.events.values())
    wait_until(lambda: arrived.watermark() == last, 20, f"the bridge confirms seq {last}")
    assert effects(bridge) == {event: 1 for event in arrived.events}
    time.sleep(4)  # time enough for a message too many
    told = told_items(hook)
    assert told and set(told.values()) == {1}, told
    assert Counter(r.headers["webhook-id"] for r in hook.requests).most_common(1)[0][1] == 1
    assert bridge.alive
