"""Reads real logs a second time, as plainly as their descriptions allow and with no code of the agent:
`read(path)` gives for one file its rows' times and, for each column, the values of all rows, None where
a value is no reading. Whole files in memory, times as UTC."""

import re
import struct
from datetime import datetime, timedelta, timezone
from pathlib import Path

STALE_AFTER_S = 300
VCL_NAMES, VCL_ROWS, VCL_NAME_BYTES = 0x1800, 0x3000, 32
NAN = float("nan")


class Log:
    """Rows of one file: `times`, and by column name one value for each row."""

    def __init__(self):
        self.times = []
        self.columns = {}
        self.stale = {}  # column -> how many of its Nones were measured too long ago

    def counts(self, name):
        """good, stale, invalid."""
        values = self.columns[name]
        good = sum(value is not None for value in values)
        stale = self.stale.get(name, 0)
        return good, stale, len(values) - good - stale


def of_unix(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc)


# VeriCold: float64, the length of a row in its first number.


def vcl_names(data):
    if not data.startswith(b"VeriCold"):
        return None
    table = (data[at:at + VCL_NAME_BYTES] for at in range(VCL_NAMES, VCL_ROWS, VCL_NAME_BYTES))
    names = []
    for slot in table:
        name = slot.split(b"\0")[0]
        if not name or slot[0] == 0xFF:
            break
        names.append(name.decode("ascii"))
    return names


def read_vcl(path):
    data = path.read_bytes()
    names = vcl_names(data)
    at = VCL_ROWS if names else 0
    if names is None:  # a copy without its header: the names of another log with as many columns
        width = int(struct.unpack_from("<d", data)[0]) // 8
        others = (vcl_names(other.read_bytes()) for other in sorted(path.parent.glob("*.vcl")))
        names = next(other for other in others if other and len(other) == width)
    rows = [dict(zip(names, row)) for row in struct.iter_unpack(f"<{len(names)}d", data[at:])]
    log = Log()
    log.times = [of_unix(row["Time(secs)"]) for row in rows]
    for name in names[3:]:
        sensor = name.rsplit(" ", 1)[0]
        if name == f"{sensor} t(s)":
            continue
        judged = f"{sensor} t(s)" in names
        log.columns[name] = []
        for row in rows:
            fits = not judged or (row[f"{sensor} t(s)"] > 0 and row[f"{sensor} R(Ohm)"] > 0)
            old = judged and fits and row["Time(secs)"] - row[f"{sensor} t(s)"] > STALE_AFTER_S
            log.columns[name].append(row[name] if fits and not old else None)
            log.stale[name] = log.stale.get(name, 0) + old
    return log


# Bluefors: one stamp and its values in a line.


def bluefors_lines(path):
    """(stamp, fields) of each line."""
    if not path.is_file():
        return []
    lines = [line.strip() for line in path.read_text("ascii").splitlines() if line.strip()]
    fields = ([field.strip() for field in line.split(",")] for line in lines)
    return [(datetime.strptime(f"{day},{time}+0000", "%d-%m-%y,%H:%M:%S%z"), rest)
            for day, time, *rest in fields]


def bluefors_errors(folder, day, channel):
    """Flags that the bridge reports for a channel, by second."""
    flags = {}
    file = folder / f"Errors {day}.log"
    text = file.read_text("ascii") if file.is_file() else ""
    stamped = r"(\d\d-\d\d-\d\d,\d\d:\d\d:\d\d),Ch(\d+),(.*?)(?=\s\d\d-\d\d-\d\d,|\s*$)"
    for stamp, number, said in re.findall(stamped, text, re.MULTILINE):
        if number == channel:
            second = datetime.strptime(stamp + "+0000", "%d-%m-%y,%H:%M:%S%z")
            flags.setdefault(second, []).extend(said.split(","))
    return flags


def read_bluefors_sensor(path, channel, day):
    """R with the T of the same second, and what the bridge says of both."""
    temperature = dict(bluefors_lines(path.with_name(f"CH{channel} T {day}.log")))
    errors = bluefors_errors(path.parent, day, channel)
    log = Log()
    log.columns = {f"CH{channel} T": [], f"CH{channel} R": []}
    for stamp, (resistance, *_rest) in bluefors_lines(path):
        said = [flag for second in (stamp, stamp - timedelta(seconds=1)) for flag in errors.get(second, [])]
        out_of_range = any(flag.startswith("T.") for flag in said)
        overload = any(not flag.startswith("T.") for flag in said)
        good = float(resistance) > 0 and not overload
        t_good = good and stamp in temperature and not out_of_range
        log.times.append(stamp)
        log.columns[f"CH{channel} R"].append(float(resistance) if good else None)
        log.columns[f"CH{channel} T"].append(float(temperature[stamp][0]) if t_good else None)
    return log


def read_bluefors_temperature(path, channel, day):
    """A T by itself, with what the bridge says of it."""
    errors = bluefors_errors(path.parent, day, channel)
    log = Log()
    log.columns[f"CH{channel} T"] = values = []
    for stamp, (temperature, *_rest) in bluefors_lines(path):
        said = errors.keys() & {stamp, stamp - timedelta(seconds=1)}
        log.times.append(stamp)
        values.append(None if said else float(temperature))
    return log


def bluefors_values(kind, fields):
    """Readings of one line by column, None where there is none."""
    if kind == "flowmeter":
        return {"Flowmeter": float(fields[0])}
    if kind == "heaters":
        names = ("heater_1_on", "heater_1_W", "heater_2_on", "heater_2_W")
        return dict(zip(names, map(float, fields), strict=True))
    if kind == "maxigauge":
        gauges = (fields[at:at + 6] for at in range(0, 36, 6))
        return {f"P{gauge[0].removeprefix('CH')}":
                float(gauge[3]) if int(gauge[2]) == 1 and int(gauge[4]) == 0 else None for gauge in gauges}
    pairs = fields[1:] if len(fields) % 2 else fields
    return dict(zip(pairs[::2], map(float, pairs[1::2]), strict=True))


def read_bluefors(path):
    name = re.fullmatch(r"(.+?)[ _](\d\d-\d\d-\d\d)\.log", path.name)
    kind, day = name[1].lower(), name[2]
    sensor = re.fullmatch(r"ch(\d+) ([rt])", kind)
    if sensor:
        readers = {"r": read_bluefors_sensor, "t": read_bluefors_temperature}
        return readers[sensor[2]](path, sensor[1], day)
    if kind == "errors":
        return Log()
    log = Log()
    for stamp, fields in bluefors_lines(path):
        values = bluefors_values(kind, fields)
        for column in values.keys() - log.columns.keys():
            log.columns[column] = [None] * len(log.times)
        log.times.append(stamp)
        for column, seen in log.columns.items():
            seen.append(values.get(column))
    return log


# MultiVu: a header that calibrates the clock, a line of names, lines of numbers.

STATUS_CODES = {"Status temperature": 0, "Status magnet": 4, "Status chamber": 8, "Status position": 12}


def multivu_clock(header):
    """Stamp -> UTC: unix time, seconds since 1899-12-30, or those of the controller since the file was
    opened, whichever agrees with the opening of the file."""
    text = re.search(r"^FILEOPENTIME,\s*(.*)$", header, re.MULTILINE)[1]
    stamp = float(re.match(r"[\d.]+", text)[0])
    month, day, year = map(int, re.search(r"(\d+)/(\d+)/(\d{4})", text).groups())
    hour, minute, second, half = re.search(r"(\d+):(\d\d)(?::(\d\d))?\s*([ap]m)?", text, re.I).groups()
    hours = int(hour) % 12 + 12 * (half.lower() == "pm") if half else int(hour)
    opened = datetime(year, month, day, hours, int(minute), int(second or 0), tzinfo=timezone.utc)
    day_zero = datetime(1899, 12, 30, tzinfo=timezone.utc)
    if abs((of_unix(stamp) - opened).total_seconds()) < 86400:
        return of_unix
    if abs((day_zero + timedelta(seconds=stamp) - opened).total_seconds()) < 90:
        return lambda seconds: day_zero + timedelta(seconds=seconds)
    return lambda seconds: opened + timedelta(seconds=seconds - stamp)


def read_multivu(path):
    header, body = path.read_bytes().decode("cp1252").replace("\r\n", "\n").split("[Data]\n")
    names, *lines = body.split("\n")
    names = [name.strip() for name in names.split(",")]
    when = re.search(r"^DATATYPE,\s*TIME,(\d+)", header, re.MULTILINE)
    time_at = int(when[1]) - 1 if when else next(i for i, name in enumerate(names) if name.startswith("Time"))
    log = Log()
    kept = [i for i, name in enumerate(names) if name and name != "Comment" and i != time_at]
    log.columns = {names[i]: [] for i in kept}
    status = next((name for name in ("Status (code)", "PPMS Status (code)") if name in names), None)
    clock = multivu_clock(header) if lines and any(lines) else None
    for line in lines[:-1]:  # what follows the last line's end is not complete
        fields = line.split(",")
        if not any(fields[i].strip() for i in kept if i < len(fields)):
            continue  # words of the instrument
        log.times.append(clock(float(fields[time_at])))
        for i in kept:
            text = fields[i].strip() if i < len(fields) else ""
            log.columns[names[i]].append(float(text) if re.fullmatch(r"[-+.\deE]+", text) else None)
    for name, shift in STATUS_CODES.items() if status else ():
        log.columns[name] = [None if code is None else float(int(code) >> shift & 15)
                             for code in log.columns[status]]
    return log


READERS = {"vcl": read_vcl, "bluefors": read_bluefors, "multivu": read_multivu}


def read(path, log_format):
    return READERS[log_format](Path(path))
