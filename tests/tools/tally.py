"""Adds up JUnit XML reports below a folder; names what failed and why what was skipped was skipped.

usage: tally.py RESULTS
"""

import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path


def cases(folder):
    """Where, name and outcome ("passed", "failed", "skipped") of every test, with its reason."""
    for report in sorted(folder.rglob("*.xml")):
        where = report.relative_to(folder).with_suffix("")
        for case in ElementTree.parse(report).iter("testcase"):
            name = f"{where}: {case.get('classname', '')}.{case.get('name')}".replace(": .", ": ")
            skipped = case.find("skipped")
            if case.find("failure") is not None or case.find("error") is not None:
                yield name, "failed", ""
            elif skipped is not None:
                yield name, "skipped", (skipped.get("message") or "").strip().splitlines()[-1:]
            elif case.get("status") != "notrun":
                yield name, "passed", ""


def main(folder):
    counts = Counter()
    reasons = Counter()
    for name, outcome, reason in cases(folder):
        counts[outcome] += 1
        if outcome == "failed":
            print(f"FAILED {name}")
        if outcome == "skipped":
            reasons["".join(reason) or name] += 1
    for reason, count in reasons.items():
        print(f"skipped {count}: {reason}")
    print(f"{counts['passed']} passed, {counts['failed']} failed")
    return 0 if counts["passed"] and not counts["failed"] else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
