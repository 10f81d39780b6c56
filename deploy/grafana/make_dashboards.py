#!/usr/bin/env python3
"""Makes deploy/grafana/dashboards: for each fridge family one dashboard with live readings from the
broker and history from InfluxDB. A panel takes the channels whose keys match its pattern, so that a
fridge with more or fewer channels needs no change. Without arguments it writes the files."""

import json
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "dashboards"

# Title, pattern of channel keys, unit in Grafana's words, logarithmic?
OXFORD = [
    ("Temperatures of the stages", r"_T_K$", "kelvin", True),
    ("Pressures", r"_(m?Bar|mbar)$", "none", True),
    ("Cooling water, oil and helium", r"(Water_Temp|Oil_Temp|Helium_Temp)", "celsius", False),
    ("Compressor", r"(Motor_Current|Low_Pressure|High_Pressure)", "none", False),
    ("Turbo pump", r"^[Tt]urbo_", "none", False),
    ("Heaters", r"heater.*_W$", "watt", True),
]
FAMILIES = {
    "oxford": ("Oxford Instruments (Triton, DR200)", OXFORD),
    "bluefors": ("Bluefors", [
        ("Temperatures of the stages", r"^CH[0-9]+_T$", "kelvin", True),
        ("Pressures", r"^P[1-6]$", "pressurembar", True),
        ("Flow of the mixture", r"^Flowmeter$", "none", False),
        ("Cooling water, oil and helium", r"^cpa?t(emp)?(wi|wo|o|h)$", "none", False),
        ("Compressor pressures and current", r"^cpa?(lpa|hpa|cur|avgl|avgh)", "none", False),
        ("Turbo pump", r"^tc400", "none", False),
    ]),
    "quantum-design": ("Quantum Design (PPMS, DynaCool)", [
        ("Temperatures", r"(Temp|_K$)", "kelvin", True),
        ("Field", r"(Field|_Oe$)", "none", False),
        ("Helium", r"(He_Level|Helium)", "percent", False),
        ("Pressures", r"(Press|Torr)", "none", True),
    ]),
    "leiden": ("Leiden Cryogenics", [
        ("Temperatures of the stages", r"^T[0-9]+$", "kelvin", True),
        ("Pressures", r"^P", "none", True),
        ("Flow of the mixture", r"^Flow$", "none", False),
        ("Cooling water, oil and helium", r"^(W_in|W_out|Oil|He)$", "none", False),
    ]),
    "xs400": ("CETC XS400", [
        ("Temperatures of the stages", r"^T[0-9]", "kelvin", True),
        ("Pressures", r"(bar|Pa)$", "none", True),
        ("Flow of the mixture", r"flow", "none", False),
    ]),
}
HISTORY = {"type": "influxdb", "uid": "coldwatch-history"}
LIVE = {"type": "grafana-mqtt-datasource", "uid": "coldwatch-live"}
FLUX = """from(bucket: "coldwatch")
  |> range(start: v.timeRangeStart, stop: v.timeRangeStop)
  |> filter(fn: (r) => r._measurement == "rows" and r.site == "${site}" and r.fridge == "${fridge}")
  |> filter(fn: (r) => r._field =~ /%s/)
  |> aggregateWindow(every: v.windowPeriod, fn: mean, createEmpty: false)
  |> keep(columns: ["_time", "_value", "_field"])"""
FRIDGES = """import "influxdata/influxdb/schema"
schema.tagValues(bucket: "coldwatch", tag: "%s")"""
ALARMS = """from(bucket: "coldwatch")
  |> range(start: v.timeRangeStart, stop: v.timeRangeStop)
  |> filter(fn: (r) => r._measurement == "event" and r.fridge == "${fridge}" and r._field == "text")
  |> filter(fn: (r) => r.type == "raise" or r.type == "clear")"""
ROW_HEIGHT, HALF_WIDTH = 8, 12


def panel(number, title, unit, logarithmic, source, target, **more):
    custom = {"lineWidth": 1, "showPoints": "never", "spanNulls": False}
    if logarithmic:
        custom["scaleDistribution"] = {"type": "log", "log": 10}
    return {"id": number, "type": "timeseries", "title": title, "datasource": source,
            "gridPos": {"x": 0 if number % 2 else HALF_WIDTH, "y": (number - 1) // 2 * ROW_HEIGHT,
                        "w": HALF_WIDTH, "h": ROW_HEIGHT},
            "fieldConfig": {"defaults": {"unit": unit, "custom": custom}, "overrides": []},
            "options": {"legend": {"displayMode": "table", "placement": "right",
                                   "calcs": ["lastNotNull"]},
                        "tooltip": {"mode": "multi", "sort": "desc"}},
            "targets": [{"refId": "A", "datasource": source, **target}], **more}


def history_panel(number, title, pattern, unit, logarithmic):
    return panel(number, title, unit, logarithmic, HISTORY, {"query": FLUX % pattern})


def live_panel(number, title, pattern, unit, logarithmic):
    keep = {"id": "filterFieldsByName",
            "options": {"include": {"pattern": f"/{pattern}|^Time$/"}}}
    return panel(number, title, unit, logarithmic, LIVE,
                 {"topic": "coldwatch/${site}/${fridge}/live"}, transformations=[keep])


def history_variable(name):
    return {"name": name, "type": "query", "datasource": HISTORY, "refresh": 1, "sort": 1,
            "query": FRIDGES % name, "label": name.capitalize()}


def typed_variable(name, value):
    return {"name": name, "type": "textbox", "label": name.capitalize(), "query": value,
            "current": {"text": value, "value": value}}


def dashboard(uid, title, make, panels, variables, annotations, time_from, refresh):
    return {"uid": uid, "title": title, "tags": ["coldwatch"], "timezone": "browser",
            "schemaVersion": 39, "editable": True, "refresh": refresh,
            "time": {"from": time_from, "to": "now"}, "annotations": {"list": annotations},
            "templating": {"list": variables},
            "panels": [make(number, *one) for number, one in enumerate(panels, 1)]}


def dashboards():
    """File name and content of every dashboard."""
    alarms = {"name": "Alarms", "enable": True, "iconColor": "red", "datasource": HISTORY,
              "target": {"refId": "Anno", "query": ALARMS}}
    for family, (title, panels) in FAMILIES.items():
        yield f"{family}-history.json", dashboard(
            f"coldwatch-{family}-history", f"{title}: history", history_panel, panels,
            [history_variable("site"), history_variable("fridge")], [alarms], "now-24h", "1m")
        yield f"{family}-live.json", dashboard(
            f"coldwatch-{family}-live", f"{title}: live", live_panel, panels,
            [typed_variable("site", "lab"), typed_variable("fridge", "fridge1")], [], "now-15m", "")


def main():
    FOLDER.mkdir(exist_ok=True)
    for name, content in dashboards():
        (FOLDER / name).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
