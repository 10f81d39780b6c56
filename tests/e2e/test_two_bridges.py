"""Two bridges over MQTT alone: no alarm untold, whichever dies; twice only where they are cut off."""

import json
import signal
import time

import pytest

from coldwatch import topic
from mosquitto import wait_until
from scripted_servers import Answer
from test_bridge_watch import raise_alarm, say, told, wait_told

WAIT_S = 40  # a bridge that is silent, and not known to be dead, is missed after 10 s
SOON = {"rank_delay": "8s", "own_alarms": {"broker_lost": {"hold": "1s"}}}


def start(lab, hook, main_uri, second_uri):
    """Both bridges, each with its own sign in what it tells."""
    bridges = []
    for rank, (name, uri) in enumerate((("main", main_uri), ("second", second_uri))):
        way = lab.webhook(f"{hook.url}/{name}", f"url-{name}")
        bridges.append(lab.bridge(uri, [{**way, "name": "hook"}], name=name, bridge=name, rank=rank,
                                  **SOON))
        say(bridges[-1], "connected")
    return bridges


def acquainted(seen):
    for name in ("main", "second"):
        wait_until(lambda: len(seen.payloads(topic("_bridge", f"{name}/health"))) >= 2, WAIT_S,
                   f"{name} is alive")


@pytest.fixture
def pair(lab, mosquitto, web):
    """Two that know each other at one broker: broker, hook, both bridges, and who listens."""
    broker = mosquitto()
    hook = web(Answer(204))
    bridges = start(lab, hook, broker.uri, broker.uri)
    seen = lab.listener(broker.port)
    acquainted(seen)
    return broker, hook, bridges, seen


def tellers(hook, fridge, intent="open"):
    """Which of the bridges told of it, in order."""
    return [request.path.strip("/") for request in list(hook.requests)
            for item in json.loads(request.body)["data"]["items"]
            if (item["fridge"], item["intent"]) == (fridge, intent)]


def incidents(hook, fridge):
    return {json.loads(request.body)["data"]["incident"] for request in list(hook.requests)
            if any(item["fridge"] == fridge for item in json.loads(request.body)["data"]["items"])}


def test_each_may_die_and_return(pair):
    _, hook, (main, second), seen = pair
    raise_alarm(seen, "f1")
    seen.wait_for(topic("_bridge", "notified/f1/hot"), timeout_s=WAIT_S)
    main.kill()
    raise_alarm(seen, "f1", seq=2, state="normal")
    wait_told(hook, "f1", "hot", "open", "clear")
    assert tellers(hook, "f1") == ["main"] and tellers(hook, "f1", "clear") == ["second"]
    assert len(incidents(hook, "f1")) == 1, "one thread"
    raise_alarm(seen, "f3", seq=9)
    wait_told(hook, "f3", "hot", "open")
    words = len(seen.payloads(topic("_bridge", "notified/f3/hot")))
    main.start()  # its own memory is old: it hears of what the other one has told meanwhile
    wait_until(lambda: len(seen.payloads(topic("_bridge", "notified/f3/hot"))) > words, WAIT_S,
               "it says what it has learned")
    second.kill()
    raise_alarm(seen, "f3", seq=10, state="normal")
    wait_told(hook, "f3", "hot", "open", "clear")
    assert told(hook, "f1", "hot") == ["open", "clear"]
    assert tellers(hook, "f3", "clear") == ["main"]


@pytest.mark.parametrize("moment_s", [0.0, 0.9, 1.0, 1.5])
def test_the_first_is_killed_at_some_moment_of_an_alarm(pair, moment_s):
    _, hook, (main, _), seen = pair
    raise_alarm(seen, "f1")
    time.sleep(moment_s)  # within and after the second that it waits
    main.kill()
    wait_until(lambda: tellers(hook, "f1"), WAIT_S, "somebody tells")
    raise_alarm(seen, "f1", seq=2, state="normal")
    wait_until(lambda: tellers(hook, "f1", "clear") == ["second"], WAIT_S, "its end is told")
    # Killed between the delivery and the word of it, the first leaves a doubt, and the second tells.
    assert tellers(hook, "f1") in (["main"], ["second"], ["main", "second"])
    assert len(incidents(hook, "f1")) == 1


def test_one_is_cut_off_and_one_hangs(lab, mosquitto, web, proxy):
    """Who hears nothing says so; the other one tells, and nothing twice afterwards."""
    broker = mosquitto()
    hook = web(Answer(204))
    way = proxy(broker.port)
    _, second = start(lab, hook, f"mqtt://127.0.0.1:{way.port}", broker.uri)
    seen = lab.listener(broker.port)
    acquainted(seen)
    raise_alarm(seen, "f1")
    wait_told(hook, "f1", "hot", "open")
    seen.wait_for(topic("_bridge", "notified/f1/hot"), timeout_s=WAIT_S)
    way.refuse()
    way.reset()
    wait_told(hook, "_bridge", "broker_lost", "open")
    raise_alarm(seen, "f2")
    wait_told(hook, "f2", "hot", "open")
    way.refuse(False)
    wait_told(hook, "_bridge", "broker_lost", "open", "clear")
    second.process.send_signal(signal.SIGSTOP)
    raise_alarm(seen, "f2", seq=2, state="normal")
    wait_told(hook, "f2", "hot", "open", "clear")
    second.process.send_signal(signal.SIGCONT)
    raise_alarm(seen, "f1", seq=2, state="normal")
    wait_told(hook, "f1", "hot", "open", "clear")
    assert tellers(hook, "f1") == ["main"] and tellers(hook, "f2") == ["second"]
    assert told(hook, "f2", "hot") == ["open", "clear"]


def test_cut_off_from_each_other_both_tell(lab, mosquitto, web):
    """As two halves of a cluster: each has a broker that still hears the fridges."""
    halves = [mosquitto(), mosquitto()]
    hook = web(Answer(204))
    start(lab, hook, *(broker.uri for broker in halves))
    for seq, state, intent in ((1, "active", "open"), (2, "normal", "clear")):
        for broker in halves:
            raise_alarm(lab.listener(broker.port), "f1", seq=seq, state=state)
        wait_until(lambda: len(tellers(hook, "f1", intent)) == 2, WAIT_S, f"both tell of {intent}")
        assert sorted(tellers(hook, "f1", intent)) == ["main", "second"]
    assert len(incidents(hook, "f1")) == 1, "whoever reads it sees that it is the same"


def test_the_broker_is_gone(pair):
    """Each says that it hears nothing; what was told is not told again when the broker is back."""
    broker, hook, _, seen = pair
    raise_alarm(seen, "f1")
    wait_told(hook, "f1", "hot", "open")
    seen.wait_for(topic("_bridge", "notified/f1/hot"), timeout_s=WAIT_S)
    broker.kill()
    wait_until(lambda: told(hook, "_bridge", "broker_lost") == ["open"] * 2, WAIT_S, "both say it")
    broker.start()
    wait_until(lambda: told(hook, "_bridge", "broker_lost").count("clear") == 2, WAIT_S, "its end")
    for fridge in ("f1", "f2"):
        raise_alarm(seen, fridge)
    wait_told(hook, "f2", "hot", "open")
    raise_alarm(seen, "f2", seq=2, state="normal")
    wait_told(hook, "f2", "hot", "open", "clear")
    assert told(hook, "f1", "hot") == ["open"]


def test_what_people_said_to_one_holds_at_the_other(pair):
    _, hook, (main, second), seen = pair
    raise_alarm(seen, "f1")
    wait_told(hook, "f1", "hot", "open")
    second.kill()
    seen.publish(topic("_bridge", "main/cmd/ack"), json.dumps({"fridge": "f1", "by": "Ann"}))
    seen.publish(topic("_bridge", "main/cmd/shelve"), json.dumps(
        {"match": {"fridge": "f2"}, "for": "1h", "by": "Ann", "why": "cool-down"}))
    seen.wait_for(topic("_bridge", "main/shelves"), timeout_s=WAIT_S)
    second.start()

    def entry(fridge):
        found = [one for one in seen.payloads(topic("_bridge", f"second/book/{fridge}/hot")) if one]
        return json.loads(found[-1]) if found else {}

    wait_until(lambda: entry("f1").get("acknowledged_by") == "Ann", WAIT_S, "it is acknowledged")
    main.kill()
    raise_alarm(seen, "f2")
    wait_until(lambda: entry("f2").get("shelved") is True, WAIT_S, "it is shelved")
    assert not told(hook, "f2", "hot")
