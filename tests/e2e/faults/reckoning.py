"""After everything is healed: what is in the logs against what arrived."""

import json
import re
import sqlite3
import subprocess
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from stage import EPISODE
from writers import HOT

BEGINNINGS = {"open", "realarm", "occurred_and_cleared"}
MAIL_BEGINNING = re.compile(r"(?:CRITICAL|CAME AND WENT)(?: \w+)?: Too hot: ")


@dataclass
class Count:
    """One line of the result. `again` counts what came once more under the same identity, as a
    receiver that knows identities does not even see."""

    what: str
    expected: int = 0
    lost: list = field(default_factory=list)
    duplicated: list = field(default_factory=list)
    again: int = 0
    latest_s: float = 0

    @property
    def whole(self):
        return not self.lost and not self.duplicated


def count_rows(stage):
    count = Count("rows", again=stage.recorder.again, latest_s=stage.recorder.latest_s)
    for name, fridge in stage.fridges.items():
        received = stage.recorder.rows[name]
        count.expected += len(fridge.written)
        count.lost += [f"{name} row {n}" for n in fridge.written if n not in received]
        count.duplicated += [f"{name} row {n}: {places}" for n, places in received.items()
                             if len(places) > 1]
    return count


def true_transitions(stage):
    """What the rules say of logs that no fault has touched."""
    true = Counter()
    for name, fridge in stage.fridges.items():
        done = subprocess.run(
            [stage.build / "coldwatch-agent", "replay", "--config", stage.agent_config(name),
             "--log", fridge.truth], capture_output=True, text=True, check=True)
        for line in done.stdout.splitlines():
            message = json.loads(line)
            if message["topic"].endswith("/event"):
                event = message["payload"]
                true[(name, event["type"], event["t"], event["text"])] += 1
    return true


def stored_history(stage, kind):
    """Time in ms, fridge and body of each entry of the bridge's history."""
    store = stage.disks["store"] / "bridge.sqlite"
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as db:
        return db.execute("SELECT t, fridge, body FROM history WHERE kind = ?", (kind,)).fetchall()


def received_events(stage):
    received = Counter()
    for _, fridge, body in stored_history(stage, "event"):
        event = json.loads(body)
        if event.get("rule") == "hot":
            received[(fridge, event["type"], event["t"], event["text"])] += 1
    return received


def count_events(stage):
    true, received = true_transitions(stage), received_events(stage)
    count = Count("events", sum(true.values()), sorted((true - received).elements()),
                  sorted((received - true).elements()))
    for (name, episode), at in stage.recorder.events.items():
        count.latest_s = max(count.latest_s, at - stage.fridges[name].raised[episode - HOT])
    return count


@dataclass(frozen=True)
class Telling:
    """That somebody was told of an episode. Where a message names one for many, it says how many."""

    message: str
    fridge: str
    episode: int
    begins: bool
    count: int
    at: float


def tellings_of_hook(hook):
    """What the server took.

    What it took and died before it answered comes again, as often as it dies: that is no beginning.
    """
    for request in list(hook.requests):
        if request.answer.status != 204:
            continue
        data = json.loads(request.body)["data"]
        for item in [*data["items"], *({**one, "intent": "still"} for one in data["active"])]:
            if episode := EPISODE.search(item["text"]):
                begins = item["intent"] in BEGINNINGS and not request.answer.reset
                yield Telling(data["id"], item["fridge"], int(episode[1]), begins,
                              item.get("count", 1), request.at)


def lines_of_mail(text, fridges):
    """(fridge, episode, heading) of each line; one without an episode has that of its heading."""
    for block in "\n".join(text.splitlines()).split("\n\n"):
        heading = block.split("\n", 1)[0]
        for line in block.split("\n"):
            episode = EPISODE.search(line) or EPISODE.search(heading)
            for fridge in fridges:
                if episode and re.search(rf"\b{fridge}\b", line):
                    yield fridge, int(episode[1]), heading


def tellings_of_mail(mail, fridges):
    for at, message in zip(list(mail.taken_at), mail.parsed()):
        lines = set(lines_of_mail(message.get_body(("plain",)).get_content(), fridges))
        beginnings = {line[:2] for line in lines if MAIL_BEGINNING.match(line[2])}
        for fridge, episode in {line[:2] for line in lines}:
            yield Telling(message["Message-ID"], fridge, episode, (fridge, episode) in beginnings,
                          1, at)


def count_notifications(stage, what, tellings):
    """Every episode has to be told; a message comes twice at most, and then with the same id."""
    count = Count(what)
    tellings = list(tellings)
    told, begun, times = {}, defaultdict(set), Counter()
    unnamed = defaultdict(dict)  # fridge -> message -> how many it tells of without naming them
    for one in tellings:
        key = (one.fridge, one.episode)
        if one.begins:
            begun[key].add(one.message)
            times[(one.message, *key)] += 1
        told.setdefault(key, one.at)
        place = (one.message, one.episode)
        unnamed[one.fridge][place] = max(unnamed[one.fridge].get(place, 0), one.count - 1)
    for name, fridge in stage.fridges.items():
        count.expected += len(fridge.raised)
        missing = [key for episode in fridge.raised if (key := (name, HOT + episode)) not in told]
        count.lost += missing[sum(unnamed[name].values()):]
        count.latest_s = max([count.latest_s, *(
            told[key] - at for episode, at in fridge.raised.items()
            if (key := (name, HOT + episode)) in told)])
    count.duplicated = sorted((key, messages) for key, messages in begun.items()
                              if len(messages) > 1)
    count.duplicated += sorted(one for one, number in times.items() if number > 2)
    count.again = sum(number - 1 for number in times.values())
    return count


def reckon(stage):
    counts = [count_rows(stage), count_events(stage)]
    for name, hook in stage.hooks.items():
        counts.append(count_notifications(stage, f"alarms told by {name}", tellings_of_hook(hook)))
    counts.append(count_notifications(stage, "alarms told by mail",
                                      tellings_of_mail(stage.mail, stage.fridges)))
    return counts


def as_table(counts):
    lines = ["| what | in the logs | lost | duplicated | came again, same id | latest |",
             "|---|---|---|---|---|---|"]
    for one in counts:
        latest = f"{one.latest_s:.1f} s" if one.latest_s else ""
        lines.append(f"| {one.what} | {one.expected} | {len(one.lost)} | {len(one.duplicated)} "
                     f"| {one.again} | {latest} |")
    return "\n".join(lines)
