"""Runs every test program that CTest knows of a build folder and keeps its results as JUnit XML.

Each runs in PARTS parts side by side, by GoogleTest's way to divide its tests; usually one for a core.
usage: run_units.py BUILD RESULTS [PARTS]
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.sax.saxutils import quoteattr

TIMEOUT_S = 900


def commands(build):
    listing = subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1"],
                             check=True, capture_output=True, text=True).stdout
    return {test["name"]: test["command"] for test in json.loads(listing)["tests"]}


def run(command, report, part, parts):
    """Exit status and output; a program that hangs ends with status 124."""
    shard = {"GTEST_SHARD_INDEX": str(part), "GTEST_TOTAL_SHARDS": str(parts)}
    # Not a pipe: whatever the program leaves behind would hold it open.
    with tempfile.TemporaryFile() as output:
        try:
            status = subprocess.run([*command, f"--gtest_output=xml:{report}"], timeout=TIMEOUT_S,
                                    stdout=output, stderr=subprocess.STDOUT,
                                    env={**os.environ, **shard}).returncode
            end = ""
        except subprocess.TimeoutExpired:
            status, end = 124, f"\nstill running after {TIMEOUT_S} s"
        output.seek(0)
        return status, output.read().decode(errors="replace") + end


def one_result(name, status):
    """A report for a program that made none, or ended badly although its tests passed."""
    failure = f"<failure message={quoteattr(f'ended with status {status}')}/>" if status else ""
    return (f"<testsuites><testsuite><testcase name={quoteattr(name)}>{failure}"
            "</testcase></testsuite></testsuites>")


def judge(name, report, status, output):
    """Whether a program, or a part of it, ended well; says so and leaves a report in any case."""
    # The last one: a test may run a program of the same kind.
    passed = re.findall(r"^\[  PASSED  \] (.*)", output, re.MULTILINE)
    said = passed[-1] if passed else "no test."
    print(f"  {name}: passed {said}{f' Status {status}.' if status else ''}", flush=True)
    if status != 0:
        print(output[-8000:])
    if not report.exists():
        report.write_text(one_result(name, status))
    elif status != 0 and "<failure" not in report.read_text(errors="replace"):
        (report.parent / f"{report.stem}-end.xml").write_text(one_result(name, status))
    return status == 0


def main(build, results, parts=None):
    results.mkdir(parents=True, exist_ok=True)
    parts = int(parts or os.cpu_count() or 1)
    with ThreadPoolExecutor(parts) as pool:
        runs = [(f"{name} {part + 1}/{parts}", results / f"{name}-{part + 1}.xml", command, part)
                for name, command in commands(build).items() for part in range(parts)]
        ended = [(name, report, pool.submit(run, command, report, part, parts))
                 for name, report, command, part in runs]
        return sum(not judge(name, report, *end.result()) for name, report, end in ended)


if __name__ == "__main__":
    sys.exit(1 if main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:]) else 0)
