"""Every config in docs/notifiers.md is one that `check` takes, with files for its secrets; every type of
notifier has one, and nothing can be left out of it."""
import json
import pathlib
import re
import subprocess

import pytest
from test_bridge_cases import BRIDGE
from test_bridge_schemas import PROJECT, faults

TEXT = (PROJECT / "docs" / "notifiers.md").read_text()
BLOCKS = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)]
NOTIFIERS = [block for block in BLOCKS if "type" in block]
ROUTES = next(block for block in BLOCKS if "routes" in block)
SECRETS = {"url": "https://chat.example/hook?access_token=T0KEN", "topic": "T0PIC"}
NOT_NEEDED = {"language", "user", "password_file"}  # a relay wants no login


def check(folder, config):
    file = folder / "bridge.json"
    file.write_text(json.dumps(config))
    done = subprocess.run([BRIDGE, "check", "--config", file], capture_output=True, text=True,
                          timeout=60)
    return done.returncode, done.stderr


def with_secrets(folder, notifier):
    made = dict(notifier)
    for key in [key for key in made if key.endswith("_file")]:
        secret = folder / pathlib.Path(made[key]).name
        secret.touch(mode=0o600)
        secret.write_text(SECRETS.get(key.removesuffix("_file"), "T0KEN") + "\n")
        made[key] = str(secret)
    return made


@pytest.mark.parametrize("notifier", NOTIFIERS, ids=lambda one: f"{one['type']}-{one['name']}")
def test_the_smallest_config_is_one(tmp_path, notifier):
    whole = with_secrets(tmp_path, notifier)
    assert faults("bridge-config", {"notifiers": [whole]}) == []
    assert check(tmp_path, {"notifiers": [whole]}) == (0, "")
    for key in whole.keys() - NOT_NEEDED:
        less = {other: value for other, value in whole.items() if other != key}
        if key == "secret_file" and notifier["type"] == "dingtalk":
            continue  # another security setting
        assert check(tmp_path, {"notifiers": [less]})[0] == 2, f"{key} is not needed"


def test_every_type_has_one():
    types = [block["type"] for block in NOTIFIERS] + ["lark"]  # written as feishu is
    assert set(types) == {folder.name.removeprefix("success_")
                          for folder in (PROJECT / "tests/cases/delivery").glob("success_*")}


def test_the_routes_are_right(tmp_path):
    names = {name for route in ROUTES["routes"]
             for name in route["to"] + sum((step["to"] for step in route.get("escalate", [])), [])}
    config = {"notifiers": [{"name": name, "type": "console", "language": "en"} for name in names],
              "sites": {"cellar": ["f1"]}, **ROUTES}
    assert faults("bridge-config", config) == []
    assert check(tmp_path, config) == (0, "")
