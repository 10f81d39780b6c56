"""What the end-to-end tests share: brokers, listeners, the chaos proxy, certificates, programs."""

import os

import pytest

import contract
from certificates import Certificates
from chaos_proxy import ChaosProxy
from coldwatch import Lab, Programs
from mosquitto import Listener, Mosquitto
from scripted_servers import ScriptedHttp, ScriptedSmtp
from session import Session


@pytest.fixture(scope="session")
def programs():
    return Programs()


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def mosquitto(tmp_path):
    """A function that starts a broker; its arguments are those of Mosquitto, without the folder."""
    brokers = []

    def start(**options):
        brokers.append(Mosquitto(tmp_path / f"mosquitto{len(brokers)}", **options))
        return brokers[-1]

    yield start
    for broker in brokers:
        broker.kill()


@pytest.fixture
def proxy():
    """A function that puts a chaos proxy before a port."""
    proxies = []

    def start(server_port, **options):
        proxies.append(ChaosProxy(server_port, **options))
        return proxies[-1]

    yield start
    for one in proxies:
        one.close()


@pytest.fixture
def listener():
    """A function that starts a Listener; its arguments are those of Listener."""
    listeners = []

    def start(port, *topics, **options):
        listeners.append(Listener(port, topics or ("#",), **options))
        return listeners[-1]

    yield start
    for one in listeners:
        one.close()


@pytest.fixture
def private_files():
    """What a test writes is its own: the programs refuse secrets that everybody may read."""
    before = os.umask(0o077)
    yield
    os.umask(before)


PROBE_OPTIONS = {"client_id", "backoff_first", "backoff_most", "will", "subscriptions"}


@pytest.fixture
def session(programs, private_files):
    """A function that starts a session probe at a broker (None: an address stands in the options)."""
    sessions = []

    def start(broker, **options):
        probe = {key: options.pop(key) for key in PROBE_OPTIONS & options.keys()}
        if broker is not None:
            options.setdefault("uri", broker.uri)
        sessions.append(Session(programs.session_probe, options, **probe))
        return sessions[-1]

    yield start
    for one in sessions:
        one.kill()


@pytest.fixture
def lab(programs, tmp_path, private_files):
    """Fridges, agents and a bridge; every message that its listeners saw has to keep the contract."""
    one = Lab(programs, tmp_path)
    yield one
    one.close()


@pytest.fixture
def web():
    """A function that starts an HTTP server with a script of Answers; bodies keep their schema."""
    servers = []

    def start(*script):
        servers.append(ScriptedHttp(*script))
        return servers[-1]

    yield start
    for one in servers:
        one.close()
        for request in one.requests:
            assert not contract.body_faults("notification", request.body)


@pytest.fixture
def smtp():
    """A function that starts an SMTP server with a script."""
    servers = []

    def start(**script):
        servers.append(ScriptedSmtp(**script))
        return servers[-1]

    yield start
    for one in servers:
        one.close()
