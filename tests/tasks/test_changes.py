"""The summary remembers when things changed, and the ledger says what."""

from __future__ import annotations

from ecovai_tui.tasks.judging import Aspect, Change, changes_between, declare_missing, summarise
from ecovai_tui.tasks.model import Clip, Kind, Phase, Task, TaskSummary

NOW = 1_716_191_900.0
RUNNING = Task("t1", Kind.MUSIC, Phase.RUNNING, "IN_PROGRESS", submitted_at=NOW - 100, started_at=NOW - 60)
CLIPS = (Clip("c1", Phase.DONE, audio_url="https://cdn1.suno.ai/c1.mp3"), Clip("c2", Phase.FAILED))
ENDED = RUNNING._replace(phase=Phase.PARTIAL, status="FAILURE", finished_at=NOW, clips=CLIPS, fail_reason="one broke")


def seen(task: Task, before: TaskSummary | None = None, now: float = NOW, *, changed: bool = True) -> TaskSummary:
    return summarise(task, before, now, content_changed=changed)


def test_at_first_sight_a_task_is_quiet_since_the_gateways_newest_time_for_it() -> None:
    assert seen(RUNNING).quiet_since == NOW - 60
    assert not seen(RUNNING).stalled(NOW)
    assert seen(RUNNING).stalled(NOW + 540)


def test_a_gateway_whose_clock_is_ahead_does_not_make_a_task_quiet_in_the_future() -> None:
    assert seen(RUNNING._replace(started_at=NOW + 3600)).quiet_since == NOW


def test_a_task_that_is_told_again_unchanged_stays_quiet() -> None:
    again = seen(RUNNING, seen(RUNNING), NOW + 5, changed=False)
    assert (again.quiet_since, again.changed_at, again.seen_at) == (NOW - 60, NOW, NOW + 5)


def test_any_change_ends_the_quiet() -> None:
    again = seen(RUNNING, seen(RUNNING), NOW + 5)
    assert (again.quiet_since, again.changed_at) == (NOW + 5, NOW + 5)


def test_a_task_is_final_since_it_was_first_seen_final() -> None:
    first = seen(ENDED)
    assert seen(ENDED, first, NOW + 30, changed=False).final_at == NOW


def test_a_task_that_comes_back_to_life_is_final_no_more() -> None:
    assert seen(RUNNING, seen(ENDED), NOW + 30).final_at is None


def test_the_ledger_begins_with_the_phase_at_first_sight() -> None:
    [change] = changes_between(None, seen(RUNNING), NOW)
    assert (change.what, change.after, change.makes_final) == (Aspect.APPEARED, "running", False)


def test_a_task_that_waits_for_the_user_at_first_sight_says_so_in_the_ledger() -> None:
    changes = changes_between(None, seen(RUNNING._replace(phase=Phase.WAITING, status="MODAL")), NOW)
    assert [(change.what, change.asks_you) for change in changes] == [(Aspect.APPEARED, False), (Aspect.STATUS, True)]


def test_the_ledger_names_each_aspect_that_changed() -> None:
    changes = changes_between(seen(RUNNING), seen(ENDED, seen(RUNNING)), NOW)
    assert [(change.what, change.before, change.after) for change in changes] == [
        (Aspect.PHASE, "running", "partial"),
        (Aspect.STATUS, "IN_PROGRESS", "FAILURE"),
        (Aspect.CLIPS, "", "done failed"),
        (Aspect.REASON, "", "one broke"),
    ]
    assert changes[0].makes_final


def test_a_change_that_no_summary_shows_is_in_the_ledger_too() -> None:
    before = seen(RUNNING)
    [change] = changes_between(before, seen(RUNNING, before, NOW + 5), NOW + 5)
    assert change.what is Aspect.CONTENT


def test_nothing_changed_means_no_entry() -> None:
    before = seen(RUNNING)
    assert changes_between(before, seen(RUNNING, before, NOW + 5, changed=False), NOW + 5) == ()


def test_a_missing_task_keeps_what_was_known_of_it() -> None:
    known = seen(RUNNING._replace(clips=CLIPS[:1]))
    missing = declare_missing(known, NOW + 70)
    assert (missing.phase, missing.changed_at, missing.submitted_at) == (Phase.MISSING, NOW + 70, known.submitted_at)
    assert declare_missing(missing, NOW + 130).changed_at == NOW + 70


def test_a_missing_task_owes_no_audio_any_more_and_nothing_is_said_to_have_come() -> None:
    silent = seen(RUNNING._replace(phase=Phase.DONE, status="SUCCESS"))
    assert (silent.no_audio, silent.awaits_file) == (True, True)
    missing = declare_missing(silent, NOW + 70)
    assert (missing.no_audio, missing.awaits_file) == (False, False)
    assert [change.what for change in changes_between(silent, missing, NOW + 70)] == [Aspect.PHASE]


def test_the_ledger_tells_of_an_address_only_where_one_is_owed() -> None:
    silent = seen(RUNNING._replace(phase=Phase.DONE, status="SUCCESS"))
    failed = seen(RUNNING._replace(phase=Phase.FAILED, status="FAILURE"), silent, NOW + 5)
    assert Aspect.AUDIO not in {change.what for change in changes_between(silent, failed, NOW + 5)}
    heard = seen(ENDED, silent, NOW + 5)
    assert Aspect.AUDIO in {change.what for change in changes_between(silent, heard, NOW + 5)}


def test_measured_progress_is_a_change_of_its_own_until_the_task_ends() -> None:
    early, late = seen(RUNNING._replace(progress=15.0)), seen(RUNNING._replace(progress=46.4), now=NOW + 5)
    assert changes_between(early, late, NOW + 5) == (Change(NOW + 5, "t1", Aspect.PROGRESS, "15 %", "46 %"),)
    ended = seen(ENDED._replace(progress=100.0), late, NOW + 9)
    assert ended.progress is None
    assert Aspect.PROGRESS not in {change.what for change in changes_between(late, ended, NOW + 9)}
