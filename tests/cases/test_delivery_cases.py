"""Runs every folder of tests/cases/delivery: a timeline through the whole bridge in simulated time, its
messages over real connections to servers that answer as the case says.

A folder holds config.json, whose first line says what the case shows, servers.json, timeline.jsonl, and
expected.jsonl: what the servers got and how each attempt ended, in order. delivery/README.md explains
the files.
"""
import base64
import email
import email.policy
import hmac
import json
import os
import pathlib
import re
import subprocess
import sys

import jsonschema
import pytest

HERE = pathlib.Path(__file__).resolve().parent / "delivery"
PROJECT = HERE.parents[2]
sys.path.append(str(PROJECT / "tests" / "e2e"))
from scripted_servers import Answer, ScriptedHttp, ScriptedSmtp  # noqa: E402

BUILD = pathlib.Path(os.environ.get("COLDWATCH_BUILD", PROJECT / "build" / "release"))
PROGRAM = BUILD / "tests" / "e2e" / "delivery_replay"
CASES = sorted(path.name for path in HERE.iterdir() if path.is_dir())
NOT_SHOWN = {"host", "accept", "accept-encoding", "content-length", "user-agent"}


def as_json(text):
    try:
        return json.loads(text)
    except ValueError:
        return text


def shown_mail(raw):
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert not mail.defects
    headers = {name: str(value) for name, value in mail.items() if name != "Content-Type"}
    parts = [{one.get_content_type(): one.get_content().replace("\r\n", "\n")}
             for one in mail.walk() if one.get_content_maintype() == "text"]
    return {"headers": headers, "parts": parts}


class Case:
    def __init__(self, name, folder):
        self.source = HERE / name
        self.folder = folder
        self.servers = {}
        script = json.loads((self.source / "servers.json").read_text())
        for server, answers in script.items():
            self.servers[server] = (ScriptedSmtp(**answers["smtp"]) if isinstance(answers, dict)
                                    else ScriptedHttp(*map(self.answer, answers)))
        self.seen = {server: 0 for server in script}
        self.heard = {server: 0 for server in script}
        self.places = {"{" + server + "}": getattr(one, "url", "127.0.0.1")
                       for server, one in self.servers.items()}
        self.places["{folder}"] = str(folder)

    @staticmethod
    def answer(fields):
        body = fields.get("body", "")
        return Answer(**{**fields, "body": body if isinstance(body, str) else json.dumps(body)})

    def put_places(self, value):
        """The config as the program reads it: addresses filled in, secrets in files."""
        if isinstance(value, list):
            return [self.put_places(one) for one in value]
        if isinstance(value, dict):
            return dict(self.put_entry(*entry) for entry in value.items())
        if isinstance(value, str):
            for place, text in self.places.items():
                value = value.replace(place, text)
        return value

    def put_entry(self, key, value):
        if key == "port":
            return key, self.servers[value.strip("{}")].port
        if not key.endswith("_secret"):
            return key, self.put_places(value)
        file = self.folder / f"secret{len(list(self.folder.glob('secret*')))}"
        file.touch(mode=0o600)
        file.write_text(self.put_places(value) + "\n")
        return key.removesuffix("_secret") + "_file", str(file)

    def with_places(self, text):
        for place, address in self.places.items():
            text = text.replace(address, place).replace(address.removeprefix("http://"), place)
        # libcurl shows whatever the number was at that moment.
        return re.sub(r" \(errno: \d+\)", "", text)

    def run(self):
        lines = (self.source / "config.json").read_text().splitlines()
        config = json.loads("\n".join(line for line in lines if not line.startswith("//")))
        file = self.folder / "config.json"
        file.write_text(json.dumps(self.put_places(config)))
        process = subprocess.Popen([PROGRAM, file, self.source / "timeline.jsonl"],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        transcript = []
        for line in process.stdout:
            entry = as_json(line) if line.startswith("{") else {"console": line.rstrip("\n")}
            transcript += [*self.arrived(), entry]
            if "console" not in entry:
                process.stdin.write("\n")
                process.stdin.flush()
        errors = process.stderr.read()
        assert process.wait(60) == 0, errors
        return [self.with_places(json.dumps(one, ensure_ascii=False)) for one in transcript]

    def arrived(self):
        """What the servers got since the last call."""
        for name, server in self.servers.items():
            yield from self.envelopes(name, server)
            got = server.messages if isinstance(server, ScriptedSmtp) else server.requests
            news = got[self.seen[name]:]
            self.seen[name] += len(news)
            for one in news:
                yield ({"to": name, **shown_mail(one)} if isinstance(one, bytes)
                       else {"to": name, "request": f"{one.method} {one.path}",
                             "headers": {key: value for key, value in one.headers.items()
                                         if key.lower() not in NOT_SHOWN},
                             "body": as_json(one.body.decode())})
        for file in self.folder.glob("input*"):
            yield {"to": file.name, "body": as_json(file.read_text())}
            file.unlink()

    def envelopes(self, name, server):
        if not isinstance(server, ScriptedSmtp):
            return
        news = server.commands[self.heard[name]:]
        self.heard[name] += len(news)
        envelope = [one for one in news if one.startswith(("MAIL", "RCPT"))]
        if envelope:
            yield {"to": name, "commands": envelope}

    def close(self):
        for server in self.servers.values():
            server.close()


@pytest.fixture
def case(tmp_path):
    running = []

    def start(name):
        running.append(Case(name, tmp_path))
        return running[-1]

    yield start
    for one in running:
        one.close()


def expected_of(name):
    return (HERE / name / "expected.jsonl").read_text().splitlines()


@pytest.mark.parametrize("name", CASES)
def test_case(case, name):
    assert case(name).run() == expected_of(name)


def test_every_case_says_what_it_shows():
    for name in CASES:
        first = (HERE / name / "config.json").read_text().splitlines()[0]
        assert re.fullmatch(rf"// {name.split('_')[0]}: [A-Z0-9].*\.", first), name


def test_every_case_of_the_specification_is_there():
    assert {f"A{number:02}" for number in range(1, 21)} <= {name[:3] for name in CASES}


# What a transcript alone does not make plain.

def transcript(name):
    return [json.loads(line) for line in expected_of(name)]


def test_signatures_are_those_of_the_standard():
    """The body is signed as it was sent; compact and in the order of its keys it is the same again."""
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    requests = [one for one in transcript("A10_signed_anew") if "request" in one]
    for one in requests:
        headers = one["headers"]
        body = json.dumps(one["body"], separators=(",", ":"), ensure_ascii=False)
        text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}"
        digest = hmac.digest(key, text.encode(), "sha256")
        assert headers["webhook-signature"] == "v1," + base64.b64encode(digest).decode()
    assert len({one["headers"]["webhook-id"] for one in requests}) == 1
    assert len({one["headers"]["webhook-signature"] for one in requests}) == 3


def test_the_body_of_webhook_exec_and_mqtt_keeps_its_schema():
    schema = json.loads((PROJECT / "schemas" / "notification.schema.json").read_text())
    bodies = [one["body"] for name in ("success_webhook", "success_exec") for one in transcript(name)
              if "body" in one]
    bodies += [one["payload"] for one in transcript("success_mqtt") if "payload" in one]
    assert len(bodies) == 6
    for body in bodies:
        jsonschema.Draft202012Validator(schema).validate(body)


def test_a_storm_stays_within_the_limit_and_names_every_alarm():
    requests, times, texts = 0, [], []
    first_critical = None
    for one in transcript("A15_storm_on_wecom"):
        if "request" in one:
            requests += 1
            texts.append(one["body"]["markdown"]["content"])
        else:
            times += [one["t"]] * requests
            if first_critical is None and texts[-1].startswith("🔴"):
                first_critical = one["t"]
            requests = 0
    for start in times:
        assert sum(start <= time < start + 60 for time in times) <= 20
    assert first_critical <= 4, "raised at 2 s, and warnings have used up their share before"
    everything = "\n".join(texts)
    assert [number for number in range(60) if f"Alarm number {number:02}" not in everything] == []
    assert all(len(text.encode()) <= 4096 for text in texts)


def test_what_does_not_fit_is_counted():
    text = transcript("A16_more_than_fits")[0]["body"]["markdown"]["content"]
    assert len(text.encode()) <= 4096 and "\ufffd" not in text
    named = len(set(re.findall(r"room-12-\d{3}", text)))
    assert re.search(rf"\+{200 - named} 项未列出\**$", text), text[-60:]
