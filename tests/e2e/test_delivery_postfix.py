"""Mail through a real server as an institute runs it, read back from its Maildirs."""

import socket
import socketserver
import threading
import time

import pytest

from delivery import item, notification, probe  # noqa: F401; probe is a fixture
from mosquitto import wait_until
from postfix import DOMAIN, USER, Postfix, why_not

PASSWORD = "s3cret-of-the-mail"
PNG = b"\x89PNG\r\n\x1a\n"

pytestmark = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))


@pytest.fixture(scope="module")
def postfix(certificates):
    server = Postfix(certificates, PASSWORD, ["ann", "bob", "cy", "dan", "eve"])
    yield server
    server.close()


def mailer(port, certificates, to, **more):
    return {"name": "mail", "type": "email", "host": "127.0.0.1", "port": port, "user": USER,
            "password_secret": PASSWORD, "ca_file": str(certificates.ca),
            "from": f"Kühlwache <alarms@{DOMAIN}>", "to": [f"{one}@{DOMAIN}" for one in to], **more}


def arrived(postfix, person, count):
    wait_until(lambda: len(postfix.mails(person)) >= count, 20, f"{person} has {count} mails", 0.05)
    return postfix.mails(person)


def words(mail, kind="plain"):
    return mail.get_body((kind,)).get_content().replace("\r\n", "\n")


def test_alarm_and_end_are_one_thread_and_a_wrong_address_stops_nobody(postfix, certificates, probe):
    sender = probe(mailer(postfix.starttls, certificates, ["ann", "nobody.of.this.name", "bob"],
                          language="zh"))
    now = time.time()
    hot = item("一号机", text="脉管已停", trend=[[now - 1800 + 30 * i, 20 - 0.3 * i] for i in range(60)])
    first = sender.send(notification("mail", [hot], title="一号机：脉管已停"))
    assert first["outcome"] == "sent", (first, postfix.log())
    assert "nobody.of.this.name@lab.example: RCPT: 550 5.1.1" in first["detail"]
    over = item("一号机", "clear", text="脉管已启动", value=22.5, until="2026-11-22T04:14:00.000Z")
    end = sender.send(notification("mail", [over], id="01J8-1", number=1, quiet=True, all_clear=True,
                                   title="一号机：脉管已停", thread=first["thread"]))
    assert end["outcome"] == "sent"

    for person in ("ann", "bob"):
        alarm, ended = arrived(postfix, person, 2)
        assert not alarm.defects and not ended.defects
        assert alarm["Subject"] == "一号机：脉管已停"
        assert ended["Subject"] == "Re: 一号机：脉管已停"
        assert ended["In-Reply-To"] == ended["References"] == alarm["Message-ID"]
        assert str(alarm["From"]) == f"Kühlwache <alarms@{DOMAIN}>"
        assert alarm["Delivered-To"] == f"{person}@{DOMAIN}"
        assert "ESMTPSA" in str(alarm["Received"]), "with TLS and a login"
        assert words(alarm).startswith("【严重】一号机：脉管已停\n")
        assert "下降 0.6 A/分钟" in words(alarm)
        assert "持续 1 小时 12 分钟" in words(ended)
        kinds = [part.get_content_type() for part in alarm.walk()]
        assert kinds.index("text/plain") < kinds.index("text/html")
        picture = next(part for part in alarm.walk() if part.get_content_type() == "image/png")
        assert picture.get_content().startswith(PNG)
        assert f'cid:{picture["Content-ID"][1:-1]}' in words(alarm, "html")


def test_a_second_attempt_can_be_recognised(postfix, certificates, probe):
    """As after a power cut between the server's yes and the bridge's store."""
    for _ in range(2):
        sender = probe(mailer(postfix.tls, certificates, ["cy"], security="tls"))
        assert sender.send(notification("mail", id="01J9-0"))["outcome"] == "sent"
    first, second = arrived(postfix, "cy", 2)
    assert first["Message-ID"] == second["Message-ID"] == f"<01J9-0@{DOMAIN}>"


def test_lines_that_a_server_could_misread(postfix, certificates, probe):
    hostile = "off\r\nBcc: evil@lab.example\r\n\r\n.\r\nMAIL FROM:<evil@lab.example>"
    lines = [item(fridge=".", text=hostile), item(fridge="..x", text=hostile), item("x" * 2000)]
    sender = probe(mailer(postfix.starttls, certificates, ["dan"]))
    assert sender.send(notification("mail", lines, title=hostile))["outcome"] == "sent"
    mail, = arrived(postfix, "dan", 1)
    assert mail["Bcc"] is None and "Bcc: evil" in mail["Subject"]
    assert "..x: " in words(mail) and "MAIL FROM:<evil@lab.example>" in words(mail)


def test_a_wrong_password_is_no_delivery(postfix, certificates, probe):
    sender = probe(mailer(postfix.starttls, certificates, ["eve"], password_secret="wr0ng!"))
    result = sender.send(notification("mail"))
    assert result["outcome"] == "broken" and "AUTH: 535" in result["detail"]
    assert "wr0ng!" not in str(result) and not postfix.mails("eve")


class Stripper(socketserver.ThreadingTCPServer):
    """Stands between, and makes STARTTLS disappear from what the server offers."""

    daemon_threads = True

    def __init__(self, port):
        self.said = b""  # by the client
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                with socket.create_connection(("127.0.0.1", port)) as server:
                    threading.Thread(target=self.back, args=(server,), daemon=True).start()
                    while data := self.request.recv(4096):
                        outer.said += data
                        server.sendall(data)

            def back(self, server):
                try:
                    while data := server.recv(4096):
                        self.request.sendall(data.replace(b"STARTTLS", b"XNOTHING"))
                except OSError:
                    pass  # the client has closed

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()


def test_an_attacker_who_hides_starttls_gets_nothing(postfix, certificates, probe):
    between = Stripper(postfix.starttls)
    try:
        sender = probe(mailer(between.server_address[1], certificates, ["eve"]))
        result = sender.send(notification("mail"))
    finally:
        between.shutdown()
        between.server_close()
    assert result["outcome"] == "broken" and "STARTTLS" in result["detail"]
    assert b"EHLO" in between.said
    assert b"AUTH" not in between.said and b"MAIL" not in between.said
    assert not postfix.mails("eve")
