"""A client that floods: packets made beforehand and written to a plain socket, because a library would
be slower than what it is to flood."""

import itertools
import socket
import struct
import threading
import time

CONNACK_BYTES = 4


def _text(content):
    return struct.pack(">H", len(content)) + content


def _packet(first_byte, body):
    length, size = b"", len(body)
    while True:
        size, low = divmod(size, 128)
        length += bytes([low | (0x80 if size else 0)])
        if not size:
            return bytes([first_byte]) + length + body


def publish_packet(topic, payload, retain=False):
    """An MQTT 3.1.1 PUBLISH with QoS 0."""
    return _packet(0x30 | retain, _text(topic.encode()) + payload)


class Flooder:
    def __init__(self, port, name="flooder"):
        self._socket = socket.create_connection(("127.0.0.1", port))
        # Clean session; no keep-alive.
        body = _text(b"MQTT") + bytes([4, 2]) + struct.pack(">H", 0) + _text(name.encode())
        self._socket.sendall(_packet(0x10, body))
        assert self._socket.recv(CONNACK_BYTES)[3] == 0, "the broker refuses the flooder"
        self._ended = threading.Event()
        self._thread = None
        self.sent = 0

    def pour(self, packets):
        """Everything once, as fast as the broker takes it."""
        packets = iter(packets)
        while chunk := list(itertools.islice(packets, 1000)):
            self._socket.sendall(b"".join(chunk))
            self.sent += len(chunk)

    def keep_on(self, packets, per_second):
        """The packets over and over, at a rate, until close()."""
        parts = 20  # of a second
        share = per_second // parts
        chunks = [b"".join(packets[(start + i) % len(packets)] for i in range(share))
                  for start in range(0, len(packets), share)]

        def run():
            began, done = time.monotonic(), 0
            while not self._ended.wait(max(0, began + done / parts - time.monotonic())):
                self._socket.sendall(chunks[done % len(chunks)])
                self.sent += share
                done += 1

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()

    def close(self):
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
        self._socket.close()
