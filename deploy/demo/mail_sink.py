#!/usr/bin/python3
"""A mail server on loopback that delivers nothing: it keeps every mail as a file and shows it.

usage: mail_sink.py FOLDER [PORT]
"""

import email
import email.policy
import sys
import threading
from pathlib import Path

from aiosmtpd.controller import Controller


class Mail:
    """One mail as it arrived."""

    def __init__(self, envelope):
        self.bytes = envelope.original_content or envelope.content
        self.to = envelope.rcpt_tos
        self.message = email.message_from_bytes(self.bytes, policy=email.policy.default)

    def header(self, name):
        return str(self.message.get(name, ""))

    @property
    def text(self):
        part = self.message.get_body(preferencelist=("plain",))
        return part.get_content() if part else ""


class MailSink:
    """Calls `on_mail` with each Mail, from a thread of its own, after it was kept in `folder`."""

    def __init__(self, folder, port, on_mail):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.mails = []
        self._on_mail = on_mail
        self._controller = Controller(self, hostname="127.0.0.1", port=port)
        self._controller.start()

    async def handle_DATA(self, _server, _session, envelope):
        mail = Mail(envelope)
        self.mails.append(mail)
        (self.folder / f"{len(self.mails):03}.eml").write_bytes(mail.bytes)
        self._on_mail(mail)
        return "250 kept"

    def close(self):
        self._controller.stop()


def show(mail):
    to = ", ".join(mail.to)
    print(f"\nTo: {to}\nSubject: {mail.header('Subject')}\n\n{mail.text}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    sink = MailSink(sys.argv[1], int(sys.argv[2]) if len(sys.argv) == 3 else 2525, show)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        sink.close()
