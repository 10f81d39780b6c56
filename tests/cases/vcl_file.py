"""Writes a VeriCold log from a table that a person can read.

The first line of the table names the columns after the three that every log has; a row is a time
(RFC 3339) and a number for each of them. A time that ends with "#7" gives the row that line number, else
rows count from 0. A line "torn" cuts the row before it in the middle; "damage,N" puts N bytes of rubbish
between two rows. Where the first line begins with "headerless" the file has rows alone.
"""
import csv
import datetime
import struct

NAMES_AT, ROWS_AT, NAME_BYTES = 0x1800, 0x3000, 32


def unix_seconds(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def head(names):
    text = b"VeriCold data logfile.\r\n(c) 2010 Oxford Instruments plc.\r\n"
    table = b"".join(name.encode("latin-1").ljust(NAME_BYTES, b"\0") for name in names)
    return (text.ljust(NAMES_AT, b"\0") + table).ljust(ROWS_AT, b"\0")


def number(text, time):
    """A field of the table; "t-90" is ninety seconds before the row, as t(s) columns have it."""
    return time + float(text[1:] or 0) if text.startswith("t") else float(text)


def vcl_bytes(table):
    lines = list(csv.reader(table.splitlines()))
    names = ["LineSize(bytes)", "LineNumber", "Time(secs)", *lines[0][1:]]
    content = b"" if lines[0][0] == "headerless" else head(names)
    line_number = 0
    for fields in lines[1:]:
        if fields == ["torn"]:
            return content[:-4 * len(names)]
        if fields[0] == "damage":
            content += b"\x5a" * int(fields[1])
            continue
        when, _, numbered = fields[0].partition("#")
        line_number = int(numbered or line_number)
        time = unix_seconds(when)
        values = [8 * len(names), line_number, time, *(number(text, time) for text in fields[1:])]
        content += struct.pack(f"<{len(names)}d", *values)
        line_number += 1
    return content
