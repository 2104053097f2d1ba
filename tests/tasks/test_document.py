"""Our JSON is the same everywhere, and what the replica stores of it can be read back."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from ecovai_tui.tasks.model import Clip, Kind, Lyrics, Phase, Task, TaskSummary, WatchedTask
from ecovai_tui.tasks.task_json import line_document, read_content, report, task_content, task_document

MOMENTS = st.none() | st.integers(0, 4_000_000_000).map(float)
CLIPS = st.builds(
    Clip,
    id=st.text(),
    phase=st.sampled_from(Phase),
    title=st.text(),
    duration=st.none() | st.floats(0, 999),
    kind=st.sampled_from(Kind),
    size=st.text(),
    expires_at=MOMENTS,
)
TASKS = st.builds(
    Task,
    id=st.text(),
    kind=st.sampled_from(Kind),
    phase=st.sampled_from(Phase),
    status=st.text(),
    submitted_at=MOMENTS,
    started_at=MOMENTS,
    finished_at=MOMENTS,
    clips=st.lists(CLIPS, max_size=3).map(tuple),
    lyrics=st.none() | st.builds(Lyrics, title=st.text(), text=st.text()),
    progress=st.none() | st.floats(0, 100),
    prompt=st.text(),
    options=st.lists(st.text(), max_size=3).map(tuple),
)


@given(TASKS)
def test_what_is_stored_of_a_task_is_read_back_whole(task: Task) -> None:
    assert read_content(json.loads(json.dumps(task_content(task)))) == task._replace(source="")


def test_what_an_older_version_stored_is_read_as_well() -> None:
    task = Task("t1", Kind.MUSIC, Phase.DONE, clips=(Clip("c1", Phase.DONE),))
    content = json.loads(json.dumps(task_content(task)))
    for name in ("progress", "prompt", "options"):
        del content[name]
    for name in ("kind", "size", "expires_at"):
        del content["clips"][0][name]
    assert read_content(content) == task


def test_a_whole_task_has_every_key_of_the_contract() -> None:
    clip = Clip("c1", Phase.STREAMING, audio_url="https://audiopipe.suno.ai/?item_id=c1", lyrics="[Verse]\nla")
    task = Task("t1", Kind.MUSIC, Phase.STREAMING, "IN_PROGRESS", submitted_at=1716191749.0, clips=(clip,))
    watched = WatchedTask(
        TaskSummary("t1", Kind.MUSIC, Phase.STREAMING, submitted_at=1716191749.0), "edm", 1716191800.0
    )
    document = task_document(watched, task, 1716191900.0, 5.0)
    assert set(document) == {
        "id", "family", "kind", "phase", "final", "stalled", "stale", "no_audio", "needs_you", "status",
        "title", "label", "note", "fail_reason", "submitted_at", "started_at", "finished_at", "added_at", "seen_at",
        "changed_at", "clips", "lyrics", "progress", "expires_at", "prompt", "options",
    }  # fmt: skip
    assert document["submitted_at"] == "2024-05-20T07:55:49Z"
    assert document["label"] == "edm"
    assert document["clips"][0]["playable"] is True
    assert document["lyrics"] is None
    assert not document["final"]


def test_a_task_of_which_no_reply_was_stored_has_no_clips() -> None:
    document = task_document(WatchedTask(TaskSummary("t1")), None, 0.0, 5.0)
    assert (document["clips"], document["lyrics"], document["phase"]) == ([], None, "waiting")


def test_the_report_counts_every_phase() -> None:
    line = line_document(WatchedTask(TaskSummary("t1")), 0.0, 5.0)
    whole = report([line], {Phase.WAITING: 1}, now=0.0, gateway="https://api.ecovai.cn", profile="")
    assert whole["as_of"] == "1970-01-01T00:00:00Z"
    assert whole["counts"] == {phase: int(phase is Phase.WAITING) for phase in Phase}
    assert json.loads(json.dumps(whole))["tasks"][0]["id"] == "t1"
