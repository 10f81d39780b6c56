"""A real mosquitto on a free loopback port, and a client that remembers what it received."""

import os
import signal
import socket
import ssl
import subprocess
import threading
import time

import paho.mqtt.client as paho

MOSQUITTO = "/usr/sbin/mosquitto"
START_TIMEOUT_S = 5
STOP_TIMEOUT_S = 5


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens(port):
    """Somebody takes connections there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(condition, timeout_s, what, poll_s=0.01):
    """Polls until `condition` is true; fails with `what` in words after `timeout_s`."""
    end = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < end, f"after {timeout_s} s still not: {what}"
        time.sleep(poll_s)


class Mosquitto:
    """One broker. Stopped, killed and started again it keeps its port and folder.

    `lines` go into the configuration as they are, `acl` is the text of an access list, `users` maps
    names to passwords (anonymous clients are refused where it is given), `tls` is the name of a
    certificate of `certificates`, and `client_ca` demands client certificates.
    """

    def __init__(self, folder, lines=(), acl=None, users=None, tls=None, client_ca=None,
                 port=None):
        self.folder = folder
        self.port = port or free_port()
        self.log_file = folder / "mosquitto.log"
        self.process = None
        folder.mkdir(parents=True, exist_ok=True)
        config = ["user root", f"log_dest file {self.log_file}", "log_type all",
                  f"listener {self.port} 127.0.0.1", *lines]
        config.append(f"allow_anonymous {'false' if users else 'true'}")
        if users:
            config.append(f"password_file {self._write_passwords(users)}")
        if acl is not None:
            (folder / "acl").write_text(acl)
            config.append(f"acl_file {folder / 'acl'}")
        if tls is not None:
            config += [f"certfile {tls.certificate}", f"keyfile {tls.key}"]
        if client_ca is not None:
            config += [f"cafile {client_ca}", "require_certificate true"]
        (folder / "mosquitto.conf").write_text("\n".join(config) + "\n")
        self.start()

    def _write_passwords(self, users):
        file = self.folder / "passwords"
        file.write_text("".join(f"{name}:{word}\n" for name, word in users.items()))
        subprocess.run(["mosquitto_passwd", "-U", file], check=True)
        return file

    def start(self):
        with open(self.folder / "mosquitto.err", "ab") as errors:
            self.process = subprocess.Popen([MOSQUITTO, "-c", self.folder / "mosquitto.conf"],
                                            stderr=errors)
        wait_until(self._answers, START_TIMEOUT_S, f"mosquitto listens on {self.port}")

    def _answers(self):
        assert self.process.poll() is None, (self.folder / "mosquitto.err").read_text()
        return listens(self.port)

    def stop(self):
        """Ends it as a machine's clean shutdown does; it saves what it keeps."""
        self._end(signal.SIGTERM)

    def kill(self):
        """Ends it as a power cut does."""
        self._end(signal.SIGKILL)

    def suspend(self, on=True):
        """Keeps its connections open but answers nothing."""
        self.process.send_signal(signal.SIGSTOP if on else signal.SIGCONT)

    def _end(self, how):
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGCONT)
        self.process.send_signal(how)
        self.process.wait(STOP_TIMEOUT_S)

    @property
    def uri(self):
        return f"mqtt://127.0.0.1:{self.port}"

    def log(self):
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""


class Listener:
    """Subscribes to topics and remembers everything that arrives, in order.

    With `keep` the broker keeps what comes while it is away (a session that is not clean).
    """

    def __init__(self, port, topics=("#",), user=None, password=None, ca_file=None, keep=False,
                 timeout_s=START_TIMEOUT_S):
        self.messages = []  # of paho's MQTTMessage
        self._subscribed = threading.Event()
        self._client = paho.Client(client_id=f"listener-{os.getpid()}-{id(self)}",
                                   clean_session=not keep)
        if user:
            self._client.username_pw_set(user, password)
        if ca_file:
            self._client.tls_set_context(ssl.create_default_context(cafile=ca_file))
        self._client.on_connect = lambda client, *_: client.subscribe([(t, 1) for t in topics])
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_message = lambda _client, _data, message: self.messages.append(message)
        self._client.connect("localhost" if ca_file else "127.0.0.1", port)
        self._client.loop_start()
        assert self._subscribed.wait(timeout_s), "the listener could not subscribe"

    def publish(self, topic, payload, qos=1, retain=False):
        self._client.publish(topic, payload, qos, retain).wait_for_publish(START_TIMEOUT_S)

    def payloads(self, topic):
        return [m.payload.decode() for m in list(self.messages) if m.topic == topic]

    def wait_for(self, topic, payload=None, timeout_s=5):
        """Waits until a message of `topic` (with `payload`, where given) has arrived."""
        wait_until(lambda: any(payload in (None, one) for one in self.payloads(topic)), timeout_s,
                   f"{payload if payload is not None else 'a message'} on {topic}")

    def close(self):
        self._client.disconnect()
        self._client.loop_stop()
