"""Logging is restarted, files are renamed and removed while the agent follows them."""

from coldwatch import Arrivals, rows_in


def test_every_row_of_every_file_arrives(lab, mosquitto):
    broker = mosquitto()
    arrived = Arrivals(lab.listener(broker.port), "triton1")
    restarts = [part for second in (2, 4, 6) for part in ("--at", f"{second}s", "new_log")]
    lab.agent("triton1", broker.uri)
    log = lab.simulator("triton1", "--interval", "10ms", "--torn", "1ms", "--rows", 800, *restarts)
    assert log.process.wait(30) == 0
    expected = rows_in(lab.logs("triton1"))
    assert len(expected) == 4
    arrived.wait_for_rows(800, 20)
    assert arrived.rows == expected


def test_a_finished_file_may_be_renamed_and_removed(lab, mosquitto):
    broker = mosquitto()
    arrived = Arrivals(lab.listener(broker.port), "triton1")
    lab.write_log("triton1", 500, "--start", "2026-03-01T00:00:00Z", "--zone", "UTC")
    agent = lab.agent("triton1", broker.uri)
    arrived.wait_for_rows(500, 20)
    first, = lab.logs("triton1").glob("*.vcl")
    first.rename(first.with_name("log 260228 235900 (old).vcl"))
    lab.write_log("triton1", 300, "--start", "2026-03-02T00:00:00Z", "--zone", "UTC")
    arrived.wait_for_rows(800, 20)
    first.with_name("log 260228 235900 (old).vcl").unlink()
    lab.write_log("triton1", 200, "--start", "2026-03-03T00:00:00Z", "--zone", "UTC")
    arrived.wait_for_rows(1000, 20)
    assert sorted(len(rows) for rows in arrived.rows.values()) == [200, 300, 500]
    assert agent.alive
