"""The courier against HTTP servers that behave well and badly: every kind of answer, beyond the cases of
tests/cases/delivery."""

import json

import pytest

from delivery import item, notification, probe, starter
from scripted_servers import Answer, ScriptedHttp

LOGIN_PAGE = "<html><body>Please log in to the network</body></html>"


http = starter(ScriptedHttp)


def webhook(server, **more):
    return {"name": "hook", "type": "webhook", "url": server.url + "/hook", **more}


def slack(server):
    return {"name": "team", "type": "slack", "url_secret": server.url + "/services/T0/B0/XSECRET"}


def test_webhook_with_a_body_of_the_users_own(http, probe):
    server = http(Answer(200))
    sender = probe(webhook(server, body='{"msg": "{{headline}}", "level": "{{severity}}"}'))
    sender.send(notification("hook", [item(text='say "hi"\\ {{id}} \u00b5K')]))
    assert json.loads(server.requests[0].body) == {
        "msg": 'CRITICAL triton1: say "hi"\\ {{id}} \u00b5K', "level": "critical"}


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
