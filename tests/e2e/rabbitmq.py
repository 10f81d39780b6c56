"""A RabbitMQ cluster of Debian's package, with its MQTT plugin, on free loopback ports."""

import glob
import os
import secrets
import signal
import subprocess
from contextlib import ExitStack

from mosquitto import Listener, free_port, listens, wait_until

START_TIMEOUT_S = 120
STOP_TIMEOUT_S = 20
SERVERS = "/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin"


class Node:
    """One node of a cluster, in a process group of its own."""

    def __init__(self, folder, name, environment):
        self.folder = folder
        self.name = name
        self.port = free_port()
        self.amqp_port = free_port()
        self.environment = {
            **environment, "RABBITMQ_NODENAME": name, "RABBITMQ_MNESIA_BASE": str(folder),
            "RABBITMQ_LOG_BASE": str(folder), "RABBITMQ_LOGS": "-",
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(folder / "generated"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_PID_FILE": str(folder / "pid"), "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}"}
        self.process = None

    def write_config(self, names):
        (self.folder / "plugins").write_text("[rabbitmq_mqtt].\n")
        members = "".join(f"cluster_formation.classic_config.nodes.{number} = {name}\n"
                          for number, name in enumerate(names, 1))
        (self.folder / "rabbitmq.conf").write_text(
            f"listeners.tcp.1 = 127.0.0.1:{self.amqp_port}\n"
            f"mqtt.listeners.tcp.1 = 127.0.0.1:{self.port}\n"
            "mqtt.allow_anonymous = true\n"
            "mqtt.durable_queue_type = quorum\n"
            "cluster_formation.peer_discovery_backend = classic_config\n" + members)

    def start(self):
        server, = glob.glob(f"{SERVERS}/rabbitmq-server")
        with open(self.folder / "node.log", "ab") as log:
            self.process = subprocess.Popen([server], env=self.environment, stdout=log, stderr=log,
                                            stdin=subprocess.DEVNULL, start_new_session=True)

    def answers(self):
        assert self.process.poll() is None, self.words()
        return listens(self.port)

    def control(self, *words):
        tool, = glob.glob(f"{SERVERS}/rabbitmqctl")
        return subprocess.run([tool, *words], env=self.environment, text=True, check=True,
                              capture_output=True, timeout=60).stdout

    def words(self):
        return (self.folder / "node.log").read_text(errors="replace")

    def kill(self):
        """As a power cut does."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(STOP_TIMEOUT_S)

    @property
    def uri(self):
        return f"mqtt://127.0.0.1:{self.port}"


class RabbitCluster:
    """Nodes that have found each other."""

    def __init__(self, folder, size=3):
        cookie = folder / ".erlang.cookie"
        folder.mkdir()
        cookie.write_text(secrets.token_hex(16))
        cookie.chmod(0o400)
        self._epmd_port = str(free_port())
        # The server's own scripts ask for nothing of the machine's environment.
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8",
                       "ERL_EPMD_PORT": self._epmd_port, "ERL_EPMD_ADDRESS": "127.0.0.1",
                       "RABBITMQ_SERVER_ERL_ARGS": "+S 1:1"}
        self.nodes = []
        names = [f"coldwatch{number}@localhost" for number in range(size)]
        for name in names:
            (folder / name).mkdir()
            self.nodes.append(Node(folder / name, name, environment))
        with ExitStack() as undo:
            undo.callback(self.close)
            for node in self.nodes:
                node.write_config(names)
                node.start()
                # One after the other: nodes that start at once may each miss another's MQTT plugin.
                self._wait_for(node)
            self.wait()
            undo.pop_all()

    def wait(self):
        """Until every node serves MQTT and knows the others."""
        for node in self.nodes:
            self._wait_for(node)
        wait_until(self._all_members, START_TIMEOUT_S, "the nodes have found each other", poll_s=1)
        # The port is open before the queues are.
        for node in self.nodes:
            Listener(node.port, ("ready",), timeout_s=START_TIMEOUT_S).close()

    @staticmethod
    def _wait_for(node):
        wait_until(node.answers, START_TIMEOUT_S, f"{node.name} serves MQTT", poll_s=0.2)

    def _all_members(self):
        status = self.nodes[0].control("cluster_status", "--formatter", "json")
        return all(f'"{node.name}"' in status.split('"running_nodes"')[1] for node in self.nodes)

    def close(self):
        for node in self.nodes:
            node.kill()
        subprocess.run(["epmd", "-port", self._epmd_port, "-kill"], capture_output=True)
