"""Runs every test program that CTest knows of a build folder and keeps its results as JUnit XML.

A program that can (GoogleTest's do) runs in as many parts side by side as there are cores.
usage: run_units.py BUILD RESULTS [LABEL]
"""

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.sax.saxutils import quoteattr

TIMEOUT_S = 900


def commands(build, label):
    listing = subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1", "-L", label],
                             check=True, capture_output=True, text=True).stdout
    return {test["name"]: test["command"] for test in json.loads(listing)["tests"]}


def run(command, report, part=0, parts=1):
    """Exit status and output; a program that hangs ends with status 124."""
    shard = {"GTEST_SHARD_INDEX": str(part), "GTEST_TOTAL_SHARDS": str(parts)}
    try:
        done = subprocess.run([*command, f"--gtest_output=xml:{report}"], timeout=TIMEOUT_S,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env={**os.environ, **shard})
        return done.returncode, done.stdout.decode(errors="replace")
    except subprocess.TimeoutExpired as late:
        output = (late.stdout or b"").decode(errors="replace")
        return 124, f"{output}\nstill running after {TIMEOUT_S} s"


def one_result(name, status):
    """A report for a program that made none, or ended badly although its tests passed."""
    failure = f"<failure message={quoteattr(f'ended with status {status}')}/>" if status else ""
    return (f"<testsuites><testsuite><testcase name={quoteattr(name)}>{failure}"
            "</testcase></testsuite></testsuites>")


def judge(name, report, status, output):
    """Whether a program, or a part of it, ended well; says so and leaves a report in any case."""
    summary = re.findall(r"^\[  (?:PASSED|FAILED)  \] (.*)", output, re.MULTILINE)
    print(f"  {name}: {summary[0] if summary else f'status {status}'}", flush=True)
    if status != 0:
        print(output[-8000:])
    if not report.exists():
        report.write_text(one_result(name, status))
    elif status != 0 and "<failure" not in report.read_text(errors="replace"):
        (report.parent / f"{report.stem}-end.xml").write_text(one_result(name, status))
    return status == 0


def main(build, results, label=""):
    results.mkdir(parents=True, exist_ok=True)
    parts = os.cpu_count() or 1
    with ThreadPoolExecutor(parts) as pool:
        runs = [(f"{name} {part + 1}/{parts}", results / f"{name}-{part + 1}.xml", command, part)
                for name, command in commands(build, label).items() for part in range(parts)]
        ended = [(name, report, pool.submit(run, command, report, part, parts))
                 for name, report, command, part in runs]
        return sum(not judge(name, report, *end.result()) for name, report, end in ended)


if __name__ == "__main__":
    sys.exit(1 if main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:]) else 0)
