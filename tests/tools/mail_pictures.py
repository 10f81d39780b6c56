"""Draws docs/mail-*.png: real mails of the courier, as Chromium shows them on a telephone and on a
desktop. Run it after a change of the mails or plots, and look at the pictures.

    /usr/bin/python3 tests/tools/mail_pictures.py [build folder]
"""

import base64
import math
import sys
import tempfile
import time
from pathlib import Path

from chromium import screenshot

PROJECT = Path(__file__).resolve().parents[2]
sys.path.append(str(PROJECT / "tests" / "e2e"))

from delivery import Probe, item, notification  # noqa: E402
from scripted_servers import ScriptedSmtp  # noqa: E402

WORDS = {
    "en": ("Cooling water is too warm", "Call facility management, then look at the chiller on the roof."),
    "zh": ("冷却水温度过高", "先联系后勤部门，再检查楼顶的冷水机。"),
}
# Name, language, width and height in CSS pixels, whether the mail is the end of the alarm.
PICTURES = [("mail-en", "en", 390, 1030, False), ("mail-zh", "zh", 390, 1000, False),
            ("mail-wide-en", "en", 760, 1010, False), ("mail-wide-zh", "zh", 760, 1010, False),
            ("mail-end-en", "en", 390, 345, True)]


def moment(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(seconds))


def message(language, over, now):
    text, playbook = WORDS[language]
    items = []
    for fridge in range(1, 3 if over else 7):
        ramp = [[now - 3600 + 30 * i, 21 + 0.2 * math.sin(i / 9) + max(0, i - 95) * 0.4 + fridge / 9]
                for i in range(120)]
        more = {"until": moment(now), "intent": "clear", "value": 20.9} if over else {
            "value": round(ramp[-1][1], 1)}
        begun = next((at for at, value in ramp if value > 30), now)
        items.append({**item(f"triton{fridge}", severity="warning", text=text, rule="water_hot"),
                      "channel": "Input_Water_Temp", "unit": "C", "limit": 30.0,
                      "playbook": playbook, "since": moment(now - 4000 if over else begun),
                      **({} if over else {"trend": ramp}), **more})
    return notification("mail", items, title=text, severity="warning", all_clear=over,
                        t=moment(now))


def html_of(program, folder, language, over):
    server = ScriptedSmtp()
    probe = Probe(program, folder, {
        "name": "mail", "type": "email", "host": "127.0.0.1", "port": server.port,
        "security": "none", "language": language, "link": "https://grafana.lab.org",
        "from": "alarms@lab.org", "to": ["ann@lab.org"]})
    result = probe.send(message(language, over, int(time.time())))
    probe.close()
    server.close()
    assert result["outcome"] == "sent", result
    mail = server.parsed()[0]
    html = mail.get_body(("html",)).get_content()
    for part in mail.walk():
        if part.get_content_type() == "image/png":
            data = base64.b64encode(part.get_content()).decode()
            html = html.replace("cid:" + part["Content-ID"][1:-1], "data:image/png;base64," + data)
    return html


def main():
    build = Path(sys.argv[1]) if len(sys.argv) > 1 else PROJECT / "build" / "release"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for picture, language, width, height, over in PICTURES:
            page = folder / f"{picture}.html"
            page.write_text(html_of(build / "tests" / "e2e" / "delivery_probe", folder / picture,
                                    language, over))
            # Chromium has no windows narrower than 500 pixels: a telephone is a frame in one.
            frame = folder / f"{picture}-frame.html"
            frame.write_text(f'<body style="margin:0"><iframe src="{page.name}" width="{width}" '
                             f'height="{height}" style="border:0"></iframe>')
            screenshot(frame, PROJECT / "docs" / f"{picture}.png", width, height)
            print(f"docs/{picture}.png")


if __name__ == "__main__":
    main()
