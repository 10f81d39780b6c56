"""20 000 messages through a network that resets, stalls and refuses at random: none is lost."""

import random
import threading
import time

import pytest

MESSAGES = 20_000
LONGEST_S = 45  # for one version: a hang is a failure, not a wait


class Mischief(threading.Thread):
    """Harms the proxy's connections at random moments until it is stopped."""

    def __init__(self, chaos, seed):
        super().__init__(daemon=True)
        self._chaos = chaos
        self._random = random.Random(seed)
        self._over = threading.Event()

    def run(self):
        while not self._over.wait(self._random.uniform(0.1, 0.8)):
            harm = self._random.choice(["reset", "reset", "stall", "half_close", "refuse"])
            if harm == "stall":
                self._chaos.stall(self._random.uniform(0.05, 0.5))
            elif harm == "refuse":
                self._chaos.refuse()
                self._chaos.reset()
                time.sleep(self._random.uniform(0.05, 0.3))
                self._chaos.refuse(False)
            else:
                getattr(self._chaos, harm)()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self.join()


@pytest.mark.parametrize("protocol", ["5", "3.1.1"])
def test_no_message_is_lost(mosquitto, listener, proxy, session, protocol):
    broker = mosquitto(lines=["max_queued_messages 0"])
    ears = listener(broker.port, "rows")
    chaos = proxy(broker.port)
    chaos.bytes_per_second = 1_000_000  # slow enough that the harm is done in the midst of it
    probe = session(broker, uri=f"mqtt://127.0.0.1:{chaos.port}", protocol=protocol,
                    backoff_first="20ms", backoff_most="200ms")
    probe.wait_for("connected")
    with Mischief(chaos, seed=20_000):
        done = probe.burst(MESSAGES, LONGEST_S, topic="rows", bytes=100)
    lost = len(probe.of("lost"))
    end = time.monotonic() + 5
    while len(set(ears.payloads("rows"))) < MESSAGES and time.monotonic() < end:
        time.sleep(0.1)
    arrived = ears.payloads("rows")
    missing = MESSAGES - len(set(arrived))
    print(f"version {protocol}: {done['seconds']:.1f} s, {lost} losses, {missing} missing, "
          f"{len(arrived) - len(set(arrived))} doubled, {done['sent']} sent")
    assert missing == 0
    assert lost >= 5, "the network was too kind: the test proves nothing"
