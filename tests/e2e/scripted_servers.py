"""Servers on loopback that behave as the services do, well or badly, as a test's script says."""

import email
import email.policy
import socket
import socketserver
import struct
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answer:
    """One HTTP answer. `delay_s` waits before it; `reset` sends none and resets the connection;
    `echo` repeats the request in the body, as careless servers do.
    """

    status: int = 200
    body: str = ""
    headers: dict = field(default_factory=dict)
    delay_s: float = 0
    reset: bool = False
    echo: bool = False


@dataclass(frozen=True)
class Received:
    method: str
    path: str
    headers: dict
    body: bytes
    at: float
    answer: Answer


def reset(connection):
    """Closes so that the other side sees a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


class ScriptedHttp:
    """Gives the answers of its script in turn, the last one for ever; remembers the requests.
    `at` maps a part of a path to a script of its own.
    """

    def __init__(self, *script, port=0, at=None):
        self.script = list(script)
        self.at = {part: list(answers) for part, answers in (at or {}).items()}
        self.requests = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                script = next((one for part, one in outer.at.items() if part in self.path),
                              outer.script)
                answer = script.pop(0) if len(script) > 1 else script[0]
                outer.requests.append(Received(self.command, self.path, dict(self.headers), body,
                                               time.monotonic(), answer))
                time.sleep(answer.delay_s)
                if answer.reset:
                    self.close_connection = True
                    reset(self.connection)
                    return
                payload = answer.body.encode()
                if answer.echo:
                    said = f"{answer.body} no: {self.path} {dict(self.headers)} "
                    payload = said.encode() + body
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

            do_POST = do_GET = do_PUT = answer

            def log_message(self, *arguments):
                pass

            def finish(self):
                try:
                    super().finish()
                except OSError:
                    pass

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.handle_error = lambda *arguments: None
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class ScriptedSmtp:
    """Speaks SMTP without TLS. `script` maps the beginning of a command, or "message" for the end of
    DATA, to a reply or a list of replies in turn; "close" ends the connection and "hang" says nothing.
    """

    USUAL = {"EHLO": "250-scripted\r\n250 8BITMIME", "MAIL": "250 2.1.0 ok",
             "RCPT": "250 2.1.5 ok", "DATA": "354 go on", "QUIT": "221 bye", "RSET": "250 ok",
             "message": "250 2.0.0 queued as 4F2"}

    def __init__(self, **script):
        self.script = {**self.USUAL, **{key.replace("_", " "): value
                                        for key, value in script.items()}}
        self.commands = []
        self.messages = []
        self.taken_at = []  # by the steady clock, in the order of messages
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                self.say("220 scripted ESMTP")
                while line := self.rfile.readline():
                    command = line.decode("utf-8", "replace").rstrip("\r\n")
                    outer.commands.append(command)
                    if not self.say(outer.reply_to(command)) or command == "QUIT":
                        return
                    if command == "DATA" and not self.take_message():
                        return

            def take_message(self):
                lines = []
                while (line := self.rfile.readline()) != b".\r\n":
                    if not line:
                        return False
                    lines.append(line[1:] if line.startswith(b".") else line)
                outer.taken_at.append(time.monotonic())
                outer.messages.append(b"".join(lines))
                return self.say(outer.reply_to("message"))

            def say(self, text):
                if text == "close":
                    return False
                if text == "hang":
                    time.sleep(60)
                self.wfile.write(text.encode() + b"\r\n")
                return True

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

            def handle_error(self, *arguments):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def parsed(self):
        """The mails taken so far, with their headers decoded."""
        return [email.message_from_bytes(one, policy=email.policy.default)
                for one in list(self.messages)]

    def reply_to(self, command):
        keys = [key for key in self.script if command.startswith(key)]
        if not keys:
            return "502 5.5.1 unknown"
        reply = self.script[max(keys, key=len)]
        if isinstance(reply, list):
            return reply.pop(0) if len(reply) > 1 else reply[0]
        return reply

    @property
    def port(self):
        return self.server.server_address[1]

    def close(self):
        self.server.shutdown()
        self.server.server_close()
