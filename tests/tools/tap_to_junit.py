"""Turns the TAP that `node --test` prints into a JUnit XML report, for tally.py.

usage: tap_to_junit.py TAP_FILE REPORT
"""

import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

LINE = re.compile(r"^(?P<indent> *)(?P<result>ok|not ok) \d+ - (?P<name>.*?)(?P<skip> # SKIP.*)?$")


def convert(tap):
    """Every test without subtests of its own becomes a case; a run that ended early is a failure."""
    suite = ElementTree.Element("testsuite", name="node")
    depth_before = 0
    for line in tap.splitlines():
        found = LINE.match(line)
        if not found:
            continue
        depth = len(found["indent"])
        if depth >= depth_before or found["result"] == "not ok":
            case = ElementTree.SubElement(suite, "testcase", name=found["name"])
            if found["result"] == "not ok":
                ElementTree.SubElement(case, "failure")
            if found["skip"]:
                ElementTree.SubElement(case, "skipped", message=found["skip"].strip(" #"))
        depth_before = depth
    if not re.search(r"^# fail \d+$", tap, re.MULTILINE):
        case = ElementTree.SubElement(suite, "testcase", name="the run ends by itself")
        ElementTree.SubElement(case, "failure")
    return suite


if __name__ == "__main__":
    report = convert(Path(sys.argv[1]).read_text())
    ElementTree.ElementTree(report).write(sys.argv[2], encoding="utf-8")
