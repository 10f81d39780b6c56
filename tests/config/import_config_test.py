"""The original script's config.py becomes two configs: its five fridges, and files that are none."""
import json
import pathlib
import re
import stat
import sys

import jsonschema
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "config"))
import import_config  # noqa: E402
from config_values import Values  # noqa: E402

TRITON = """
from collections import OrderedDict
fridge_name = 'Top Floor'
folder = 'D:/logs'
period = 61
data_type= 'triton'
labels = 'LineSize(bytes), LineNumber, Time(secs), P1 Tank (Bar), Motor Current, chan[6] T(K), MC RuO2 T(K)'.split(', ')
snapshot_list = [i for i in labels if (i.endswith('T(K)') and not i.startswith('chan')) or i in ['P1 Tank (Bar)']]
num = 8*7
rules = OrderedDict([
    ("Motor Current",[10,10.1,'Alarm! Tube stands.','Tube runs.',True]),
    ("MC RuO2 T(K)",[0.05,10,'Trigger: below 0.05 K.','',True,3600*2]),
    ("MC RuO2 T(K):2",[5,8,'','Above 8 K.',False]),
])
method = 'lark'
url = 'https://open.larksuite.com/x'
"""

DR200 = """
labels = ['LineNumber', 'Time(secs)', 'PressureM3Tank(Bar)', 'M/C X55751 T(K)']
data_type = 'triton'
rules = {'M/C X55751 T(K)': [1, 2, '', 'Alarm {hot}', False]}
method = 'email'
recipients = ['a@example.org', 'b@example.org']
email = 'fridge@example.org'
password = 'hunter2'
host = 'smtp.example.org'
port = '465'
"""

TRITON_XL = """
labels = ['Time(secs)', 'Output Water Temp', 'Output Water Temp2']
rules = {'Output Water Temp2': [27, 29, 'Alarm! too cold', 'Alarm! too hot', False]}
method = 'slack'
url = ''
"""

PPMS = """
data_type = 'ppms'
folder = r'C:\\QdDynacool\\LogFiles'
labels = ['Comment', 'Time Stamp (sec)', 'Temperature (K)', 'Compressor State (code)']
snapshot_list = ['Temperature (K)']
rules = {'Temperature (K)': [-1, 350, '', 'Alarm! hot', False]}
method = 'wechat'
url = 'https://qyapi.weixin.qq.com/x'
"""

XS400 = """
data_type = 'xs400'
labels = 'LineNumber, Time Stamp, T1(K), flow(ml/min)'.split(', ')
rules = {'T1(K)': [4, 5, 'cold', 'Alarm! warm', True]}
method = 'telex'
"""


def valid(agent, bridge):
    """Validates against the schemas; the bridge's where it is there."""
    schemas = {path.name: json.loads(path.read_text()) for path in (ROOT / "schemas").glob("*.json")}
    store = {schema.get("$id", name): schema for name, schema in schemas.items()} | schemas
    for value, name in ((agent, "agent-config.schema.json"), (bridge, "bridge-config.schema.json")):
        if name in schemas:
            schema = schemas[name]
            resolver = jsonschema.RefResolver(schema.get("$id", name), schema, store=store)
            jsonschema.Draft202012Validator(schema, resolver=resolver).validate(value)
    return agent, bridge


def convert(source):
    agent, bridge, secrets, notes = import_config.convert(source)
    valid(agent, bridge)
    return agent, bridge, secrets, "\n".join(notes)


def test_triton():
    agent, bridge, secrets, notes = convert(TRITON)
    assert agent["fridge"] == "Top_Floor" and "Top Floor" in notes
    assert agent["log"] == {"folder": "D:/logs", "format": "vcl", "poll": "61s"}
    assert agent["snapshot"] == {"channels": ["P1 Tank (Bar)", "MC RuO2 T(K)"], "schedule": "monthly 2nd tue 12:00"}
    assert agent["rules"] == [
        {"id": "Motor_Current", "channel": "Motor Current", "initial": "high",
         "low": {"at": 10, "severity": "critical", "text": "Alarm! Tube stands."},
         "high": {"at": 10.1, "severity": "info", "text": "Tube runs."}},
        {"id": "MC_RuO2_T_K", "channel": "MC RuO2 T(K)", "initial": "high",
         "low": {"at": 0.05, "severity": "info", "text": "Trigger: below 0.05 K.", "snapshot_after": "7200s"},
         "high": {"at": 10}},
        {"id": "MC_RuO2_T_K_2", "channel": "MC RuO2 T(K)", "initial": "low",
         "low": {"at": 5}, "high": {"at": 8, "severity": "info", "text": "Above 8 K."}}]
    assert bridge["notifiers"] == [{"name": "lark", "type": "lark", "url_file": "lark.url"}]
    assert secrets == {"lark.url": "https://open.larksuite.com/x"}


def test_dr200_with_mail():
    agent, bridge, secrets, notes = convert(DR200)
    assert agent["rules"][0]["high"]["text"] == "Alarm (hot)", "braces are placeholders now"
    mail = bridge["notifiers"][0]
    assert (mail["host"], mail["port"], mail["security"]) == ("smtp.example.org", 465, "tls")
    assert mail["to"] == ["a@example.org", "b@example.org"]
    assert secrets == {"smtp.password": "hunter2"} and "hunter2" not in json.dumps([agent, bridge])
    assert "unencrypted" in notes


def test_triton_xl_numbers_its_second_tube():
    agent, _, _, notes = convert(TRITON_XL)
    assert [rule["id"] for rule in agent["rules"]] == ["Output_Water_Temp2", "Output_Water_Temp2_2"]
    assert agent["rules"][0]["channel"] == ["Output Water Temp2", "Output_Water_Temp_2"]
    assert "high" in agent["rules"][0] and "text" not in agent["rules"][0]["high"]
    assert "both sides are alarms" in notes and "url is empty" in notes and "folder is empty" in notes


def test_ppms():
    agent, bridge, _, _ = convert(PPMS)
    assert agent["log"]["format"] == "auto" and "channels" not in agent, "the file has the names"
    assert bridge["notifiers"][0]["type"] == "wecom"


def test_xs400_and_an_unknown_method():
    agent, bridge, _, notes = convert(XS400)
    assert agent["rules"][0]["initial"] == "high"
    assert bridge["notifiers"][0]["type"] == "console" and "telex" in notes


@pytest.mark.parametrize("source, expected", [
    ("", "rules: there is none"),
    ("rules = {", "cannot be read as Python"),
    ("print 'x'", "cannot be read as Python"),
    ("rules = open('/etc/passwd').read()", "rules: line 1: this call is not read"),
    ("rules = __import__('os').system('true')", "rules: line 1: this call is not read"),
    ("rules = [1, 2]", "expected `rules` to be a dict"),
    ("rules = {'T': [1, 2]}", "expected [val_low, val_high"),
    ("rules = {'T': [2, 1, 'a', 'b', True]}", "the lower first"),
    ("rules = {'T': ['1', 2, 'a', 'b', True]}", "the lower first"),
    ("rules = {'T': [1, 2, 'a', 'b', True, 'x']}", "expected seconds"),
    ("rules = {'T': [1, 2, 'a', 'b', True, -1]}", "expected seconds"),
    ("x = 9**9**9\nrules = x", "rules: line 2: x is not known"),
    ("x = 'a' * 10**9\nrules = x", "rules: line 2: x is not known"),
])
def test_what_is_no_config_is_refused_with_its_reason(source, expected):
    with pytest.raises(import_config.WrongConfig, match=re.escape(expected)):
        import_config.convert(source)


def test_nothing_is_executed(tmp_path):
    flag = tmp_path / "executed"
    source = f"x = open({str(flag)!r}, 'w')\n" + TRITON
    _, _, _, notes = convert(source)
    assert "x is left out, line 1" in notes and not flag.exists()


@pytest.mark.parametrize("text, value", [
    ("1 + 2*3", 7), ("-5e-3", -0.005), ("3600*2", 7200), ("['a'] + ['b']", ["a", "b"]),
    ("'a, b'.split(', ')", ["a", "b"]),
    ("[i for i in ['x1', 'y'] if i.startswith('x')]", ["x1"]), ("{'a': (1, 2)}", {"a": [1, 2]}),
    ("OrderedDict([('a', 1)])", {"a": 1})])
def test_plain_values_are_read(text, value):
    assert Values(f"a = {text}").names == {"a": value}


@pytest.mark.parametrize("text", [
    "lambda: 1", "f'{1}'", "1 < 2 < 3", "1/0", "[i for i in x]", "b.c", "'a' + 1", "dict(a=1)", "1e300*1e300",
    "dict([1])", "[i for i in ['a'] for j in ['b']]", "'a'.join(['b'])", "5 in 5"])
def test_what_is_not_plain_is_refused_with_its_line(text):
    values = Values(f"a = {text}")
    assert "a" not in values.names and values.refused["a"].startswith("line 1: ")


def test_files_are_new_and_secrets_are_private(tmp_path, capsys):
    config = tmp_path / "config.py"
    config.write_text(DR200)
    out = tmp_path / "out"
    assert import_config.main([str(config), str(out)]) == 0
    password = out / "smtp.password"
    assert password.read_text() == "hunter2\n" and stat.S_IMODE(password.stat().st_mode) == 0o600
    valid(json.loads((out / "agent.json").read_text()), json.loads((out / "bridge.json").read_text()))
    assert import_config.main([str(config), str(out)]) == 2, "nothing is overwritten"
    assert import_config.main([str(tmp_path / "none.py"), str(out)]) == 2
    assert import_config.main([]) == 2
    assert "hunter2" not in "".join(capsys.readouterr())
