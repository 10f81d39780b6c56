"""Readings reach Prometheus through Debian's exporter, with the config that our script makes."""

import shutil
import subprocess
import urllib.request

import pytest

from contract import PROJECT
from mosquitto import free_port, wait_until

EXPORTER = "prometheus-mqtt-exporter"
SCRIPT = PROJECT / "deploy" / "prometheus" / "make_config.py"
TIMEOUT_S = 30


def make_config(text, *arguments):
    return subprocess.run([SCRIPT, *arguments], input=text, capture_output=True, text=True,
                          timeout=TIMEOUT_S)


@pytest.mark.parametrize("text", ["", "{", "7", "[7]", "{}", '{"channels":[]}',
                                  '{"channels":[{"key":"a"}]}', '{"channels":7}'])
def test_what_is_no_inspection_is_refused_in_a_sentence(text):
    done = make_config(text)
    assert done.returncode == 1
    assert "inspect" in done.stderr and "Traceback" not in done.stderr


def test_channels_of_several_fridges_are_named_once():
    one = '{"channels":[{"key":"T_K","name":"T(K)","unit":"K","good":1},{"key":"x","name":"x","good":0}]}'
    done = make_config(f"{one}\n[{one}]", "tcp://broker:1")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("mqtt_name: T_K\n") == 1
    assert 'help: "T(K) in K"' in done.stdout and "server: tcp://broker:1\n" in done.stdout
    assert "mqtt_name: x" not in done.stdout, "a channel without a value is no metric"


@pytest.fixture
def exporter(tmp_path):
    if shutil.which(EXPORTER) is None:
        pytest.skip(f"{EXPORTER} is not installed")
    started = []

    def start(config):
        file = tmp_path / "mqtt-exporter.yaml"
        file.write_text(config)
        port = free_port()
        with open(tmp_path / "exporter.log", "wb") as log:
            started.append(subprocess.Popen(
                [EXPORTER, "-config", file, "-listen-address", "127.0.0.1", "-listen-port",
                 str(port)], stdout=log, stderr=log))
        return f"http://127.0.0.1:{port}/metrics"

    yield start
    for process in started:
        process.kill()
        process.wait(TIMEOUT_S)


def metrics(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.read().decode()
    except OSError:
        return ""


def test_readings_become_metrics(exporter, lab, mosquitto, programs):
    broker = mosquitto()
    lab.write_log("prom1", 5)
    inspected = subprocess.run([programs.agent, "inspect", lab.logs("prom1"), "--json"], check=True,
                               capture_output=True, text=True).stdout
    config = make_config(inspected, f"tcp://127.0.0.1:{broker.port}")
    assert config.returncode == 0, config.stderr
    url = exporter(config.stdout)
    wait_until(lambda: "mqtt2prometheus_connected 1" in metrics(url), TIMEOUT_S, "it is connected")
    lab.simulator("prom1", "--interval", "100ms", "--quiet")
    lab.agent("prom1", broker.uri, start="now")
    labels = 'sensor="prom1",topic="coldwatch/lab/prom1/live"'
    wait_until(lambda: labels in metrics(url), TIMEOUT_S, f"a metric with {labels}")
    names = {line.split("{")[0] for line in metrics(url).splitlines() if labels in line}
    assert len(names) > 10 and all(name.startswith("coldwatch_") for name in names
                                   if name != "received_messages")
