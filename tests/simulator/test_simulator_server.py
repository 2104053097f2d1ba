from __future__ import annotations

import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from simulator_harness import Connect, FakeClock, Run

from ecovai_tui.simulator.replies import Fault
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options


def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition that another thread brings about; the test's own time limit ends a vain wait."""
    while not condition():
        time.sleep(0.001)  # gives way to the other thread; the loop waits for the condition, not for the time


def threads() -> list[str]:
    """Return the names of the simulator's living threads."""
    return sorted(thread.name for thread in threading.enumerate() if thread.name.startswith("simulator"))


def test_it_has_no_address_before_its_first_start() -> None:
    with pytest.raises(RuntimeError, match="no address before it is started"):
        Simulator(Options()).base_url  # noqa: B018 - asking is what raises


def test_it_listens_on_the_loopback_interface_only(run: Run) -> None:
    assert urlsplit(run().base_url).hostname == "127.0.0.1"


def test_a_port_in_use_is_a_plain_os_error(run: Run) -> None:
    port = urlsplit(run().base_url).port
    rival = Simulator(Options(), port=port)
    with pytest.raises(OSError, match="in use"):
        rival.start()
    rival.stop()


def test_an_impossible_port_is_refused_and_leaves_nothing_behind() -> None:
    with pytest.raises(OverflowError, match="0-65535"):
        Simulator(Options(), port=70_000).start()
    assert threads() == []


def test_nothing_is_left_of_it_after_its_end(clock: FakeClock) -> None:
    with Simulator(Options(), clock=clock):
        assert threads() == ["simulator", "simulator arrivals"]
    assert threads() == []


def test_it_can_be_stopped_twice_and_started_again_at_the_same_address(run: Run, connect: Connect) -> None:
    simulator = run()
    address, task_id = simulator.base_url, simulator.submit()
    simulator.stop()
    simulator.stop()
    with pytest.raises(ConnectionRefusedError):
        connect(simulator).batch([])
    simulator.start()
    assert simulator.base_url == address
    assert connect(simulator).task(task_id)["task_id"] == task_id


@pytest.mark.parametrize("fault", ["hang", "slow"])
def test_a_waiting_request_does_not_delay_the_end(fault: str, run: Run, connect: Connect) -> None:
    simulator = run(faults=(Fault(fault),), slow_seconds=3600.0, hang_seconds=3600.0)
    client = connect(simulator)
    client.send("POST", "/suno/fetch", {"ids": []})
    until(lambda: simulator.under_way == 1)
    simulator.stop()
    assert threads() == []


def test_an_idle_connection_does_not_delay_the_end(run: Run, connect: Connect) -> None:
    simulator = run()
    connect(simulator).batch([])
    simulator.stop()
    assert threads() == []


def test_a_client_that_gives_up_ends_its_hanging_request(run: Run, connect: Connect) -> None:
    simulator = run(faults=(Fault("hang"),), hang_seconds=3600.0)
    client = connect(simulator)
    client.send("POST", "/suno/fetch", {"ids": ["a"]})
    until(lambda: simulator.under_way == 1)
    client.connection.close()
    until(lambda: len(simulator.requests) == 1)
    assert simulator.requests[0].status == 0


def test_each_request_is_recorded_with_what_it_asked_for(run: Run, connect: Connect, clock: FakeClock) -> None:
    simulator = run()
    client = connect(simulator)
    task_id = simulator.submit()
    client.batch([task_id, "other"])
    client.ask("GET", "/suno/fetch/lost")
    client.ask("GET", "/somewhere?x=1")
    records = [(record.method, record.path, record.ids, record.status) for record in simulator.requests]
    assert records == [
        ("POST", "/suno/fetch", (task_id, "other"), 200),
        ("GET", "/suno/fetch/lost", ("lost",), 400),
        ("GET", "/somewhere?x=1", (), 200),
    ]
    assert {record.at for record in simulator.requests} == {clock.now}


def test_requests_one_after_the_other_are_alone(run: Run, connect: Connect) -> None:
    simulator = run()
    for _ in range(20):
        connect(simulator).batch([])
    assert {record.concurrent for record in simulator.requests} == {1}


def test_requests_at_the_same_time_are_counted_as_such(run: Run, connect: Connect) -> None:
    simulator = run(faults=(Fault("hang"),), hang_seconds=3600.0)
    clients = [connect(simulator) for _ in range(3)]
    for number, client in enumerate(clients, start=1):
        client.send("POST", "/suno/fetch", {"ids": []})
        until(lambda number=number: simulator.under_way == number)
    simulator.stop()
    assert sorted(record.concurrent for record in simulator.requests) == [1, 2, 3]


def test_the_memory_of_requests_is_bounded(run: Run, connect: Connect) -> None:
    simulator = run(log_size=5)
    client = connect(simulator)
    for number in range(8):
        client.ask("GET", f"/{number}")
    assert [record.path for record in simulator.requests] == ["/3", "/4", "/5", "/6", "/7"]


def test_a_running_simulator_lets_tasks_come_without_being_asked() -> None:
    told = threading.Event()
    with Simulator(Options(population=0, speed=1000.0), on_new_id=lambda _task_id: told.set()):
        assert told.wait(30)


def test_it_says_nothing_on_the_screen(run: Run, connect: Connect, capfd: pytest.CaptureFixture[str]) -> None:
    simulator = run(faults=(Fault("reset", 0.5),))
    for _ in range(10):
        client = connect(simulator)
        client.send("POST", "/suno/fetch", {"ids": []})
        client.connection.close()
    simulator.stop()
    assert capfd.readouterr() == ("", "")
