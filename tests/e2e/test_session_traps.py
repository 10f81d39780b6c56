"""Each trap of the MQTT library, at a real mosquitto: none may lose, stall or end a session."""

import socket
import threading
import time

from mosquitto import free_port, wait_until


def connects(broker):
    """The "p5, c1, k15" of every connection of the probe in the broker's log."""
    return [line.split("(")[1] for line in broker.log().splitlines()
            if "as probe" in line and "(" in line]


def test_v5_window_is_the_brokers_and_does_not_stall(mosquitto, session):
    broker = mosquitto(lines=["max_inflight_messages 7"])
    probe = session(broker)
    assert probe.wait_for("connected")["window"] == 7
    # With more in flight than the broker allows, the library sends about 20 a second.
    assert probe.burst(2000)["seconds"] < 5


def test_v5_without_receive_maximum_keeps_a_safe_window(mosquitto, session):
    probe = session(mosquitto(lines=["max_inflight_messages 0"]))
    assert probe.wait_for("connected")["window"] == 20
    assert probe.burst(2000)["seconds"] < 5


def test_v311_uses_the_configured_window(mosquitto, session):
    probe = session(mosquitto(), protocol="3.1.1")
    assert probe.wait_for("connected", v5=False)["window"] == 64
    assert probe.burst(2000)["seconds"] < 5


def test_every_connect_states_its_version(mosquitto, session):
    """Without, the library reconnects by itself after a loss, and as MQTT 3.1 (p1)."""
    broker = mosquitto()
    for protocol, sign in (("5", "p5"), ("3.1.1", "p2")):
        probe = session(broker, protocol=protocol)
        probe.wait_for("connected")
        taker = session(broker, protocol=protocol)
        taker.wait_for("connected")
        probe.wait_for("lost")
        taker.close()
        probe.wait_for("connected", 2)
        probe.close()
        assert {line[:2] for line in connects(broker) if line[:2] != "p5"} <= {sign}
    assert {line[:2] for line in connects(broker)} == {"p5", "p2"}


def test_burst_while_connected_is_bounded_by_room_and_not_by_an_error(mosquitto, session):
    """Beyond 100 waiting messages the library throws, although it is connected."""
    for protocol, window in (("5", 20), ("3.1.1", 64)):
        broker = mosquitto()
        probe = session(broker, protocol=protocol)
        probe.wait_for("connected")
        probe.do("blast", count=2000)
        assert probe.wait_for("blasted")["accepted"] == window
        probe.wait_for("acknowledged", window)
        assert probe.of("lost") == []


def test_a_blast_of_qos_0_is_bounded_and_does_not_end_the_connection(mosquitto, session, proxy):
    broker = mosquitto()
    chaos = proxy(broker.port)
    probe = session(broker, uri=f"mqtt://127.0.0.1:{chaos.port}")
    probe.wait_for("connected")
    chaos.black_hole()
    probe.do("blast", count=500, qos=0, payload="x" * 65536)
    assert 100 < probe.wait_for("blasted")["accepted"] < 400
    probe.do("blast", count=5000, qos=0, payload="x")
    assert probe.wait_for("blasted", 2)["accepted"] < 1000
    chaos.black_hole(False)
    assert probe.publish("a", "1")["event"] == "acknowledged"
    probe.do("blast", count=500, qos=0, payload="x")
    assert probe.wait_for("blasted", 3)["accepted"] == 500
    assert probe.of("lost") == []


ACL = "topic write allowed/#\ntopic read allowed/#\n"


def test_v5_publication_denied_by_the_access_list_is_refused_with_words(mosquitto, session):
    probe = session(mosquitto(acl=ACL))
    probe.wait_for("connected", v5=True)
    refused = probe.publish("forbidden", "1")
    assert refused["event"] == "refused" and refused["why"] == "Not authorized"
    assert probe.publish("allowed/1", "1")["event"] == "acknowledged"
    assert probe.of("lost") == []


def test_v311_publication_denied_by_the_access_list_is_acknowledged(mosquitto, session):
    """3.1.1 has no words for it: that a denial looks like success is why version 5 comes first."""
    probe = session(mosquitto(acl=ACL), protocol="3.1.1")
    probe.wait_for("connected", v5=False)
    assert probe.publish("forbidden", "1")["event"] == "acknowledged"


def test_publication_above_the_brokers_packet_size_is_refused_and_the_rest_goes_on(
        mosquitto, session):
    probe = session(mosquitto(lines=["max_packet_size 2000"]))
    probe.wait_for("connected", v5=True)
    refused = probe.publish("a", "x" * 2000)
    assert refused["event"] == "refused" and "2000 bytes" in refused["why"]
    assert probe.publish("a", "x" * 1000)["event"] == "acknowledged"
    assert probe.of("lost") == []


def test_v5_does_not_let_the_broker_send_without_bound(mosquitto, session, listener):
    broker = mosquitto()
    other = listener(broker.port, "none")
    probe = session(broker, subscriptions=["big", "small"])
    probe.wait_for("connected", v5=True)
    other.publish("big", "x" * 2_000_000)
    other.publish("small", "1")
    probe.wait_for("message", topic="small")
    assert probe.of("lost") == [] and len(probe.of("message")) == 1


def test_reconnect_subscribes_again(mosquitto, session, listener):
    for protocol in ("5", "3.1.1"):
        broker = mosquitto()
        probe = session(broker, protocol=protocol, subscriptions=["cmd/#", "other"])
        probe.wait_for("connected")
        broker.kill()
        probe.wait_for("lost")
        broker.start()
        probe.wait_for("connected", 2)
        listener(broker.port).publish("cmd/announce", "now")
        probe.wait_for("message", topic="cmd/announce", payload="now", retained=False)


def test_hundreds_of_subscriptions_are_made(mosquitto, session, listener):
    broker = mosquitto()
    probe = session(broker, subscriptions=[f"lab/fridge{i}/status" for i in range(500)])
    probe.wait_for("connected")
    listener(broker.port, "none").publish("lab/fridge499/status", "online")
    probe.wait_for("message", topic="lab/fridge499/status")
    assert probe.of("refused") == []


def test_retained_messages_are_told_from_news(mosquitto, session, listener):
    for protocol in ("5", "3.1.1"):
        broker = mosquitto()
        other = listener(broker.port)
        other.publish("state", "old", retain=True)
        probe = session(broker, protocol=protocol, subscriptions=["state"])
        probe.wait_for("message", payload="old", retained=True)
        other.publish("state", "new", retain=True)
        probe.wait_for("message", payload="new", retained=False)


def test_first_connect_fails_and_is_tried_again_at_our_pace(mosquitto, session):
    """A refused connection says nothing of the version: it stays MQTT 5."""
    port = free_port()
    probe = session(None, uri=f"mqtt://127.0.0.1:{port}", backoff_first="100ms",
                    backoff_most="400ms")
    probe.wait_for("lost", 5)
    waits = [one["retry_in_ms"] for one in probe.of("lost")]
    assert 50 <= waits[0] <= 150 and 100 <= waits[1] <= 300
    assert all(200 <= wait <= 600 for wait in waits[2:5])
    assert "nobody answers there" in probe.of("lost")[0]["why"]
    broker = mosquitto(port=port)
    assert probe.wait_for("connected", timeout_s=5)["v5"]
    assert len(connects(broker)) == 1


def test_a_host_that_does_not_exist_is_named(session):
    probe = session(None, uri="mqtt://no-such-host.invalid:1883")
    assert 'no such host: "no-such-host.invalid"' in probe.wait_for("lost")["why"]


WILL = {"topic": "status", "payload": "offline", "retain": True}


def test_last_will_is_sent_when_the_program_is_killed(mosquitto, session, listener):
    for protocol in ("5", "3.1.1"):
        broker = mosquitto()
        ears = listener(broker.port, "status")
        probe = session(broker, protocol=protocol, will=WILL)
        probe.wait_for("connected")
        probe.publish("status", "online", retain=True)
        probe.kill()
        ears.wait_for("status", "offline")


def test_clean_stop_publishes_offline_although_it_suppresses_the_will(
        mosquitto, session, listener):
    for options in ({"last": {**WILL, "payload": "stopped"}}, {}):
        broker = mosquitto()
        ears = listener(broker.port, "status")
        probe = session(broker, will=WILL)
        probe.wait_for("connected")
        probe.publish("status", "online", retain=True)
        if options:
            probe.close(**options)
        else:
            probe.abandon()
        ears.wait_for("status", "stopped" if options else "offline")
        time.sleep(0.2)
        assert len(ears.payloads("status")) == 2


def test_clean_stop_does_not_wait_long_for_a_silent_broker(mosquitto, session):
    broker = mosquitto()
    probe = session(broker, will=WILL)
    probe.wait_for("connected")
    broker.suspend()
    start = time.monotonic()
    probe.close(last=WILL)
    assert time.monotonic() - start < 4


def test_half_open_link_is_noticed_while_publishing(mosquitto, session, proxy):
    broker = mosquitto()
    chaos = proxy(broker.port)
    probe = session(broker, uri=f"mqtt://127.0.0.1:{chaos.port}", keep_alive="5s")
    probe.wait_for("connected")
    chaos.black_hole()
    start = time.monotonic()
    probe.do("blast", count=5)
    why = probe.wait_for("lost", timeout_s=20)["why"]
    assert "no acknowledgement for 10 s" in why and 9 < time.monotonic() - start < 13
    chaos.black_hole(False)
    probe.wait_for("connected", 2)


def test_half_open_link_is_noticed_while_idle(mosquitto, session, proxy):
    broker = mosquitto()
    chaos = proxy(broker.port)
    probe = session(broker, uri=f"mqtt://127.0.0.1:{chaos.port}", keep_alive="5s")
    probe.wait_for("connected")
    chaos.black_hole()
    probe.wait_for("lost", timeout_s=20)


def test_a_stall_shorter_than_the_limit_costs_nothing(mosquitto, session, proxy):
    broker = mosquitto()
    chaos = proxy(broker.port)
    probe = session(broker, uri=f"mqtt://127.0.0.1:{chaos.port}")
    probe.wait_for("connected")
    chaos.stall(2)
    assert probe.burst(500)["sent"] == 500
    assert probe.of("lost") == []


def test_a_half_closed_link_is_made_again(mosquitto, session, proxy):
    broker = mosquitto()
    chaos = proxy(broker.port)
    probe = session(broker, uri=f"mqtt://127.0.0.1:{chaos.port}")
    probe.wait_for("connected")
    chaos.half_close()
    probe.wait_for("lost")
    probe.wait_for("connected", 2)
    assert probe.publish("a", "1")["event"] == "acknowledged"


def test_connecting_to_a_broker_that_never_answers_is_given_up(session):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        probe = session(None, uri=f"mqtt://127.0.0.1:{mute.getsockname()[1]}",
                        connect_timeout="1s")
        assert "no answer within 1 s" in probe.wait_for("lost")["why"]
        # step() may wait for the library's lock while it destroys a client, never for a network.
        assert probe.close()["longest_step_ms"] < 1500


def wants_v5(first):
    """True for an MQTT 5 CONNECT packet."""
    return first[:1] == b"\x10" and b"\x00\x04MQTT\x05" in first


def test_a_broker_that_hangs_up_on_v5_is_spoken_to_in_311(mosquitto, session, proxy):
    broker = mosquitto()
    chaos = proxy(broker.port)
    chaos.turn_away = wants_v5
    probe = session(broker, uri=f"mqtt://127.0.0.1:{chaos.port}")
    assert not probe.wait_for("connected")["v5"]
    assert len(probe.of("lost")) == 1
    # The version that worked is remembered: after a loss there is no second try with MQTT 5.
    chaos.reset()
    assert not probe.wait_for("connected", 2)["v5"]
    assert chaos.connections == 3


def test_a_broker_that_refuses_v5_by_reason_code_is_spoken_to_in_311(mosquitto, session, proxy):
    broker = mosquitto()
    stub = socket.create_server(("127.0.0.1", 0))

    def refuse_once():
        connection, _ = stub.accept()
        with connection, stub:
            connection.recv(1000)
            connection.sendall(bytes([0x20, 3, 0, 0x84, 0]))  # CONNACK: unsupported version

    threading.Thread(target=refuse_once, daemon=True).start()
    port = stub.getsockname()[1]
    probe = session(None, uri=f"mqtt://127.0.0.1:{port}", backoff_first="2s", backoff_most="2s")
    assert "Unsupported Protocol Version" in probe.wait_for("lost")["why"]
    broker.stop()
    mosquitto(port=port)
    assert not probe.wait_for("connected")["v5"]


def test_a_list_of_brokers_is_tried_in_turn(mosquitto, session):
    first, second = mosquitto(), mosquitto()
    probe = session(None, uris=[f"mqtt://127.0.0.1:{free_port()}", first.uri, second.uri])
    assert probe.wait_for("connected")["uri"] == first.uri
    first.kill()
    assert probe.wait_for("connected", 2)["uri"] == second.uri
    first.start()
    second.kill()
    assert probe.wait_for("connected", 3)["uri"] == first.uri


def test_a_taken_over_client_id_fights_ever_more_slowly_and_says_so(mosquitto, session):
    broker = mosquitto()
    rivals = [session(broker, backoff_first="100ms", backoff_most="10s") for _ in range(2)]
    wait_until(lambda: any("another client" in one["why"]
                           for probe in rivals for one in probe.of("lost")), 20,
               "a hint at another client of the same id")
    assert max(one["retry_in_ms"] for probe in rivals for one in probe.of("lost")) >= 200


def test_more_messages_than_can_be_taken_in_lead_to_a_new_connection(
        mosquitto, session, listener):
    """Nothing may be missing silently: what is retained comes again with the new connection."""
    broker = mosquitto(lines=["max_queued_messages 0"])
    other = listener(broker.port, "none")
    other.publish("flood/state", "the truth", retain=True)
    probe = session(broker, subscriptions=["flood/#"])
    probe.wait_for("message", payload="the truth")
    probe.do("hold")
    flood = session(broker, client_id="flood")
    flood.wait_for("connected")
    flood.burst(21_000, 60, topic="flood/x")
    wait_until(lambda: broker.log().count("Received PUBACK from probe") > 20_500, 60,
               "the library has taken the messages in", poll_s=0.3)
    probe.do("go")
    assert "more messages arrived" in probe.wait_for("lost")["why"]
    probe.wait_for("connected", 2)
    probe.wait_for("message", 2, payload="the truth", retained=True)
