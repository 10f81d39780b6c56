"""The original's configurations, one a fridge, become configs that both programs take, with its rules at
work: a log with the fridge's own columns is replayed."""
import json
import os
import pathlib
import subprocess
import sys

import pytest

from vcl_file import vcl_bytes

HERE = pathlib.Path(__file__).parent
PROJECT = HERE.parents[1]
BUILD = pathlib.Path(os.environ.get("COLDWATCH_BUILD", PROJECT / "build" / "release"))
sys.path.insert(0, str(PROJECT / "config"))
from config_values import Values  # noqa: E402

START, ROWS = "2026-03-01T12:0{}:00Z", 3
VCL_COUNTED = ("LineSize(bytes)", "LineNumber", "Time(secs)")


def vcl_log(labels, values):
    """A row a minute; what `values` does not name is 1. The columns of a second pulse tube are named as
    those of the first; their numbers are an invention of the config."""
    names = [label for label in labels if label not in VCL_COUNTED]
    written = [name[:-1] if name.endswith("2") and name[:-1] in labels else name for name in names]
    lines = [",".join(["time", *written])]
    for row in range(ROWS):
        cells = ["t" if name.endswith("t(s)") else str(values.get(name, [1] * ROWS)[row]) for name in names]
        lines.append(",".join([START.format(row), *cells]))
    return "log 260301 120000.vcl", vcl_bytes("\n".join(lines))


def multivu_log(labels, values):
    """The status log of a PPMS: a head, the names, rows of numbers with blanks where there is none."""
    stamp = {"Time Stamp (sec)": [3981355200 + 60 * row for row in range(ROWS)], "Comment": [""] * ROWS}
    rows = [",".join(str({**values, **stamp}.get(label, [1] * ROWS)[row]) for label in labels)
            for row in range(ROWS)]
    head = ["[Header]", "TITLE,PPMS log", "BYAPP,MultiVu,1.5.11", "[Data]", ",".join(labels)]
    return "ppms.dat", "\r\n".join([*head, *rows, ""]).encode()


CASES = [  # config, log, values that matter, rules that tell
    ("triton", vcl_log, {"Motor Current": [22, 0, 22], "Output Water Temp": [20, 20, 30],
                         "MC RuO2 T(K)": [1, 1, 0.02]},
     {"Motor_Current": "Alarm! The pulse tube stands.", "Output_Water_Temp": "Alarm! Water leaves above 29.",
      "MC_RuO2_T_K": "Trigger: MC below 0.05 K (2 hours ago)."}),
    ("dr200", vcl_log, {"Motor Current": [22, 0, 0], "Output Water Temp": [20, 8, 20],
                        "M/C X55751 T(K)": [12, 1, 0.04]},
     {"Motor_Current": "Alarm! The pulse tube stands.", "Output_Water_Temp_2": "Alarm! Water leaves below 10.",
      "M_C_X55751_T_K": "Trigger: MC below 0.05 K."}),
    ("triton-xl", vcl_log, {"Motor Current": [22] * 3, "Motor Current2": [22, 0, 0],
                            "Output Water Temp2": [20, 30, 20], "Output Water Temp": [20] * 3,
                            "MC Plate RuO2 T(K)": [1] * 3},
     {"Motor_Current2": "Alarm! Tube 2 stands.", "Output_Water_Temp2": "Alarm! Water of tube 2 above 29."}),
    ("ppms", multivu_log, {"Temperature (K)": [300, 351, 300], "Compressor State (code)": [1, 1, 0]},
     {"Temperature_K": "Alarm! Sample above 350 K.", "Compressor_State_code": "Alarm! The compressor stands."}),
]


def run(program, *arguments):
    return subprocess.run([str(part) for part in (program, *arguments)], capture_output=True, text=True, timeout=60)


def convert(tmp_path, name, folder=""):
    config = tmp_path / "config.py"
    config.write_text((HERE / "import" / f"{name}.py").read_text().replace("folder = ''", f"folder = {folder!r}"))
    done = run("/usr/bin/python3", PROJECT / "config" / "import_config.py", config, tmp_path / "new")
    assert done.returncode == 0, done.stderr
    return Values(config.read_text()).names, done.stderr


def passes_both_checks(tmp_path):
    bridge = run(BUILD / "coldwatch-bridge", "check", "--config", tmp_path / "new" / "bridge.json")
    assert bridge.returncode == 0, bridge.stderr
    agent = run(BUILD / "coldwatch-agent", "check", "--config", tmp_path / "new" / "agent.json")
    assert agent.returncode == 0, agent.stderr
    return agent.stdout


@pytest.mark.parametrize("name, write, values, told", CASES, ids=[case[0] for case in CASES])
def test_its_rules_work_on_the_log_of_the_fridge(tmp_path, name, write, values, told):
    (tmp_path / "logs").mkdir()
    names, _ = convert(tmp_path, name, str(tmp_path / "logs"))
    file, content = write(names["labels"], values)
    (tmp_path / "logs" / file).write_bytes(content)
    if "num" in names:
        assert names["num"] == 8 * len(names["labels"]), "the case is as the original has it"
    assert "warning" not in passes_both_checks(tmp_path), "every rule finds its channel in the log"
    replayed = run(BUILD / "coldwatch-agent", "replay", "--config", tmp_path / "new" / "agent.json")
    assert replayed.returncode == 0, replayed.stderr
    messages = [json.loads(line) for line in replayed.stdout.splitlines()]
    events = [one["payload"] for one in messages if one["topic"].endswith("/event")]
    texts = {event["rule"]: event["text"] for event in events if event["type"] in ("raise", "notice")
             and event["text"].startswith(("Alarm", "Trigger"))}
    assert texts == told


def test_xs400_is_taken_by_both_programs(tmp_path):
    convert(tmp_path, "xs400")
    passes_both_checks(tmp_path)
    agent = json.loads((tmp_path / "new" / "agent.json").read_text())
    assert [rule["channel"] for rule in agent["rules"]] == ["T1(K)", "flow(ml/min)"]
    assert agent["snapshot"]["channels"] == ["T1(K)", "T2(K)", "T3(K)", "T4(K)", "T51(K)", "T52(K)"]


@pytest.mark.parametrize("name, said", [
    ("triton", ["its snapshot 7200 s later", "period is kept as log.poll", "num comes from the file itself",
                "fridge_name 'Top Loading' is 'Top_Loading'"]),
    ("dr200", ["now asked for tls"]), ("xs400", ["folder is empty", "now asked for starttls"])])
def test_what_is_different_is_said(tmp_path, name, said):
    _, words = convert(tmp_path, name)
    for one in said:
        assert one in words, words
    assert "not-a-real-password" not in words
