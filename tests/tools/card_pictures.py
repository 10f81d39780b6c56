"""Draws docs/card-*.png: the Adaptive Cards of the notifier `teams`, as Microsoft's own renderer shows
them in Chromium on a telephone. Fetches that renderer from npm. Run it after a change of the cards, and
look at the pictures.

    /usr/bin/python3 tests/tools/card_pictures.py [build folder]
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from chromium import screenshot
from mail_pictures import PROJECT, message  # puts tests/e2e on the path
from delivery import Probe
from scripted_servers import Answer, ScriptedHttp

# Name, language, height in CSS pixels, whether the card is the end of the alarm.
PICTURES = [("card-en", "en", 450, False), ("card-zh", "zh", 450, False),
            ("card-end-en", "en", 230, True)]
WIDTH = 390
PAGE = """<meta charset="utf-8">
<body style="margin:0;background:#f5f5f5">
<div id="card" style="width:366px;margin:8px;background:white;border-radius:6px"></div>
<script src="node_modules/adaptivecards/dist/adaptivecards.min.js"></script>
<script>
const card = new AdaptiveCards.AdaptiveCard();
card.hostConfig = new AdaptiveCards.HostConfig({
  fontFamily: "Segoe UI, Roboto, Noto Sans CJK SC, sans-serif",
  containerStyles: {default: {foregroundColors: {
    attention: {default: "#C4314B"}, warning: {default: "#835C00"}, good: {default: "#237B4B"}}}}});
card.parse(CARD);
document.getElementById("card").appendChild(card.render());
</script>"""


def card_of(program, folder, language, over):
    server = ScriptedHttp(Answer(202))
    probe = Probe(program, folder, {
        "name": "mail", "type": "teams", "language": language, "link": "https://grafana.lab.org",
        "url_secret": server.url + "/workflow?sig=x"})
    result = probe.send(message(language, over, int(time.time())))
    probe.close()
    server.close()
    assert result["outcome"] == "sent", result
    return json.loads(server.requests[0].body)["attachments"][0]["content"]


def main():
    build = Path(sys.argv[1]) if len(sys.argv) > 1 else PROJECT / "build" / "release"
    os.umask(0o077)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run(["npm", "install", "--prefix", name, "--no-audit", "adaptivecards@3"],
                       check=True, capture_output=True, timeout=300)
        for picture, language, height, over in PICTURES:
            card = card_of(build / "tests" / "e2e" / "delivery_probe", folder / picture, language,
                           over)
            page = folder / f"{picture}.html"
            page.write_text(PAGE.replace("CARD", json.dumps(card)))
            screenshot(page, PROJECT / "docs" / f"{picture}.png", WIDTH, height,
                       "--allow-file-access-from-files")
            print(f"docs/{picture}.png")


if __name__ == "__main__":
    main()
