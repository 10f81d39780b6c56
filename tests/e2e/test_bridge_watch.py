"""What the bridge finds wrong itself (silent agents, brokers, notifiers, stores), with real ones."""

import contextlib
import json
import signal
import sqlite3

import pytest

from coldwatch import told_items, topic
from mosquitto import Listener, free_port, wait_until
from scripted_servers import Answer

SOON = {"hold": "1s"}
WAIT_S = 30


def told(hook, fridge, rule):
    """The intents of one alarm, in the order in which they arrived."""
    return [item["intent"] for request in list(hook.requests)
            for item in json.loads(request.body)["data"]["items"]
            if (item["fridge"], item["rule"]) == (fridge, rule)]


def wait_told(hook, fridge, rule, *intents):
    with contextlib.suppress(AssertionError):
        wait_until(lambda: told(hook, fridge, rule) == list(intents), WAIT_S, "")
    assert told(hook, fridge, rule) == list(intents), f"{fridge}/{rule}"


def raise_alarm(sender, fridge, rule="hot", seq=1, state="active", qos=1):
    """As an agent says it."""
    stamp = "2026-01-01T00:00:00.000Z"
    sender.publish(topic(fridge, f"alarm/{rule}"), json.dumps(
        {"state": state, "kind": "alarm", "severity": "critical" if state == "active" else "info",
         "text": "too warm", "t": stamp, "since": stamp, "epoch": "e", "seq": seq,
         "id": f"{seq:032x}", "rules_rev": "1", "latch": False}), qos, retain=True)


def say(program, words):
    wait_until(lambda: words in program.words(), WAIT_S, f"the log says: {words}")


def test_agents_that_die_or_hang_are_one_message(lab, mosquitto, web):
    """One is killed, so that its last will tells; one hangs, so that only its heartbeat is missing."""
    broker = mosquitto()
    hook = web(Answer(204))
    seen = lab.listener(broker.port)
    lab.bridge(broker.uri, [lab.webhook(hook.url)], own_alarms={"agent_offline": {"hold": "3s"}},
               grouping={"group_wait": "4s"})
    agents = [lab.agent(fridge, broker.uri, rules=[]) for fridge in ("f1", "f2")]
    for fridge in ("f1", "f2"):
        seen.wait_for(topic(fridge, "health"), timeout_s=WAIT_S)
    agents[0].kill()
    agents[1].process.send_signal(signal.SIGSTOP)
    wait_until(lambda: hook.requests, WAIT_S, "somebody is told")
    first = json.loads(hook.requests[0].body)["data"]
    assert first["title"] == "Power or network? 2 fridges are silent"
    agents[1].process.send_signal(signal.SIGCONT)
    agents[0].start()
    for fridge in ("f1", "f2"):
        wait_told(hook, fridge, "agent_offline", "open", "clear")


def test_a_log_that_is_gone(lab, mosquitto, web):
    broker = mosquitto()
    hook = web(Answer(204))
    seen = lab.listener(broker.port)
    lab.bridge(broker.uri, [lab.webhook(hook.url)], own_alarms={"log_stopped": SOON})
    lab.write_log("f1", 100)
    lab.agent("f1", broker.uri, rules=[])
    seen.wait_for(topic("f1", "health"), timeout_s=WAIT_S)
    folder = lab.logs("f1")
    folder.rename(folder.with_name("elsewhere"))
    wait_until(lambda: told(hook, "f1", "log_stopped")[:1] == ["open"], WAIT_S, "it is told")


def test_a_notifier_that_fails_is_told_through_the_other(lab, mosquitto, web):
    broker = mosquitto()
    hook = web(Answer(204))
    port = free_port()
    bridge = lab.bridge(broker.uri, [lab.webhook(f"http://127.0.0.1:{port}", "dead"),
                                     lab.webhook(hook.url, "alive")],
                        own_alarms={"notifier_failing": SOON})
    say(bridge, "connected")
    raise_alarm(lab.listener(broker.port), "f1")
    wait_told(hook, "f1", "hot", "open")
    wait_told(hook, "_bridge", "notifier_failing_dead", "open")


def test_a_broker_that_is_gone_and_one_that_drops(lab, mosquitto, web, tmp_path):
    broker = mosquitto(lines=("sys_interval 1", "max_queued_messages 1"))
    hook = web(Answer(204))
    bridge = lab.bridge(broker.uri, [lab.webhook(hook.url)],
                        own_alarms={"broker_lost": SOON, "messages_dropped": {"hold": "0s"}})
    say(bridge, "connected")
    away = Listener(broker.port, ("load",), keep=True)
    away.close()
    sender = lab.listener(broker.port)
    wait_until(lambda: bridge.alive and sender_floods(sender, hook), WAIT_S, "drops are told")
    broker.stop()
    wait_told(hook, "_bridge", "broker_lost", "open")
    broker.start()
    wait_told(hook, "_bridge", "broker_lost", "open", "clear")


def sender_floods(sender, hook):
    """Publishes to somebody who is away and whose queue has room for one."""
    for _ in range(5):
        sender.publish("load", "x")
    sender.messages.clear()
    return told(hook, "_bridge", "messages_dropped") == ["open"]


def test_a_store_that_cannot_be_written(lab, mosquitto, web):
    """Alarms are told all the same, nothing is confirmed, and the sign of life stays away."""
    broker = mosquitto()
    hook, outside = web(Answer(204)), web(Answer(200, "OK"))
    (lab.folder / "ping.url").write_text(outside.url + "/ping\n")
    settings = {"own_alarms": {"store_failing": SOON}, "bridge": "main",
                "dead_man": {"url_file": str(lab.folder / "ping.url"), "every": "15s"}}
    bridge = lab.bridge(broker.uri, [lab.webhook(hook.url)], **settings)
    wait_until(lambda: outside.requests, WAIT_S, "the first sign of life")
    assert (outside.requests[0].method, outside.requests[0].path) == ("GET", "/ping")
    outside.requests.clear()  # the fixture holds bodies against a schema, and pings have none
    assert bridge.stop() == 0
    with sqlite3.connect(lab.folder / "bridge.sqlite") as store:
        for table in ("state", "alarms"):
            store.execute(f"CREATE TRIGGER full_{table} BEFORE INSERT ON {table}"
                          " BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
    with sqlite3.connect(lab.folder / "bridge.sqlite") as store:
        store.execute("DELETE FROM state")
    bridge.start()
    say(bridge, "disk is full")
    seen = lab.listener(broker.port)
    raise_alarm(seen, "f1")
    wait_told(hook, "f1", "hot", "open")
    wait_told(hook, "_bridge", "store_failing", "open")
    assert not outside.requests
    with sqlite3.connect(lab.folder / "bridge.sqlite") as store:
        for table in ("state", "alarms"):
            store.execute(f"DROP TRIGGER full_{table}")
    wait_told(hook, "_bridge", "store_failing", "open", "clear")
    wait_until(lambda: outside.requests, WAIT_S, "the sign of life is back")
    outside.requests.clear()
    assert told(hook, "f1", "hot") == ["open"]


def test_no_sign_of_life_without_a_broker(lab, mosquitto, web, proxy):
    broker = mosquitto()
    way = proxy(broker.port)
    way.refuse()
    outside = web(Answer(200))
    (lab.folder / "ping.url").write_text(outside.url + "\n")
    bridge = lab.bridge(f"mqtt://127.0.0.1:{way.port}", [lab.webhook(outside.url)],
                        dead_man={"url_file": str(lab.folder / "ping.url"), "every": "15s"})
    wait_until(lambda: bridge.words().count("next try in") >= 2, WAIT_S, "it tries")
    assert not outside.requests
    way.refuse(False)
    wait_until(lambda: outside.requests, 60, "the sign of life")
    outside.requests.clear()


def test_the_drill_goes_through_everything_and_is_missed(lab, mosquitto, web, smtp):
    broker = mosquitto()
    hook, mails = web(Answer(204)), smtp()
    port = free_port()
    seen = lab.listener(broker.port)
    ways = [lab.webhook(hook.url), lab.email(mails.port)]
    bridge = lab.bridge(broker.uri, ways, drill={"every": "2s", "late_after": "1s"},
                        routes=[{"match": {}, "to": []}])
    seen.wait_for(topic("_bridge", "main/event"), timeout_s=WAIT_S)
    say(bridge, "the drill arrived everywhere within")
    assert told(hook, "_bridge", "drill")[:1] == ["notice"]
    assert "regular drill" in mails.parsed()[0].get_body().get_content()
    dead = lab.webhook(f"http://127.0.0.1:{port}", "dead")
    lab.write_bridge(broker.uri, [*ways, dead], drill={"every": "2s", "late_after": "1s"})
    bridge.process.send_signal(signal.SIGHUP)
    wait_until(lambda: told(hook, "_bridge", "drill_missing")[:1] == ["open"], WAIT_S,
               "the missing drill is an alarm")


@pytest.mark.parametrize("by", ["signal", "command"])
def test_another_config_while_it_runs(lab, mosquitto, web, by):
    broker = mosquitto()
    old, new = web(Answer(204)), web(Answer(204))
    bridge = lab.bridge(broker.uri, [lab.webhook(old.url, "old")])
    say(bridge, "connected")
    sender = lab.listener(broker.port)
    raise_alarm(sender, "f1")
    wait_told(old, "f1", "hot", "open")

    def reload():
        if by == "signal":
            bridge.process.send_signal(signal.SIGHUP)
        else:
            sender.publish(topic("_bridge", "main/cmd/reload"), json.dumps({"by": "Ann"}))

    lab.write_bridge(broker.uri, [], grouping={"by": ["moon"]}, repeat={"warning": "soon"})
    reload()
    say(bridge, "the old one stays in force")
    assert "grouping.by" in bridge.words() and "repeat.warning" in bridge.words()
    raise_alarm(sender, "f2")
    wait_told(old, "f2", "hot", "open")
    lab.write_bridge(broker.uri, [lab.webhook(old.url, "old"), lab.webhook(new.url, "new")])
    reload()
    say(bridge, "the config was read again")
    for fridge in ("f1", "f2"):
        wait_told(new, fridge, "hot", "open")
    raise_alarm(sender, "f1", seq=2, state="normal")
    for hook in (old, new):
        wait_told(hook, "f1", "hot", "open", "clear")
    assert set(told_items(old).values()) == {1}


def test_a_damaged_store_is_set_aside(lab, mosquitto, web):
    """What the broker still knows is told again, rather than not at all, and so is its end."""
    broker = mosquitto()
    hook = web(Answer(204))
    bridge = lab.bridge(broker.uri, [lab.webhook(hook.url)])
    say(bridge, "connected")
    sender = lab.listener(broker.port)
    raise_alarm(sender, "f1")
    wait_told(hook, "f1", "hot", "open")
    bridge.kill()
    store = lab.folder / "bridge.sqlite"
    damaged = b"SQLite format 3\0" + b"\xff" * 5000
    store.write_bytes(damaged)
    (lab.folder / "bridge.sqlite-wal").unlink(missing_ok=True)
    bridge.start()
    say(bridge, "the store is damaged")
    wait_told(hook, "f1", "hot", "open", "open")
    assert (lab.folder / "bridge.sqlite.damaged").read_bytes() == damaged
    raise_alarm(sender, "f1", seq=2, state="normal")
    wait_told(hook, "f1", "hot", "open", "open", "clear")


def test_a_log_that_nobody_can_read(lab, mosquitto, web):
    """A file that says whose it is and then never says what its columns are, until one comes that does."""
    broker = mosquitto()
    hook = web(Answer(204))
    lab.bridge(broker.uri, [lab.webhook(hook.url)], own_alarms={"log_unreadable": SOON})
    strange = lab.logs("f1") / "cooldown.dat"
    strange.write_text("[Header]\n" + "INFO, no end of it\n" * 20_000)
    lab.agent("f1", broker.uri, rules=[])
    wait_told(hook, "f1", "log_unreadable", "open")
    assert "the fridge's log: " in json.loads(hook.requests[0].body)["data"]["items"][0]["text"]
    strange.unlink()
    lab.write_log("f1", 5)
    wait_told(hook, "f1", "log_unreadable", "open", "clear")


def test_a_queue_that_grows(lab, mosquitto, web, proxy):
    """The bridge hears more than it can say: what it publishes crawls, what it tells people does not."""
    broker = mosquitto(lines=("max_inflight_messages 0", "max_queued_messages 0"))
    hook = web(Answer(204))
    way = proxy(broker.port)
    bridge = lab.bridge(f"mqtt://127.0.0.1:{way.port}", [lab.webhook(hook.url)],
                        own_alarms={"queue_growing": SOON})
    say(bridge, "connected")
    way.bytes_per_second_up = 20_000
    sender = lab.listener(broker.port, "nothing")
    for number in range(10_500):
        raise_alarm(sender, f"f{number % 1000}", f"r{number // 1000}", qos=0)
    wait_until(lambda: told(hook, "_bridge", "queue_growing")[:1] == ["open"], WAIT_S, "it is told")


def test_a_book_of_an_earlier_life_is_closed(lab, mosquitto, web):
    """The broker keeps what a bridge said that has lost its store since; its own words are no news."""
    broker = mosquitto()
    bridge = lab.bridge(broker.uri, [lab.webhook(web(Answer(204)).url)])
    say(bridge, "connected")
    seen = lab.listener(broker.port)
    raise_alarm(seen, "f1")
    entry = topic("_bridge", "main/book/f1/hot")
    seen.wait_for(entry, timeout_s=WAIT_S)
    bridge.kill()
    assert "Sending PUBLISH to coldwatch-bridge-main" not in "".join(
        line for line in broker.log().splitlines() if entry in line)
    (lab.folder / "bridge.sqlite").unlink()
    seen.publish(topic("f1", "alarm/hot"), "", retain=True)
    bridge.start()
    seen.wait_for(entry, "", timeout_s=WAIT_S)
