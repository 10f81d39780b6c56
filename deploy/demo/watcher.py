"""Listens to the broker as any other program could, and puts what it hears on the screen."""

import json
import time

import paho.mqtt.client as paho

from configs import SITE

TABLE_EVERY_S = 5
MOST_COLUMNS = 5
EVENT_WORDS = {"raise": ("ALARM", "red"), "clear": ("ended", "green")}



def unit(text):
    return {"C": "°C"}.get(text, text)


def kelvin(value):
    return f"{value * 1000:.1f} mK" if value < 1 else f"{value:.2f} K"


# What the table shows of a simulated fridge: heading, channel key, and how to say the number.
TRITON = [
    ("mixing chamber", "MC_Plate_RuO2_T_K", kelvin),
    ("2nd stage", "PT2_Plate_T_K", kelvin),
    ("water out", "Output_Water_Temp", lambda t: f"{t:.1f} °C"),
    ("compressor", "Motor_Current", lambda a: f"{a:.0f} A"),
]


class Watcher:
    def __init__(self, screen, port, columns=None):
        self._screen = screen
        self._columns = columns
        self._units = {}
        self._newest = {}  # fridge -> newest row, of all streams together
        self._shown = {}  # fridge and what -> words said last
        self._rows = {}
        self._next_table = time.monotonic() + TABLE_EVERY_S
        self.events = []
        self._client = paho.Client(client_id="demo-watcher")
        self._client.on_connect = lambda client, *_: client.subscribe(f"coldwatch/{SITE}/#", 1)
        self._client.on_message = lambda _client, _data, message: self._heard(message)
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()

    def close(self):
        self._client.loop_stop()
        self._client.disconnect()

    def _heard(self, message):
        levels = message.topic.split("/")
        if len(levels) < 4 or levels[2] == "_bridge":
            return
        fridge, kind = levels[2], levels[3]
        if kind == "status":
            self._say_once(fridge, "status", f"agent is {message.payload.decode(errors='replace')}")
            return
        try:
            payload = json.loads(message.payload)
        except ValueError:
            return
        handler = {"live": self._live, "event": self._event, "info": self._info,
                   "rows": self._row_batch}.get(kind)
        if handler:
            handler(fridge, payload)

    def _live(self, fridge, row):
        newest = self._newest.get(fridge, {})
        if row["t"] >= newest.get("t", ""):
            self._newest[fridge] = {**newest, **row}

    def _row_batch(self, fridge, rows):
        self._rows[fridge] = self._rows.get(fridge, 0) + len(rows)
        for row in rows:
            self._live(fridge, row)

    def _info(self, fridge, info):
        channels = info.get("channels", {})
        self._units.update({key: entry.get("unit", "") for key, entry in channels.items()})
        if info.get("format") and channels:
            words = f"reads a {info['format']} log with {len(channels)} channels"
            self._say_once(fridge, "layout", words)

    def _event(self, fridge, event):
        self.events.append(event)
        word, colour = EVENT_WORDS.get(event.get("type"), (event.get("type", "event"), "plain"))
        value = ""
        if "value" in event:
            value = f": {event['value']:.3g} {unit(event.get('unit', ''))}".rstrip()
        self._screen.line(fridge, f"{word}  {event.get('text', '')}{value}", colour)

    def table_when_due(self):
        if time.monotonic() < self._next_table or not self._newest:
            return
        self._next_table = time.monotonic() + TABLE_EVERY_S
        for fridge, row in sorted(self._newest.items()):
            self._say_once(fridge, "row", self._words(fridge, row), "plain")

    def _say_once(self, fridge, what, words, colour="grey"):
        """Says what has changed; agents repeat themselves on purpose."""
        if self._shown.get((fridge, what)) != words:
            self._screen.line(fridge, words, colour)
        self._shown[fridge, what] = words

    def _words(self, fridge, row):
        if self._columns:
            return "   ".join(f"{heading} {say(row[key]) if key in row else '-':>8}"
                              for heading, key, say in self._columns)
        values = [(key, value) for key, value in row.items() if isinstance(value, (int, float))]
        values.sort(key=lambda entry: self._units.get(entry[0]) != "K")  # temperatures first
        shown = "   ".join(f"{key} {value:.4g} {unit(self._units.get(key, ''))}".strip()
                           for key, value in values[:MOST_COLUMNS])
        return f"{self._rows.get(fridge, 0)} rows, newest {row['t'][:19]}Z   {shown}"
