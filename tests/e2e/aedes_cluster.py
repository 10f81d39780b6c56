"""A cluster of two brokers from npm (aedes) that share a Redis of Debian's package."""

import subprocess
from contextlib import ExitStack
from pathlib import Path

from mosquitto import free_port, listens, wait_until

START_TIMEOUT_S = 30
STOP_TIMEOUT_S = 10
PROGRAM = Path(__file__).resolve().parent / "aedes" / "node.js"


class Node:
    def __init__(self, folder, redis_port):
        self.port = free_port()
        self.uri = f"mqtt://127.0.0.1:{self.port}"
        self._command = ["node", PROGRAM, str(self.port), str(redis_port)]
        self._log = folder / f"node-{self.port}.log"
        self.process = None

    def start(self):
        with open(self._log, "ab") as log:
            self.process = subprocess.Popen(self._command, stdout=log, stderr=log,
                                            stdin=subprocess.DEVNULL)

    def answers(self):
        assert self.process.poll() is None, self._log.read_text(errors="replace")
        return listens(self.port)

    def kill(self):
        """As a power cut does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(STOP_TIMEOUT_S)


class AedesCluster:
    def __init__(self, folder, size=2):
        folder.mkdir()
        if not (PROGRAM.parent / "node_modules").is_dir():
            subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"],
                           cwd=PROGRAM.parent, check=True, timeout=300)
        redis_port = free_port()
        self._redis = subprocess.Popen(
            ["redis-server", "--bind", "127.0.0.1", "--port", str(redis_port), "--save", "",
             "--dir", folder], stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        self.nodes = [Node(folder, redis_port) for _ in range(size)]
        with ExitStack() as undo:
            undo.callback(self.close)
            wait_until(lambda: listens(redis_port), START_TIMEOUT_S, "Redis answers")
            for node in self.nodes:
                node.start()
            self.wait()
            undo.pop_all()

    def wait(self):
        """Until every node answers."""
        for node in self.nodes:
            wait_until(node.answers, START_TIMEOUT_S, f"{node.uri} answers")

    def close(self):
        for node in self.nodes:
            node.kill()
        self._redis.kill()
        self._redis.wait(STOP_TIMEOUT_S)
