"""Memory and processor of an agent that follows a log of 60 channels, a row a minute, a poll a second.

The reference is `tail` of the coreutils, which polls the same file once a second and does nothing else.
"""
import pathlib
import subprocess
import tempfile
import time

from followed_log import Broker, Log, report, resident_mb, start_agent, threads_processor_s

ROWS_BEFORE = 5000
MEASURED_S = 120
ROW_EVERY_S = 60


def measure(folder):
    log = Log(folder)
    log.append(ROWS_BEFORE)
    broker = Broker()
    tail = subprocess.Popen(["tail", "-s", "1", "---disable-inotify", "-F", str(log.file)],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    agent = start_agent(folder, log, broker, "1s")
    try:
        time.sleep(10)
        before = [threads_processor_s(agent), threads_processor_s(tail)]
        for _ in range(MEASURED_S // ROW_EVERY_S):
            log.append()
            time.sleep(ROW_EVERY_S)
        used = [threads_processor_s(agent) - before[0], threads_processor_s(tail) - before[1]]
        memory = [resident_mb(agent), resident_mb(tail)]
    finally:
        for process in (agent, tail):
            process.terminate()
            process.wait()
        broker.close()
    return used, memory


def main():
    with tempfile.TemporaryDirectory() as folder:
        used, memory = measure(pathlib.Path(folder))
    report("agent, processor of one core", 100 * used[0] / MEASURED_S, "%",
           reference=f"tail -F: {100 * used[1] / MEASURED_S:.3f} %", ratio=used[0] / used[1],
           budget="at most 0.1 %")
    report("agent, resident memory", memory[0], "MB", reference=f"tail -F: {memory[1]:.1f} MB",
           ratio=memory[0] / memory[1], budget="at most 12 MB")


if __name__ == "__main__":
    main()
