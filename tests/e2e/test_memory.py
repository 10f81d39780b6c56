"""Both programs under valgrind, from their start over an alarm, its message and its end to their stop."""

from coldwatch import told_items
from mosquitto import wait_until
from scripted_servers import Answer

FAULT = 99
VALGRIND = ("valgrind", "--quiet", f"--error-exitcode={FAULT}", "--leak-check=full",
            "--show-leak-kinds=definite", "--errors-for-leak-kinds=definite")
SLOW_TIMEOUT_S = 120  # everything takes thirty times as long


def test_no_memory_is_misused_or_lost(lab, mosquitto, web):
    broker, hook = mosquitto(), web(Answer(204))
    programs = [lab.bridge(broker.uri, [lab.webhook(hook.url)], under=VALGRIND)]
    lab.simulator("triton1", "--interval", "100ms", "--speed", 600, "--at", "3s", "water_failure",
                  "--at", "20s", "recovery")
    programs.append(lab.agent("triton1", broker.uri, under=VALGRIND))
    wait_until(lambda: {"clear", "occurred_and_cleared"} & {told[0] for told in told_items(hook)},
               SLOW_TIMEOUT_S, "an end is told")
    for program in programs:
        program.process.terminate()
        assert program.process.wait(SLOW_TIMEOUT_S) == 0, program.words()
