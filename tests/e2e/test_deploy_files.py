"""The files for Grafana, Telegraf and Docker, as far as they can be tried without those programs."""

import importlib.util
import json
import re
import subprocess
import tomllib

import pytest
import yaml

from contract import PROJECT

DEPLOY = PROJECT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "docker" / "compose.yaml").read_text())
TELEGRAF = tomllib.loads((DEPLOY / "telegraf" / "telegraf.conf").read_text())
SOURCES = {source["uid"]: source for source in yaml.safe_load(
    (DEPLOY / "grafana/provisioning/datasources/coldwatch.yaml").read_text())["datasources"]}
# Keys as the real logs of each family have them.
KEYS = {
    "oxford": ["MC_Plate_RuO2_T_K", "P2_Condense_Bar", "Dewar_mBar", "Input_Water_Temp",
               "Motor_Current", "turbo_speed_Hz", "Still_heater_W"],
    "bluefors": ["CH6_T", "P1", "Flowmeter", "cpatempwi", "cptempwo", "cpalpa", "cpavgh"],
    "quantum-design": ["Temperature_K", "Field_Oe", "He_Level", "Pressure_Torr"],
    "leiden": ["T0", "P_low", "Flow", "W_in", "He"],
    "xs400": ["T4_K", "P1_bar", "flow_ml_min", "Chamber_Pa"],
}


def grafana():
    spec = importlib.util.spec_from_file_location("dashboards",
                                                  DEPLOY / "grafana" / "make_dashboards.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GRAFANA = grafana()
MADE = dict(GRAFANA.dashboards())


def test_the_dashboards_are_what_the_script_makes():
    files = {file.name: json.loads(file.read_text())
             for file in (DEPLOY / "grafana" / "dashboards").glob("*.json")}
    assert files == MADE, "run deploy/grafana/make_dashboards.py"


@pytest.mark.parametrize("name", MADE)
def test_a_dashboard_is_whole(name):
    board = MADE[name]
    assert re.fullmatch(r"[a-z0-9-]{1,40}", board["uid"])
    assert [one["uid"] for one in MADE.values()].count(board["uid"]) == 1
    assert {one["name"] for one in board["templating"]["list"]} == {"site", "fridge"}
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"]) >= 3
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in board["panels"]]
    assert len(set(places)) == len(places), "two panels on one place"
    for panel in board["panels"]:
        source = SOURCES[panel["datasource"]["uid"]]
        assert panel["datasource"]["type"] == source["type"]
        assert all(target["datasource"] == panel["datasource"] for target in panel["targets"])


@pytest.mark.parametrize("family", KEYS)
def test_the_panels_of_a_family_show_its_channels(family):
    patterns = [pattern for _, pattern, _, _ in GRAFANA.FAMILIES[family][1]]
    assert all(re.compile(pattern) for pattern in patterns)
    for key in KEYS[family]:
        assert any(re.search(pattern, key) for pattern in patterns), key


def test_telegraf_reads_what_agents_publish_and_grafana_what_telegraf_writes():
    rows, events = TELEGRAF["inputs"]["mqtt_consumer"]
    for one, topic in ((rows, "coldwatch/lab/bf1/rows/main"), (events, "coldwatch/lab/bf1/event")):
        assert one["qos"] == 1 and one["persistent_session"] and one["json_time_key"] == "t"
        (parsing,) = one["topic_parsing"]
        assert parsing["topic"] == one["topics"][0]
        for part in (parsing["topic"], parsing["measurement"], parsing["tags"]):
            assert len(part.split("/")) == len(topic.split("/")), part
        measurement = dict(zip(parsing["measurement"].split("/"), topic.split("/")))["measurement"]
        assert f'r._measurement == "{measurement}"' in GRAFANA.FLUX + GRAFANA.ALARMS
        tags = dict(zip(parsing["tags"].split("/"), topic.split("/")))
        assert tags["site"] == "lab" and tags["fridge"] == "bf1"
    assert rows["client_id"] != events["client_id"], "the broker would end one for the other"
    store = TELEGRAF["outputs"]["influxdb_v2"][0]
    assert store["bucket"] == SOURCES["coldwatch-history"]["jsonData"]["defaultBucket"]
    assert store["organization"] == SOURCES["coldwatch-history"]["jsonData"]["organization"]


def test_compose_names_files_targets_and_volumes_that_exist():
    stages = re.findall(r"^FROM \S+ AS (\w+)$", (DEPLOY / "docker/Dockerfile").read_text(), re.M)
    for name, service in COMPOSE["services"].items():
        assert ("image" in service) != ("build" in service), name
        if "build" in service:
            assert service["build"]["target"] in stages
            assert (DEPLOY / "docker" / service["build"]["context"]).resolve() == PROJECT
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("."):
                assert (DEPLOY / "docker" / source).exists(), source
            else:
                assert source in COMPOSE["volumes"], source
        assert set(service.get("depends_on", [])) <= set(COMPOSE["services"])
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:"), "nothing here is encrypted"
    example = (DEPLOY / "docker" / ".env.example").read_text()
    for variable in re.findall(r"\$\{(\w+):\?", (DEPLOY / "docker/compose.yaml").read_text()):
        assert f"\n{variable}=" in f"\n{example}", variable


def test_every_variable_of_the_configs_is_given_by_compose():
    used = set(re.findall(r"\$\{(\w+)\}", (DEPLOY / "telegraf/telegraf.conf").read_text()))
    assert used <= set(COMPOSE["services"]["telegraf"]["environment"])
    text = (DEPLOY / "grafana/provisioning/datasources/coldwatch.yaml").read_text()
    assert set(re.findall(r"\$(\w+)", text)) <= set(COMPOSE["services"]["grafana"]["environment"])


def test_the_image_has_what_the_build_needs():
    script = (DEPLOY / "packages.sh").read_text()
    needed = set(re.search(r'build_packages="([^"]*)"', script)[1].split()) - {"ccache"}
    assert needed <= set(re.findall(r"[a-z0-9.+-]+", (DEPLOY / "docker/Dockerfile").read_text()))


@pytest.mark.parametrize("program, config", [("coldwatch-agent", "agent.json"),
                                             ("coldwatch-bridge", "bridge.json")])
def test_the_configs_of_the_containers_have_no_mistake(programs, tmp_path, program, config):
    text = (DEPLOY / "docker" / config).read_text()
    text = text.replace("/usr/share/coldwatch/rules", str(PROJECT / "config" / "rules"))
    (tmp_path / config).write_text(text)
    done = subprocess.run([programs.find(program), "check", "--config", tmp_path / config],
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "no mistake" in done.stdout + done.stderr


def test_mosquitto_takes_its_config(mosquitto, tmp_path):
    lines = (DEPLOY / "docker" / "mosquitto.conf").read_text().replace("/mosquitto/data", str(tmp_path))
    broker = mosquitto(lines=[line for line in lines.splitlines()
                              if not line.startswith(("listener", "allow_anonymous"))])
    broker.stop()
    assert (tmp_path / "mosquitto.db").is_file(), "it keeps what it holds over a restart"
