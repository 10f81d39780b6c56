"""Runs every test program that CTest knows of a build folder and keeps its results as JUnit XML.

usage: run_units.py BUILD RESULTS [LABEL]
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from xml.sax.saxutils import quoteattr

TIMEOUT_S = 900


def commands(build, label):
    listing = subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1", "-L", label],
                             check=True, capture_output=True, text=True).stdout
    return {test["name"]: test["command"] for test in json.loads(listing)["tests"]}


def run(command, report):
    """Exit status and output; a program that hangs ends with status 124."""
    try:
        done = subprocess.run([*command, f"--gtest_output=xml:{report}"], timeout=TIMEOUT_S,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.returncode, done.stdout.decode(errors="replace")
    except subprocess.TimeoutExpired as late:
        output = (late.stdout or b"").decode(errors="replace")
        return 124, f"{output}\nstill running after {TIMEOUT_S} s"


def one_result(name, status):
    """A report for a program that made none, or ended badly although its tests passed."""
    failure = f"<failure message={quoteattr(f'ended with status {status}')}/>" if status else ""
    return (f"<testsuites><testsuite><testcase name={quoteattr(name)}>{failure}"
            "</testcase></testsuite></testsuites>")


def main(build, results, label=""):
    results.mkdir(parents=True, exist_ok=True)
    bad = 0
    for name, command in commands(build, label).items():
        report = results / f"{name}.xml"
        status, output = run(command, report)
        summary = re.findall(r"^\[  (?:PASSED|FAILED)  \] (.*)", output, re.MULTILINE)
        print(f"  {name}: {summary[0] if summary else f'status {status}'}", flush=True)
        if status != 0:
            bad += 1
            print(output[-8000:])
        if not report.exists():
            report.write_text(one_result(name, status))
        elif status != 0 and "<failure" not in report.read_text(errors="replace"):
            (results / f"{name}-end.xml").write_text(one_result(name, status))
    return bad


if __name__ == "__main__":
    sys.exit(1 if main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:]) else 0)
