"""What needs more than one answer to one request: Slack's threads and pictures, parts that are not
sent twice, programs, topics, and pictures as files."""

import base64
import email.policy
import hashlib
import json
import time
from email import message_from_bytes

from delivery import item, notification, probe, starter
from scripted_servers import Answer, ScriptedHttp, ScriptedSmtp

http = starter(ScriptedHttp)
smtp = starter(ScriptedSmtp)

PNG = b"\x89PNG\r\n\x1a\n"


def with_trend():
    now = time.time()
    return item(trend=[[now - 1800 + 30 * i, 20 - 0.3 * i] for i in range(60)])


def test_wecom_sends_only_the_part_that_has_not_arrived(http, probe):
    good, busy = Answer(200, '{"errcode":0,"errmsg":"ok"}'), Answer(200, '{"errcode":45009}')
    server = http(good, busy, good)
    sender = probe({"name": "group", "type": "wecom", "url_secret": server.url + "/k?key=SECRET",
                    "mention": ["@all"]})
    first = sender.send(notification("group"))
    assert first["outcome"] == "retry" and first["retry_after_s"] == 60
    assert sender.send(notification("group"))["outcome"] == "sent"
    kinds = [json.loads(one.body)["msgtype"] for one in server.requests]
    assert kinds == ["markdown", "text", "text"]
    ping = json.loads(server.requests[-1].body)["text"]
    assert ping == {"content": "🔴 CRITICAL triton1: Pulse tube is off",
                    "mentioned_list": ["@all"], "mentioned_mobile_list": []}


def test_slack_keeps_an_incident_in_one_thread_with_its_picture(http, probe):
    server = http()
    server.script = [Answer(200, '{"ok":true,"ts":"1712.34"}'),
                     Answer(200, json.dumps({"ok": True, "upload_url": server.url + "/up",
                                             "file_id": "F1"})),
                     Answer(200, "OK - 1"), Answer(200, '{"ok":true}'),
                     Answer(200, '{"ok":true,"ts":"1712.99"}')]
    sender = probe({"name": "team", "type": "slack", "token_secret": "xoxb-SECRET",
                    "channel": "C0123", "api_url": server.url})
    first = sender.send(notification("team", [with_trend()]))
    assert (first["outcome"], first["thread"]) == ("sent", "1712.34")
    over = item(intent="clear", until="2026-11-22T04:14:00.000Z")
    sender.send(notification("team", [over], id="01J8-1", number=1, quiet=True, all_clear=True,
                             thread=first["thread"]))
    paths = [one.path for one in server.requests]
    assert paths == ["/api/chat.postMessage", "/api/files.getUploadURLExternal", "/up",
                     "/api/files.completeUploadExternal", "/api/chat.postMessage"]
    assert server.requests[2].body.startswith(PNG)
    end = json.loads(server.requests[4].body)
    assert (end["thread_ts"], end["reply_broadcast"]) == ("1712.34", False)
    assert server.requests[0].headers["Authorization"] == "Bearer xoxb-SECRET"


def parts_of(request):
    """A form's parts by name."""
    form = message_from_bytes(b"Content-Type: " + request.headers["Content-Type"].encode() +
                              b"\r\n\r\n" + request.body, policy=email.policy.HTTP)
    return {one.get_param("name", header="content-disposition"): one.get_payload(decode=True)
            for one in form.iter_parts()}


def test_discord_takes_the_picture_in_the_same_request(http, probe):
    server = http(Answer(200, '{"id":"1"}'))
    sender = probe({"name": "team", "type": "discord", "url_secret": server.url + "/SECRET"})
    assert sender.send(notification("team", [with_trend()]))["outcome"] == "sent"
    request = server.requests[0]
    assert request.path.endswith("?wait=true")
    parts = parts_of(request)
    assert json.loads(parts["payload_json"])["embeds"][0]["image"] == {
        "url": "attachment://trend.png"}
    assert parts["files[0]"].startswith(PNG)


def test_wecom_takes_the_picture_with_its_digest(http, probe):
    server = http(Answer(200, '{"errcode":0,"errmsg":"ok"}'))
    sender = probe({"name": "group", "type": "wecom", "url_secret": server.url + "/k?key=SECRET"})
    assert sender.send(notification("group", [with_trend()]))["outcome"] == "sent"
    image = json.loads(server.requests[-1].body)["image"]
    png = base64.b64decode(image["base64"])
    assert png.startswith(PNG) and image["md5"] == hashlib.md5(png).hexdigest()
    assert len(png) < 2 * 1024 * 1024


def test_telegram_takes_the_picture_after_the_message(http, probe):
    server = http(Answer(200, '{"ok":true,"result":{"message_id":42}}'))
    sender = probe({"name": "group", "type": "telegram", "token_secret": "1:SECRET",
                    "chat_id": "-100", "api_url": server.url})
    assert sender.send(notification("group", [with_trend()]))["outcome"] == "sent"
    assert [one.path for one in server.requests] == ["/bot1:SECRET/sendMessage",
                                                     "/bot1:SECRET/sendPhoto"]
    form = parts_of(server.requests[-1])
    assert form["photo"].startswith(PNG) and form["chat_id"] == b"-100"


def test_ntfy_takes_the_picture_as_a_file(http, probe):
    server = http(Answer(200, '{"id":"x","event":"message"}'))
    sender = probe({"name": "phone", "type": "ntfy", "topic_secret": "T0PIC",
                    "api_url": server.url})
    assert sender.send(notification("phone", [with_trend()]))["outcome"] == "sent"
    assert len(server.requests) == 2
    assert server.requests[-1].body.startswith(PNG)
    assert server.requests[-1].headers["Filename"].endswith(".png")


def test_mail_with_text_first_then_html_and_the_picture_within(smtp, probe):
    server = smtp()
    sender = probe({"name": "mail", "type": "email", "host": "127.0.0.1", "port": server.port,
                    "security": "none", "from": "alarms@lab.org", "to": ["ann@lab.org"]})
    assert sender.send(notification("mail", [with_trend()]))["outcome"] == "sent"
    mail = message_from_bytes(server.messages[0], policy=email.policy.default)
    assert not mail.defects
    kinds = [part.get_content_type() for part in mail.walk()]
    assert kinds == ["multipart/related", "multipart/alternative", "text/plain", "text/html",
                     "image/png"]
    picture = list(mail.walk())[-1]
    html = mail.get_body(("html",)).get_content()
    assert f'src="cid:{picture["Content-ID"][1:-1]}"' in html
    assert picture.get_content().startswith(PNG)
    assert "falling 0.6 A/min" in mail.get_body(("plain",)).get_content()


def test_an_access_token_is_read_at_each_attempt_and_never_shown(probe, tmp_path, smtp):
    server = smtp()
    result = probe({"name": "mail", "type": "email", "host": "127.0.0.1", "port": server.port,
                    "security": "starttls", "from": "alarms@lab.org", "to": ["ann@lab.org"],
                    "user": "alarms", "oauth2_token_file": str(tmp_path / "absent")}).send(
                        notification("mail"))
    assert result["outcome"] == "broken"
    assert "absent" in result["detail"]


def script(folder, text):
    file = folder / "program"
    file.write_text("#!/bin/sh\n" + text)
    file.chmod(0o755)
    return str(file)


def test_a_program_gets_json_and_no_shell(probe, tmp_path):
    program = script(tmp_path, f'cat > {tmp_path}/input; printf %s "$1" > {tmp_path}/argument\n')
    argument = "$(touch /tmp/x); `id` \"'"
    result = probe({"name": "run", "type": "exec", "program": [program, argument]}).send(
        notification("run"))
    assert (result["outcome"], result["detail"]) == ("sent", "exit status 0")
    assert (tmp_path / "argument").read_text() == argument
    assert json.loads((tmp_path / "input").read_text())["data"]["incident"] == "01J8"


def running(process):
    try:
        return open(f"/proc/{process}/stat").read().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_program_that_does_not_read_write_or_end(probe, tmp_path):
    silent = probe({"name": "run", "type": "exec", "program": ["/bin/true"]})
    many = [item(f"triton{i}") for i in range(500)]  # more than a pipe holds
    assert silent.send(notification("run", many))["outcome"] == "sent"
    noisy = script(tmp_path, "head -c 10000000 /dev/zero | tr '\\0' x; exit 3\n")
    result = probe({"name": "run", "type": "exec", "program": [noisy]}).send(notification("run"))
    assert result["outcome"] == "retry" and len(result["detail"]) < 500
    started = time.monotonic()
    sleeper = tmp_path / "sleeper"
    sleeper.mkdir()
    slow = script(sleeper, f"sleep 60 & echo $! > {tmp_path}/child; wait\n")
    result = probe({"name": "run", "type": "exec", "program": [slow], "limit": "1s"}).send(
        notification("run"))
    assert result["outcome"] == "ambiguous" and time.monotonic() - started < 20
    child = int((tmp_path / "child").read_text())
    deadline = time.monotonic() + 10  # a killed process ends when it is next scheduled
    while running(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not running(child)


def test_a_program_that_is_not_there(probe):
    result = probe({"name": "run", "type": "exec", "program": ["/nonexistent/x"]}).send(
        notification("run"))
    assert result["outcome"] == "broken" and "No such file" in result["detail"]


def test_mqtt_hands_a_publication_over(probe):
    lines = probe({"name": "topic", "type": "mqtt", "topic": "lab/alarms", "retain": True}).send_all(
        notification("topic"))
    assert lines[0]["topic"] == "lab/alarms" and lines[0]["retain"] is True
    assert json.loads(lines[0]["payload"])["type"] == "alarm.opened"
    assert lines[1]["outcome"] == "sent"
