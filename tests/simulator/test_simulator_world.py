from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from simulator_harness import Connect, FakeClock, Run

from ecovai_tui.simulator.dialects import DIALECTS
from ecovai_tui.simulator.scripts import SCRIPTS, Part
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.songs import HOSTILE_SONG, SONGS
from ecovai_tui.simulator.world import Options

PHASES = {"waiting", "running", "streaming", "done", "partial", "failed", "missing", "unknown"}
HOUR = 3600


def test_the_opening_scene_has_a_task_in_each_phase(run: Run) -> None:
    simulator = run(population=20)
    assert len(simulator.ids) == 20
    assert {simulator.truth(task_id) for task_id in simulator.ids} == PHASES


def test_the_opening_scene_has_finished_tasks_of_yesterday_and_lyrics(
    run: Run, connect: Connect, clock: FakeClock
) -> None:
    simulator = run(population=20)
    tasks = connect(simulator).batch(simulator.ids).json()["data"]
    old = [task for task in tasks if task["submit_time"] < clock.now - 18 * HOUR]
    assert {task["status"] for task in old} == {"SUCCESS", "FAILURE"}
    assert Counter(task["action"] for task in tasks) == {"MUSIC": 16, "LYRICS": 3}


@pytest.mark.parametrize("speed", [1.0, 10.0])
def test_the_opening_scene_has_one_task_that_moved_last_long_ago(
    speed: float, run: Run, connect: Connect, clock: FakeClock
) -> None:
    simulator = run(population=20, speed=speed)
    tasks = connect(simulator).batch(simulator.ids).json()["data"]
    still = [task for task in tasks if task["status"] == "IN_PROGRESS" and task["start_time"] < clock.now - 600]
    assert [simulator.truth(task["task_id"]) for task in still] == ["running"]


def test_old_tasks_took_as_long_as_real_ones_whatever_the_speed(run: Run, connect: Connect) -> None:
    simulator = run(population=20, speed=10.0)
    tasks = connect(simulator).batch(simulator.ids).json()["data"]
    took = [task["finish_time"] - task["submit_time"] for task in tasks if task["status"] == "SUCCESS"]
    songs = [seconds for seconds in took if seconds > 60]
    assert songs
    assert all(90 <= seconds <= 130 for seconds in songs)


@pytest.mark.parametrize("size", [0, 1, 5, 20, 100])
def test_the_population_is_as_large_as_wanted_and_comes_oldest_first(size: int, run: Run, connect: Connect) -> None:
    simulator = run(population=size, dialect="suno-api")
    assert len(set(simulator.ids)) == size
    tasks = connect(simulator).batch(simulator.ids).json()["data"]
    times = [task["submit_time"] for task in tasks]
    assert times == sorted(times)


def test_a_large_population_plays_every_script(run: Run) -> None:
    simulator = run(population=200)
    parts: dict[str, Part] = simulator._world._parts
    assert {part.script.name for part in parts.values()} == set(SCRIPTS)


def test_speed_makes_time_pass_faster(run: Run, clock: FakeClock) -> None:
    slow, fast = run(speed=1.0), run(speed=10.0)
    ids = slow.submit(), fast.submit()
    clock.advance(14)
    assert (slow.truth(ids[0]), fast.truth(ids[1])) == ("waiting", "done")


def test_reported_times_are_real_times_also_when_time_passes_faster(
    run: Run, connect: Connect, clock: FakeClock
) -> None:
    simulator = run(speed=10.0)
    task_id = simulator.submit()
    began = clock.now
    clock.advance(20)
    task = connect(simulator).task(task_id)
    assert int(began) == task["submit_time"]
    assert began < task["start_time"] < task["finish_time"] < began + 14


@pytest.mark.parametrize("script", [name for name in SCRIPTS if SCRIPTS[name].visible_from == 0])
def test_what_the_gateway_says_follows_the_script(script: str, run: Run, connect: Connect, clock: FakeClock) -> None:
    simulator = run()
    task_id = simulator.submit(script=script)
    client = connect(simulator)
    words: list[str] = []
    for _step in range(60):
        words.append(client.task(task_id)["status"])
        clock.advance(3)
    wanted = [beat.word for beat in SCRIPTS[script].beats]
    assert list(dict.fromkeys(words)) == list(dict.fromkeys(wanted))


def test_a_lost_task_is_never_found(run: Run, connect: Connect, clock: FakeClock) -> None:
    simulator = run()
    task_id = simulator.submit(script="missing")
    clock.advance(1000)
    assert task_id in simulator.ids
    assert connect(simulator).batch([task_id]).json()["data"] is None
    assert simulator.truth(task_id) == "missing"


def test_an_id_that_was_never_given_out_is_missing(run: Run) -> None:
    assert run().truth("unheard-of") == "missing"


def test_a_song_keeps_its_clips_while_it_goes_on(run: Run, connect: Connect, clock: FakeClock) -> None:
    simulator = run()
    task_id = simulator.submit()
    client = connect(simulator)
    seen = set()
    for _step in range(10):
        clock.advance(20)
        seen.add(tuple(clip["id"] for clip in client.task(task_id)["data"]))
    assert len(seen) == 1


def test_tasks_arrive_by_themselves_and_each_is_told_once(run: Run, clock: FakeClock) -> None:
    told: list[str] = []
    simulator = run(arrivals=True, on_new_id=told.append)
    assert simulator.ids == ()
    clock.advance(HOUR)
    ids = simulator.ids
    assert 20 < len(ids) < 90
    assert sorted(told) == sorted(ids)
    assert simulator.ids == ids


def test_nothing_arrives_where_arrivals_are_off(run: Run, clock: FakeClock) -> None:
    simulator = run(arrivals=False)
    clock.advance(HOUR)
    assert simulator.ids == ()


def test_an_arrival_began_when_it_was_due_and_not_when_it_was_noticed(
    run: Run, connect: Connect, clock: FakeClock
) -> None:
    simulator = run(arrivals=True)
    start = clock.now
    clock.advance(HOUR)
    tasks = connect(simulator).batch(simulator.ids).json()["data"]
    times = [task["submit_time"] - start for task in tasks]
    assert times == sorted(times)
    assert times[0] < 30


def test_submissions_are_told_as_well(run: Run) -> None:
    told: list[str] = []
    simulator = run(on_new_id=told.append)
    assert [simulator.submit(), simulator.submit("lyrics")] == told


def test_a_submitted_title_is_kept(run: Run, connect: Connect, clock: FakeClock) -> None:
    simulator = run()
    task_id = simulator.submit(title="第一首歌")
    clock.advance(60)
    assert connect(simulator).task(task_id)["data"][0]["title"] == "第一首歌"


def test_the_hostile_script_sends_what_no_terminal_should_get(run: Run, connect: Connect, clock: FakeClock) -> None:
    simulator = run()
    task_id = simulator.submit(script="hostile-text")
    clock.advance(60)
    clip = connect(simulator).task(task_id)["data"][0]
    assert clip["title"] == HOSTILE_SONG.title
    assert {"\x1b", "\u202e", "\x9b"} <= set(clip["title"])


def test_the_songs_have_chinese_japanese_and_very_long_titles_and_long_lyrics() -> None:
    titles = "".join(song.title for song in SONGS)
    assert {"城", "夜", "の", "서"} <= set(titles)
    assert max(len(song.title) for song in SONGS) > 150
    assert max(song.lyrics.count("\n") for song in SONGS) > 60
    assert any("[Chorus]" in song.lyrics for song in SONGS)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_same_seed_gives_the_same_bytes(dialect: str, run: Run, connect: Connect, clock: FakeClock) -> None:
    replies = []
    for _time in range(2):
        simulator = run(dialect=dialect, seed=5, population=40)
        replies.append(connect(simulator).batch(simulator.ids))
    assert replies[0] == replies[1]


def test_another_seed_gives_other_tasks(run: Run) -> None:
    assert not set(run(seed=1, population=20).ids) & set(run(seed=2, population=20).ids)


def test_the_key_comes_from_the_seed_unless_one_is_given(clock: FakeClock) -> None:
    first, again = Simulator(Options(seed=3), clock=clock), Simulator(Options(seed=3), clock=clock)
    assert first.key == again.key
    assert first.key.startswith("sk-sim-")
    assert Simulator(Options(), key="mine", clock=clock).key == "mine"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"dialect": "klingon"}, "known: new-api-2024, new-api-2026, one-hub"),
        ({"speed": 0}, "the speed must be more than 0"),
        ({"speed": float("nan")}, "the speed must be more than 0"),
        ({"population": -1}, "the population cannot be -1"),
    ],
)
def test_options_that_make_no_sense_are_refused_in_words(values: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Options(**values)
