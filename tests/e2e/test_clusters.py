"""A campus' broker of several nodes loses one under load: nothing is lost, nothing is told twice.

What these brokers do worse than mosquitto is known (docs/scale.md): RabbitMQ gives no retained
messages to wildcard subscribers, aedes loses retained messages that others overtake, and neither
sends the last wills of a node that died.
"""

import json

import pytest

from aedes_cluster import AedesCluster
from coldwatch import RULES, Arrivals, effects, rows_in, told_items, topic
from mosquitto import wait_until
from rabbitmq import RabbitCluster
from scripted_servers import Answer

TIMEOUT_S = 90
CLUSTERS = {"rabbitmq": RabbitCluster, "aedes": AedesCluster}


@pytest.fixture(scope="module", params=CLUSTERS)
def cluster(request, tmp_path_factory):
    one = CLUSTERS[request.param](tmp_path_factory.mktemp(request.param) / "nodes")
    yield one
    one.close()


def last_health(lab, fridge):
    return json.loads(lab.listeners[0].payloads(topic(fridge, "health"))[-1])


@pytest.mark.parametrize("on_the_lost_node", ["agent", "bridge"])
def test_node_lost_under_load(lab, cluster, web, on_the_lost_node):
    lost, kept = cluster.nodes[0], cluster.nodes[-1]
    lost_first = {"uris": [node.uri for node in cluster.nodes]}
    kept_first = {"uris": lost_first["uris"][::-1]}
    fridge = f"{on_the_lost_node}1"
    arrived = Arrivals(lab.listener(kept.port), fridge)
    hook = web(Answer(204))
    bridge = lab.bridge(lost_first if on_the_lost_node == "bridge" else kept_first,
                        [lab.webhook(hook.url)], fridges=[fridge])
    log = lab.simulator(fridge, "--interval", "20ms", "--speed", 600,
                        "--at", "3s", "water_failure", "--at", "12s", "recovery")
    lab.agent(fridge, lost_first if on_the_lost_node == "agent" else kept_first)
    rules = {rule["id"] for rule in RULES}
    wait_until(lambda: rules <= {told[2] for told in told_items(hook)}, 30, "both alarms are told")
    lost.kill()
    try:
        wait_until(lambda: arrived.transitions() == {(rule, kind): 1 for rule in rules
                                                     for kind in ("raise", "clear")},
                   TIMEOUT_S, "both alarms and their ends have arrived")
        log.kill()
        expected = rows_in(lab.logs(fridge))
        arrived.wait_for_rows(sum(len(rows) for rows in expected.values()), TIMEOUT_S)
        assert arrived.rows == expected

        wait_until(lambda: effects(bridge) == {event: 1 for event in arrived.events}, TIMEOUT_S,
                   "each event stands in the bridge's history once", poll_s=0.5)
        wait_until(lambda: last_health(lab, fridge)["unconfirmed_events"] == 0, TIMEOUT_S,
                   "the agent knows that the bridge has them")
        # One whose retained message aedes has lost is told when it is over, by its events.
        wait_until(lambda: rules <= {told[2] for told in told_items(hook)
                                     if told[0] in ("clear", "occurred_and_cleared")},
                   TIMEOUT_S, f"the ends are told, not only {told_items(hook)}")
        own = {told: count for told, count in told_items(hook).items() if told[2] in rules}
        assert set(own.values()) == {1}, own
    finally:
        lost.start()
        cluster.wait()
