"""A year of a Triton's log, a row a minute, lived through by the whole rule library.

The reference is md5sum, which reads the same bytes once and does little with them.
"""
import json
import pathlib
import resource
import subprocess
import tempfile

from followed_log import AGENT, PROJECT, report

ROWS = 365 * 24 * 60


def processor_s(command):
    """What the command used of one core, and its output."""
    def used():
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime
    before = used()
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return used() - before, output


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([AGENT.with_name("coldwatch-simulator"), "--folder", folder / "log", "--fast", "--quiet",
                        "--start", "2025-03-01T00:00:00Z", "--rows", str(ROWS)], check=True)
        config = folder / "agent.json"
        config.write_text(json.dumps({"fridge": "triton1", "log": {"folder": str(folder / "log")},
                                      "rule_library": "oxford-triton",
                                      "rule_library_folder": str(PROJECT / "config" / "rules")}))
        reference, _ = processor_s(["md5sum", *(folder / "log").rglob("*.vcl")])
        used, output = processor_s([AGENT, "backtest", "--config", config, "--json"])
    backtest = json.loads(output)
    if backtest["rows"] != ROWS:
        raise RuntimeError(f"{backtest['rows']} rows were read, not {ROWS}")
    report(f"backtest of a year, {ROWS:,} rows, {len(backtest['rules'])} rules: processor", used, "s",
           reference=f"md5sum of the same log: {reference:.2g} s", ratio=used / reference, budget="at most 5 s")


if __name__ == "__main__":
    main()
