"""10,000 alarms of 100 fridges within a second, through a real broker, until the message is there.

The reference is the broker itself: what it takes to hand the same storm to a plain subscriber.
"""
import json
import os
import pathlib
import socket
import subprocess
import tempfile
import time

import paho.mqtt.client as mqtt
from followed_log import report

ALARMS = 10_000
FRIDGES = 100
GROUP_WAIT_S = 10
DEADLINE_S = 120
BRIDGE = pathlib.Path(__file__).resolve().parents[2] / "build" / "release" / "coldwatch-bridge"


class Broker:
    """With the queues of deploy/mosquitto: mosquitto's own default drops above 1000 messages."""

    def __init__(self, folder):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        config = folder / "mosquitto.conf"
        config.write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous true\n"
                          "max_inflight_messages 200\nmax_queued_messages 20000\n")
        self.process = subprocess.Popen(["/usr/sbin/mosquitto", "-c", config],
                                        stderr=subprocess.DEVNULL)
        wait_for(self.answers)

    def answers(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

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


def storm(client):
    for number in range(ALARMS):
        fridge, rule = f"f{number % FRIDGES}", f"r{number // FRIDGES}"
        payload = {"state": "active", "severity": "warning", "text": "no cooling water",
                   "cause": "cooling_water", "epoch": "e", "seq": number + 1}
        last = client.publish(f"coldwatch/lab/{fridge}/alarm/{rule}", json.dumps(payload), 1)
    last.wait_for_publish()


def wait_for(what):
    deadline = time.monotonic() + DEADLINE_S
    while not what():
        if time.monotonic() > deadline:
            raise RuntimeError("nothing arrived in time")
        time.sleep(0.02)


def processor_s(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(process):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def plain_subscriber_s(port):
    seen = []
    reader = connect(port, lambda *message: seen.append(1), "coldwatch/#")
    time.sleep(1)
    start = time.monotonic()
    storm(connect(port))
    wait_for(lambda: len(seen) >= ALARMS)
    reader.loop_stop()
    return time.monotonic() - start


def bridge_s(port, folder):
    config = folder / "bridge.json"
    config.write_text(json.dumps({
        "broker": {"uri": f"mqtt://127.0.0.1:{port}"}, "start_grace": "0s",
        "grouping": {"group_wait": f"{GROUP_WAIT_S}s"},
        "notifiers": [{"name": "c", "type": "console"}]}))
    bridge = subprocess.Popen([BRIDGE, "run", "--config", config], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
    try:
        told = []
        connect(port, lambda _client, _data, message: told.append(json.loads(message.payload)),
                "coldwatch/lab/_bridge/main/delivery")
        time.sleep(2)
        start = time.monotonic()
        storm(connect(port))
        wait_for(lambda: told)
        return time.monotonic() - start, told, processor_s(bridge), resident_mb(bridge)
    finally:
        bridge.terminate()
        bridge.wait()


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        broker = Broker(folder)
        plain = plain_subscriber_s(broker.port)
        broker.close()
        broker = Broker(folder)
        took, told, processor, memory = bridge_s(broker.port, folder)
        broker.close()
    report("bridge, 10,000 alarms at once: until the message", took, "s",
           reference=f"plain subscriber: {plain:.2f} s", ratio=took / (GROUP_WAIT_S + plain),
           budget="group_wait 10 s + 1 s")
    report("bridge, 10,000 alarms at once: alarms in the first message", told[0]["alarms"], "",
           reference="10,000 alarms", ratio=told[0]["alarms"] / ALARMS, budget="one message")
    report("bridge, 10,000 alarms at once: processor", processor, "s",
           reference=f"plain subscriber: {plain:.2f} s", ratio=processor / plain)
    report("bridge, 10,000 alarms at once: memory", memory, "MB")


if __name__ == "__main__":
    main()
