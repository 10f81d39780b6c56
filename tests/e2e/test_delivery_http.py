"""The courier against HTTP servers that behave well and badly (cases A05 to A14 of the notifiers)."""

import base64
import hashlib
import hmac
import json
import time
from pathlib import Path

import jsonschema
import pytest

from delivery import item, notification, probe, starter
from scripted_servers import Answer, ScriptedHttp

PROJECT = Path(__file__).resolve().parents[2]
SECRET = b"0123456789abcdef0123456789abcdef"
LOGIN_PAGE = "<html><body>Please log in to the network</body></html>"


http = starter(ScriptedHttp)


def webhook(server, **more):
    return {"name": "hook", "type": "webhook", "url": server.url + "/hook", **more}


def slack(server):
    return {"name": "team", "type": "slack", "url_secret": server.url + "/services/T0/B0/XSECRET"}


def test_webhook_is_signed_anew_in_every_attempt_under_the_same_id(http, probe):
    server = http(Answer(500), Answer(500), Answer(200))
    sender = probe(webhook(server, secret_secret="whsec_" + base64.b64encode(SECRET).decode()))
    outcomes = []
    for _ in range(3):
        outcomes.append(sender.send(notification("hook"))["outcome"])
        time.sleep(1.01)
    assert outcomes == ["retry", "retry", "sent"]

    headers = [{key.lower(): value for key, value in one.headers.items()}
               for one in server.requests]
    assert {one["webhook-id"] for one in headers} == {"01J8-0"}
    assert len({one["webhook-timestamp"] for one in headers}) == 3
    assert len({one["webhook-signature"] for one in headers}) == 3
    for one, request in zip(headers, server.requests):
        signed = f"{one['webhook-id']}.{one['webhook-timestamp']}.".encode() + request.body
        expected = base64.b64encode(hmac.digest(SECRET, signed, hashlib.sha256)).decode()
        assert one["webhook-signature"] == "v1," + expected


def test_webhook_body(http, probe):
    server = http(Answer(204))
    assert probe(webhook(server)).send(notification("hook"))["outcome"] == "sent"
    body = json.loads(server.requests[0].body)
    schema = json.loads((PROJECT / "schemas" / "notification.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(body)
    assert body.pop("timestamp").endswith("Z")
    text = body["data"].pop("text")
    assert text.startswith("CRITICAL triton1: Pulse tube is off\n\ntriton1: Motor_Current_A 0.3 A")
    expected = notification("hook")
    del expected["notifier"]
    assert body == {"type": "alarm.opened", "data": expected}


def test_webhook_with_a_body_of_the_users_own(http, probe):
    server = http(Answer(200))
    sender = probe(webhook(server, body='{"msg": "{{headline}}", "level": "{{severity}}"}'))
    sender.send(notification("hook", [item(text='say "hi"\\ {{id}} \u00b5K')]))
    assert json.loads(server.requests[0].body) == {
        "msg": 'CRITICAL triton1: say "hi"\\ {{id}} \u00b5K', "level": "critical"}


def test_slack_message(http, probe):
    server = http(Answer(200, "ok"))
    result = probe(slack(server)).send(notification("team", [item("a"), item("b")]))
    assert (result["outcome"], result["detail"]) == ("sent", "ok")
    body = json.loads(server.requests[0].body)
    assert body["text"] == "🔴 CRITICAL Pulse tube is off (2 fridges)"
    assert body["mrkdwn"] is False
    header, section = body["blocks"]
    assert header == {"type": "header", "text": {"type": "plain_text", "emoji": False,
                                                 "text": body["text"]}}
    lines = section["text"]["text"].split("\n")
    assert lines[0].startswith("• a: Motor_Current_A 0.3 A (limit 10 A), since ")
    assert lines[1].startswith("• b: Motor_Current_A 0.3 A (limit 10 A), since ")
    assert lines[2] == "Do: Look at the compressor's display."


# What a server says, and what has to come of it on a webhook and on Slack.
ANSWERS = [
    ("captive portal", Answer(200, LOGIN_PAGE), "retry", "retry"),
    ("empty body", Answer(200, ""), "sent", "retry"),
    ("another word", Answer(200, "okay"), "sent", "retry"),
    ("created", Answer(201, "{}"), "sent", "retry"),
    ("moved", Answer(301, "", {"Location": "/elsewhere"}), "broken", "broken"),
    ("found", Answer(302, "", {"Location": "/elsewhere"}), "broken", "broken"),
    ("unauthorised", Answer(401, "no"), "broken", "broken"),
    ("forbidden", Answer(403, "action_prohibited"), "broken", "broken"),
    ("no such hook", Answer(404, "no_service"), "broken", "broken"),
    ("gone", Answer(410, "channel_is_archived"), "broken", "broken"),
    ("too slow", Answer(408, ""), "retry", "retry"),
    ("too early", Answer(425, ""), "retry", "retry"),
    ("too many", Answer(429, ""), "retry", "retry"),
    ("server error", Answer(500, "rollup_error"), "retry", "retry"),
    ("bad gateway", Answer(502, LOGIN_PAGE), "retry", "retry"),
    ("bad request", Answer(400, "invalid_payload"), "refused", "refused"),
    ("too large", Answer(413, ""), "refused", "refused"),
    ("reset", Answer(reset=True), "ambiguous", "ambiguous"),
]


@pytest.mark.parametrize("answer, on_webhook, on_slack", [row[1:] for row in ANSWERS],
                         ids=[row[0] for row in ANSWERS])
def test_outcome(http, probe, answer, on_webhook, on_slack):
    first, second = http(answer), http(answer)
    results = probe(webhook(first), slack(second)).send_all(notification("hook"),
                                                            notification("team"))
    assert {one["notifier"]: one["outcome"] for one in results} == {"hook": on_webhook,
                                                                   "team": on_slack}
    assert all(one["detail"] for one in results)
    assert not any("/elsewhere" in request.path for request in first.requests + second.requests)
    assert not any("XSECRET" in str(one) for one in results)


@pytest.mark.parametrize("header, least, most", [("7", 7, 9), ("0", None, None), ("-5", None, None),
                                                 ("999999", 900, 900), ("soon", None, None)])
def test_retry_after_is_honoured_within_bounds(http, probe, header, least, most):
    server = http(Answer(429, "", {"Retry-After": header}))
    result = probe(webhook(server)).send(notification("hook"))
    wished = result.get("retry_after_s")
    assert wished is None if least is None else least <= wished <= most


def test_a_message_found_too_long_is_sent_once_more_in_few_words(http, probe):
    server = http(Answer(400, "msg_too_long"), Answer(200, "ok"))
    assert probe(slack(server)).send(notification("team"))["outcome"] == "sent"
    bodies = [json.loads(one.body) for one in server.requests]
    assert "blocks" in bodies[0]
    assert bodies[1] == {"text": "🔴 CRITICAL triton1: Pulse tube is off", "mrkdwn": False}


def test_a_slow_server_delays_nobody_else(http, probe):
    slow, fast = http(Answer(200, "ok", delay_s=3)), http(Answer(200))
    results = probe(webhook(fast), slack(slow)).send_all(notification("team"),
                                                         notification("hook"))
    assert [one["notifier"] for one in results] == ["hook", "team"]
    assert results[0]["took_s"] < 1 < 2.9 < results[1]["took_s"]


def test_nobody_there(probe):
    result = probe({"name": "hook", "type": "webhook", "url": "http://127.0.0.1:9/token"}).send(
        notification("hook"))
    assert result["outcome"] == "retry"
    assert "token" not in result["detail"]


def test_a_reply_without_end_is_cut(http, probe):
    server = http(Answer(200, "x" * 10_000_000))
    result = probe(slack(server)).send(notification("team"))
    assert result["outcome"] == "retry"
    assert len(result["detail"]) < 500


HOSTILE = "\r\nBcc: x@y <!channel> <@U123> @everyone <at id=all></at> </font> _*[x](http://e) \x00 \udcff"


def test_hostile_text_pings_nobody_and_breaks_nothing(http, probe):
    server = http(Answer(200, "ok"))
    hostile = HOSTILE.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    one = item(fridge="f1", text=hostile, channel=hostile, unit=hostile, playbook=hostile)
    assert probe(slack(server)).send(notification("team", [one], title=hostile))["outcome"] == "sent"
    body = server.requests[0].body.decode()
    assert "<!" not in body and "<@" not in body and "<at" not in body and "</font" not in body
    assert "&lt;!channel&gt;" in body
    assert json.loads(body)["mrkdwn"] is False
