"""deploy/mosquitto/setup.sh: what it makes is used by a real broker, and lets nobody do too much."""

import ssl
import subprocess

import paho.mqtt.client as paho
import pytest

from contract import PROJECT
from mosquitto import MOSQUITTO, free_port, wait_until

SETUP = PROJECT / "deploy" / "mosquitto" / "setup.sh"
NOT_AUTHORISED = 135


def run_setup(*arguments):
    return subprocess.run([SETUP, *map(str, arguments)], capture_output=True, text=True,
                          timeout=60)


class SecureBroker:
    """A broker that runs on what setup.sh made, and clients that log in to it over TLS."""

    def __init__(self, folder):
        self.folder = folder / "coldwatch"
        self.port = free_port()
        self.clients = 0
        self.add("triton1", "bf2")
        main = folder / "mosquitto.conf"
        main.write_text(f"user root\ninclude_dir {self.folder}/conf.d\n")
        self.process = subprocess.Popen([MOSQUITTO, "-c", main], stderr=subprocess.DEVNULL)
        wait_until(lambda: self._answers(), 5, "the broker answers")

    def add(self, *fridges):
        options = [part for fridge in fridges for part in ("--fridge", fridge)]
        done = run_setup("--host", "localhost", "--host", "127.0.0.1", "--folder", self.folder,
                         "--port", self.port, "--state", self.folder, *options)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def password(self, user):
        return (self.folder / "passwords" / user).read_text().strip()

    def _answers(self):
        try:
            self.client("viewer").disconnect()
            return True
        except OSError:
            return False

    def client(self, user, password=None):
        self.clients += 1
        client = paho.Client(client_id=f"test-{self.clients}", protocol=paho.MQTTv5)
        client.tls_set_context(ssl.create_default_context(cafile=self.folder / "ca.crt"))
        client.username_pw_set(user, password or self.password(user))
        client.results = []
        client.received = []
        client.on_connect = lambda c, _u, _f, reason, _p: c.results.append(reason.value)
        client.on_message = lambda c, _u, message: c.received.append(message.topic)
        client.subscribed = []
        client.on_subscribe = lambda c, _u, number, *_: c.subscribed.append(number)
        client.connect("localhost", self.port)
        client.loop_start()
        wait_until(lambda: client.results, 5, f"{user} was answered")
        return client

    @staticmethod
    def subscribe(client, topic):
        _, number = client.subscribe(topic, qos=1)
        wait_until(lambda: number in client.subscribed, 5, f"the subscription to {topic} stands")

    def may_publish(self, user, topic):
        """Whether a message of `user` is handed on; the marker comes after it where it is."""
        client = self.client(user)
        watcher = self.client("bridge")
        self.subscribe(watcher, topic)
        client.publish(topic, "x", qos=1).wait_for_publish(5)
        marker = "coldwatch/lab/_bridge/main/status"
        self.subscribe(watcher, marker)
        watcher.publish(marker, "online", qos=1).wait_for_publish(5)
        wait_until(lambda: marker in watcher.received, 5, "the marker came back")
        for one in (client, watcher):
            one.disconnect()
            one.loop_stop()
        return topic in watcher.received

    def close(self):
        self.process.kill()
        self.process.wait(5)


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    one = SecureBroker(tmp_path_factory.mktemp("broker"))
    yield one
    one.close()


@pytest.mark.parametrize("user, topic, allowed", [
    ("triton1", "coldwatch/lab/triton1/alarm/pt_off", True),
    ("triton1", "coldwatch/lab/triton1/status", True),
    ("triton1", "coldwatch/lab/bf2/alarm/pt_off", False),
    ("triton1", "coldwatch/lab/_bridge/main/cmd/ack", False),
    ("triton1", "coldwatch/lab/_bridge/confirmed/triton1", False),
    ("triton1", "coldwatch/elsewhere/triton1/alarm/pt_off", False),
    ("viewer", "coldwatch/lab/triton1/cmd/test", False),
    ("viewer", "coldwatch/lab/viewer/alarm/hot", False),
    ("viewer", "coldwatch/lab/_bridge/main/cmd/ack", False),
    ("operator", "coldwatch/lab/_bridge/main/cmd/ack", True),
    ("operator", "coldwatch/lab/triton1/alarm/pt_off", False),
    ("operator", "coldwatch/lab/operator/event", False),
    ("bridge", "coldwatch/lab/_bridge/confirmed/triton1", True),
    ("bridge", "coldwatch/lab/triton1/cmd/announce", True),
    ("bridge", "coldwatch/lab/triton1/alarm/pt_off", False),
    ("bridge", "coldwatch/lab/bridge/alarm/hot", False),
])
def test_each_user_may_write_its_own_topics_only(broker, user, topic, allowed):
    assert broker.may_publish(user, topic) == allowed


def test_a_wrong_password_and_no_password_are_refused(broker):
    assert broker.client("triton1", "guess").results == [NOT_AUTHORISED]
    assert broker.client("nobody", "guess").results == [NOT_AUTHORISED]


def test_plain_connections_are_not_served(broker):
    client = paho.Client(client_id="plain")
    answered = []
    client.on_connect = lambda *_: answered.append(True)
    client.connect("127.0.0.1", broker.port)
    for _ in range(20):
        client.loop(timeout=0.05)
    assert answered == []


def test_a_client_that_trusts_another_authority_does_not_connect(broker, certificates):
    client = paho.Client(client_id="careful")
    client.tls_set_context(ssl.create_default_context(cafile=certificates.other_ca))
    with pytest.raises(ssl.SSLCertVerificationError):
        client.connect("localhost", broker.port)


def test_a_fridge_added_later_leaves_the_others_as_they_are(broker):
    before = broker.password("triton1")
    authority = (broker.folder / "ca.crt").read_text()
    broker.add("xld3")
    assert broker.password("triton1") == before
    assert (broker.folder / "ca.crt").read_text() == authority
    assert len((broker.folder / "users").read_text().splitlines()) == 6


def test_fridges_added_later_write_at_their_site_too(tmp_path):
    def add(*options):
        done = run_setup("--host", "localhost", "--folder", tmp_path, *options)
        assert done.returncode == 0, done.stderr
        lines = (tmp_path / "acl").read_text().splitlines()
        return [line for line in lines if line.startswith("topic write coldwatch/") and "+" not in line]

    first = ["topic write coldwatch/lab/triton1/#"]
    assert add("--fridge", "triton1") == first
    both = [*first, "topic write coldwatch/annex/xld3/#"]
    assert add("--site", "annex", "--fridge", "xld3") == both
    (tmp_path / "fridges").unlink()  # as an older version has left it
    assert add() == [*first, "topic write coldwatch/lab/xld3/#"]


def test_secrets_are_readable_by_their_owner_only(broker):
    for secret in [broker.folder / "ca.key", broker.folder / "broker.key",
                   *(broker.folder / "passwords").iterdir()]:
        assert secret.stat().st_mode & 0o077 == 0, secret


@pytest.mark.parametrize("arguments, said", [
    ([], "at least one --host"),
    (["--host"], "--host needs a value"),
    (["--host", "h", "--fridge", "bad name"], '"bad name": expected letters'),
    (["--host", "h", "--fridge", "mxc.1"], '"mxc.1": expected letters'),
    (["--host", "h", "--fridge", "viewer"], '"viewer" cannot be a fridge'),
    (["--host", "h", "--site", "a/b"], '"a/b": expected letters'),
    (["--host", "h", "--port", "tls"], '--port: found "tls"'),
    (["--colour"], "unknown option --colour"),
])
def test_wrong_arguments_are_named(arguments, said, tmp_path):
    done = run_setup("--folder", tmp_path, *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert list(tmp_path.iterdir()) == []
