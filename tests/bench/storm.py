"""What the benches of the bridge share: a broker, a bridge, a webhook that people would read, meters."""
import json
import os
import pathlib
import socket
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import paho.mqtt.client as mqtt

PROJECT = pathlib.Path(__file__).resolve().parents[2]
BRIDGE = PROJECT / "build" / "release" / "coldwatch-bridge"
DEADLINE_S = 120


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(what):
    deadline = time.monotonic() + DEADLINE_S
    while not what():
        if time.monotonic() > deadline:
            raise RuntimeError("nothing arrived in time")
        time.sleep(0.02)


class Broker:
    """With the queues of deploy/mosquitto: mosquitto's own default drops above 1000 messages."""

    def __init__(self, folder):
        self.port = free_port()
        config = folder / "mosquitto.conf"
        config.write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous true\n"
                          "max_inflight_messages 200\nmax_queued_messages 20000\n")
        self.process = subprocess.Popen(["/usr/sbin/mosquitto", "-c", config],
                                        stderr=subprocess.DEVNULL)
        wait_for(lambda: answers(self.port))

    def close(self):
        self.process.terminate()
        self.process.wait()


def connect(port, on_message=None, topic=None):
    client = mqtt.Client()
    client.max_inflight_messages_set(1000)
    client.on_message = on_message
    client.connect("127.0.0.1", port)
    if topic:
        client.subscribe(topic, 1)
    client.loop_start()
    return client


class Webhook:
    """Remembers when each message arrived, and its body."""

    def __init__(self):
        self.messages = messages = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                messages.append((time.monotonic(), body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def start_bridge(folder, broker, webhook, **settings):
    """A bridge that is connected and has been for a moment."""
    (folder / "url").touch(mode=0o600)
    (folder / "url").write_text(webhook.url + "\n")
    config = folder / "bridge.json"
    config.write_text(json.dumps({
        "broker": {"uri": f"mqtt://127.0.0.1:{broker.port}"}, "start_grace": "0s",
        "store": str(folder / "bridge.sqlite"),
        "notifiers": [{"name": "hook", "type": "webhook", "url_file": str(folder / "url")}],
        **settings}))
    online = []
    client = connect(broker.port, lambda *_: online.append(1), "coldwatch/lab/_bridge/main/status")
    bridge = subprocess.Popen([BRIDGE, "run", "--config", config], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
    wait_for(lambda: online)
    client.loop_stop()
    time.sleep(1)
    return bridge


def processor_s(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb(pid, key="VmHWM"):
    """The peak; the present size with "VmRSS"."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(status.split(f"{key}:")[1].split()[0]) / 1024


def alarm(text, seq, active=True, **more):
    return {"state": "active" if active else "normal", "severity": "warning" if active else "info",
            "text": text, "epoch": "e", "seq": seq, **more}
