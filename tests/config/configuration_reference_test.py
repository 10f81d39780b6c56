"""The references of configuration and messages say what the schemas say."""

import re
import subprocess
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PAGE = (PROJECT / "docs" / "configuration.md").read_text(encoding="utf-8")


def test_the_reference_is_what_the_script_makes():
    made = subprocess.run([PROJECT / "docs" / "make_configuration.py", "--print"], check=True,
                          capture_output=True, text=True, timeout=60).stdout
    assert made == PAGE, "run docs/make_configuration.py"


def test_the_reference_of_the_messages_is_what_the_script_makes():
    script = PROJECT / "docs" / "make_messages.py"
    made = subprocess.run(["/usr/bin/python3", script, "--print"], check=True, capture_output=True,
                          text=True, timeout=60).stdout
    assert made == (PROJECT / "docs" / "messages.html").read_text(encoding="utf-8"), f"run {script}"
    document = (PROJECT / "schemas" / "asyncapi.yaml").read_text(encoding="utf-8")
    addresses = re.findall(r"^    address: (\S+)$", document, re.M)
    assert len(addresses) > 20
    assert not [one for one in addresses if f">{one}</h2>" not in made]


def test_every_key_of_the_samples_is_in_the_reference():
    for sample in ("agent.json", "bridge.json"):
        text = re.sub(r"//.*", "", (PROJECT / "config" / sample).read_text(encoding="utf-8"))
        keys = set(re.findall(r'^  "(\w+)": ', text, re.M))
        assert len(keys) > 10
        assert not {key for key in keys if f"| `{key}` |" not in PAGE}, sample


def test_every_key_has_a_meaning():
    empty = re.findall(r"^\| `([^`]+)` \|.*\|  \|$", PAGE, re.M)
    allowed = {"channels.derived", "rules"}  # explained by what they refer to
    assert set(empty) <= allowed, empty
