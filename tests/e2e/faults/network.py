"""The way between the programs and the broker, and how it breaks.

In a network namespace of our own the kernel drops packets (nftables); elsewhere a proxy on loopback
comes as near as it can.
"""

import os
import shutil
import subprocess

from chaos_proxy import ChaosProxy

IN_NAMESPACE = os.environ.get("COLDWATCH_FAULTS_NAMESPACE") == "1"
TRICKLE_BYTES_PER_SECOND = 4000


class KernelNetwork:
    words = "faults of the network are packets that the kernel drops (nftables in a namespace)"

    def __init__(self, broker_port):
        self.port = broker_port
        self._nft("add table inet faults")
        self._nft("add chain inet faults input { type filter hook input priority 0 ; }")

    @staticmethod
    def _nft(rule):
        subprocess.run(["nft", *rule.split()], check=True, capture_output=True)

    def _drop(self, match, direction):
        self._nft(f"add rule inet faults input tcp {direction} {self.port} {match} drop")

    def cut(self):
        for direction in ("dport", "sport"):
            self._drop("", direction)

    def lose_packets(self):
        for direction in ("dport", "sport"):
            self._drop("numgen random mod 100 < 30", direction)

    def half_open(self):
        """What the programs send arrives; nothing comes back."""
        self._drop("", "sport")

    def heal(self):
        self._nft("flush chain inet faults input")

    def close(self):
        self._nft("delete table inet faults")


class ProxyNetwork:
    words = ("faults of the network are those of a proxy on loopback: without root, or without "
             "nftables, no packet can be dropped, and a trickle stands for 30 % loss")

    def __init__(self, broker_port):
        self._proxy = ChaosProxy(broker_port)
        self.port = self._proxy.port

    def cut(self):
        self._proxy.black_hole()

    def lose_packets(self):
        self._proxy.bytes_per_second = TRICKLE_BYTES_PER_SECOND

    def half_open(self):
        self._proxy.half_close()

    def heal(self):
        self._proxy.bytes_per_second = None
        self._proxy.black_hole(False)

    def close(self):
        self._proxy.close()


def make_network(broker_port):
    if IN_NAMESPACE and shutil.which("nft"):
        try:
            return KernelNetwork(broker_port)
        except subprocess.CalledProcessError:
            pass  # a kernel without nftables
    return ProxyNetwork(broker_port)
