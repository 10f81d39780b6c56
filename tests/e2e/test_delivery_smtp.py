"""Mail: against a scripted server for what goes wrong (beyond the cases A19 and A20), and against
aiosmtpd with TLS and login for what has to be right."""

import re
import ssl
from email import message_from_bytes, policy
from email.utils import getaddresses

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from delivery import item, notification, probe, starter
from mosquitto import free_port
from scripted_servers import ScriptedSmtp

TO = ["ann@lab.org", "bob@lab.org", "cy@lab.org"]


def mailer(port, **more):
    return {"name": "mail", "type": "email", "host": "127.0.0.1", "port": port, "security": "none",
            "from": "Coldwatch <alarms@lab.org>", "to": TO, **more}


smtp = starter(ScriptedSmtp)


def recipients(server):
    return [one[len("RCPT TO:<"):].split(">")[0] for one in server.commands
            if one.startswith("RCPT")]


def parse(raw):
    return message_from_bytes(raw, policy=policy.default)


def test_one_transaction_for_each_recipient(smtp, probe):
    server = smtp()
    result = probe(mailer(server.port)).send(notification("mail"))
    assert result["outcome"] == "sent"
    assert recipients(server) == TO
    assert len(server.messages) == 3
    assert "queued as 4F2" in result["detail"]
    assert result["thread"] == "<01J8-0@lab.org>"
    assert server.commands[0] == "EHLO lab.org"


def test_a_postponed_recipient_is_tried_again_alone(smtp, probe):
    server = smtp(**{"RCPT TO:<bob": ["451 4.7.1 greylisted", "250 ok"]})
    sender = probe(mailer(server.port))
    assert sender.send(notification("mail"))["outcome"] == "retry"
    assert sender.send(notification("mail"))["outcome"] == "sent"
    assert recipients(server) == [*TO, "bob@lab.org"]
    assert len(server.messages) == 3


TROUBLE = [
    ("lost after the message", {"message": "close"}, "ambiguous"),
    ("4xx after the message", {"message": "451 4.3.0 try later"}, "retry"),
    ("5xx after the message", {"message": "552 5.2.3 too large"}, "refused"),
    ("4xx at the sender", {"MAIL": "451 4.3.0 later"}, "retry"),
    ("5xx at the sender", {"MAIL": "550 5.7.1 who are you"}, "broken"),
    ("all recipients refused", {"RCPT": "550 5.1.1 no"}, "refused"),
    ("shutting down", {"EHLO": "421 4.3.2 bye", "HELO": "421 4.3.2 bye"}, "retry"),
    ("closes at once", {"EHLO": "close"}, "retry"),
    ("closes at DATA", {"DATA": "close"}, "retry"),
]


@pytest.mark.parametrize("script, outcome", [row[1:] for row in TROUBLE],
                         ids=[row[0] for row in TROUBLE])
def test_trouble(smtp, probe, script, outcome):
    server = smtp(**script)
    result = probe(mailer(server.port)).send(notification("mail"))
    assert result["outcome"] == outcome, result
    assert result["detail"]


def test_without_starttls_nothing_is_sent(smtp, probe):
    server = smtp()
    result = probe(mailer(server.port, security="starttls")).send(notification("mail"))
    assert result["outcome"] == "broken"
    assert "STARTTLS" in result["detail"]
    assert not any(one.startswith("MAIL") for one in server.commands)


def test_alarm_and_end_stand_in_one_thread(smtp, probe):
    server = smtp()
    sender = probe(mailer(server.port, to=["ann@lab.org"]))
    first = sender.send(notification("mail"))
    over = item(intent="clear", value=22.5, until="2026-11-22T04:14:00.000Z")
    sender.send(notification("mail", [over], id="01J8-1", number=1, quiet=True, all_clear=True,
                             thread=first["thread"]))
    alarm, end = [parse(one) for one in server.messages]
    assert alarm["Subject"] == "Pulse tube is off"
    assert end["Subject"] == "Re: Pulse tube is off"
    assert end["In-Reply-To"] == end["References"] == alarm["Message-ID"]
    assert alarm["In-Reply-To"] is None
    assert alarm["X-Priority"] == "1" and end["X-Priority"] is None
    assert alarm["Auto-Submitted"] == "auto-generated"
    # On any other day the time comes with its date.
    assert re.search(r"lasted 1 h 12 min, until (2026-11-22 )?04:14, now Motor_Current_A 22.5 A",
                     text_of(end))


def text_of(mail):
    return mail.get_body(("plain",)).get_content().replace("\r\n", "\n")


def test_headers_cannot_be_injected(smtp, probe):
    server = smtp()
    hostile = "off\r\nBcc: evil@x.org\r\n\r\n.\r\nMAIL FROM:<evil@x.org>"
    one = item(text=hostile, playbook=hostile, unit=hostile, fridge=hostile)
    probe(mailer(server.port, to=["ann@lab.org"])).send(
        notification("mail", [one], title=hostile, id="a\r\nBcc: b", incident=hostile))
    mail = parse(server.messages[0])
    assert mail["Bcc"] is None
    assert "Bcc: evil@x.org" in mail["Subject"]
    assert recipients(server) == ["ann@lab.org"]
    assert sum(one.startswith("MAIL") for one in server.commands) == 1


def test_lines_end_in_crlf_and_dots_are_stuffed(smtp, probe):
    server = smtp()
    lines = [item(fridge=".", text=".hidden"), item(fridge="..x", text=".hidden")]
    probe(mailer(server.port, to=["ann@lab.org"])).send(notification("mail", lines))
    raw = server.messages[0]
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert ".hidden" in text_of(parse(raw))


TITLES = [
    "[LD400-3] 混合室温度过高: T=0.142 K > 0.100 K (持续 5 min) 🔥",
    "plain",
    "=?UTF-8?B?bm90IGVuY29kZWQ=?=",
    "very long " * 40,
    "🔥" * 100,
]


@pytest.mark.parametrize("title", TITLES)
def test_subjects_survive(smtp, probe, title):
    server = smtp()
    probe(mailer(server.port, to=["ann@lab.org"])).send(notification("mail", title=title))
    assert parse(server.messages[0])["Subject"].strip() == title.strip()
    head = server.messages[0].split(b"\r\n\r\n")[0].decode("ascii")
    assert all(len(line) <= 78 for line in head.split("\r\n"))


# A real SMTP server, with TLS and login.

class Inbox:
    def __init__(self):
        self.mails = []
        self.tokens = []

    async def auth_XOAUTH2(self, server, args):
        self.tokens.append(await server.challenge_auth(""))
        good = self.tokens[-1] == b"user=alarms\x01auth=Bearer t0ken\x01\x01"
        return AuthResult(success=good, handled=good, auth_data=b"alarms")

    async def handle_DATA(self, server, session, envelope):
        self.mails.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 2.0.0 queued"


def check_login(server, session, envelope, mechanism, data):
    good = isinstance(data, LoginPassword) and data.login == b"alarms" and data.password == b"s3cret"
    return AuthResult(success=good, handled=good)


@pytest.fixture
def real_smtp(certificates):
    controllers = []

    def start(implicit_tls=False, login=True, certificate=None):
        certificate = certificate or certificates.server
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate.certificate, certificate.key)
        inbox = Inbox()
        options = {"authenticator": check_login, "auth_required": login,
                   "auth_require_tls": not implicit_tls,
                   "auth_exclude_mechanism": [] if login else ["LOGIN", "PLAIN"]}

        class Server(Controller):
            def factory(self):
                starttls = {} if implicit_tls else {"tls_context": context,
                                                    "require_starttls": True}
                return SMTP(self.handler, hostname="localhost", enable_SMTPUTF8=True, **starttls,
                            **options)

        controller = Server(inbox, hostname="127.0.0.1", port=free_port(),
                            ssl_context=context if implicit_tls else None)
        controller.start()
        controllers.append(controller)
        inbox.port = controller.port
        return inbox

    yield start
    for controller in controllers:
        controller.stop()


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_real_server_takes_the_mail(real_smtp, certificates, probe, security):
    inbox = real_smtp(implicit_tls=security == "tls")
    result = probe(mailer(inbox.port, security=security, user="alarms", password_secret="s3cret",
                          ca_file=str(certificates.ca))).send(notification("mail"))
    assert result["outcome"] == "sent", result
    assert [to for _, tos, _ in inbox.mails for to in tos] == TO
    sender, _, content = inbox.mails[0]
    assert sender == "alarms@lab.org"
    mail = parse(content)
    assert [one[1] for one in getaddresses([mail["To"]])] == TO
    assert mail["From"] == "Coldwatch <alarms@lab.org>"
    assert mail["Date"].datetime.isoformat() == "2026-11-22T03:02:10+00:00"
    assert not mail.defects
    assert text_of(mail).startswith("CRITICAL triton1: Pulse tube is off\n\ntriton1: Motor_Current_A")


def test_an_access_token_in_place_of_a_password(real_smtp, certificates, probe, tmp_path):
    inbox = real_smtp()
    token = tmp_path / "token"
    token.write_text("0ld\n")
    sender = probe(mailer(inbox.port, security="starttls", user="alarms", to=["ann@lab.org"],
                          oauth2_token_file=str(token), ca_file=str(certificates.ca)))
    first = sender.send(notification("mail"))
    assert first["outcome"] == "broken", first
    assert "0ld" not in str(first)
    token.write_text("t0ken\n")  # somebody has renewed it
    second = sender.send(notification("mail"))
    assert second["outcome"] == "sent", (second, inbox.tokens)
    assert len(inbox.mails) == 1


def test_a_wrong_password_is_named_and_not_shown(real_smtp, certificates, probe):
    inbox = real_smtp()
    result = probe(mailer(inbox.port, security="starttls", user="alarms", password_secret="wr0ng!",
                          ca_file=str(certificates.ca))).send(notification("mail"))
    assert result["outcome"] == "broken"
    assert "AUTH: 535" in result["detail"]
    assert "wr0ng!" not in str(result)
    assert not inbox.mails


def test_a_server_without_login_gets_nothing(real_smtp, certificates, probe):
    inbox = real_smtp(login=False)
    result = probe(mailer(inbox.port, security="starttls", user="alarms", password_secret="s3cret",
                          ca_file=str(certificates.ca))).send(notification("mail"))
    assert result["outcome"] == "broken", result
    assert "login" in result["detail"]
    assert not inbox.mails


@pytest.mark.parametrize("authority, name", [("other_ca", "server"), ("ca", "elsewhere")])
def test_a_certificate_that_is_not_the_servers_stops_all(real_smtp, certificates, probe, authority,
                                                         name):
    inbox = real_smtp(certificate=getattr(certificates, name))
    result = probe(mailer(inbox.port, security="starttls", user="alarms", password_secret="s3cret",
                          ca_file=str(getattr(certificates, authority)))).send(notification("mail"))
    assert result["outcome"] == "retry", result
    assert "certificate" in result["detail"]
    assert not inbox.mails
