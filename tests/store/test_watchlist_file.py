"""The watch list on disk: transactions, and everything that a disk, an editor and a system can do to them."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecovai_tui.store.errors import StoreError
from ecovai_tui.store.files import locked
from ecovai_tui.store.watchlist import Added, Undone, WatchListFile, add_ids
from ecovai_tui.store.watchlist_document import WatchList, WatchListError, write_document

NOW = 1_790_000_000.0
HAND_WRITTEN = 'note = "mine"\nids = ["a", "not an id"]\n[labels]\na = "edm"\n[other]\nx = 1\n'


@pytest.fixture
def file(tmp_path: Path) -> WatchListFile:
    return WatchListFile(tmp_path / "data" / "watchlist.toml")


def names_in(directory: Path) -> set[str]:
    return {path.name for path in directory.iterdir()}


def test_without_a_file_the_list_is_empty_and_reading_makes_nothing(file: WatchListFile) -> None:
    assert file.read() == WatchList()
    assert file.fingerprint() is None
    assert not file.path.parent.exists()


def test_what_was_added_is_there_for_the_next_reader(file: WatchListFile) -> None:
    assert file.add(["a", "b", "a"], "edm", now=NOW) == Added(new=("a", "b"))
    assert file.add(["b", "c"], now=NOW) == Added(new=("c",), already=("b",))
    found = WatchListFile(file.path).read()
    assert found.ids == ("a", "b", "c")
    assert found.labels == {"a": "edm", "b": "edm"}


def test_the_file_and_its_directory_are_for_the_user_alone(file: WatchListFile) -> None:
    file.add(["a"], now=NOW)
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.path.parent.stat().st_mode) == 0o700


def test_a_removal_is_undone_after_a_restart(file: WatchListFile) -> None:
    file.add(["a", "b", "c"], "edm", now=NOW)
    assert file.remove(["a", "c", "unheard of"], NOW + 1) == ("a", "c")
    again = WatchListFile(file.path)
    assert again.undo(NOW + 3600) == ("a", "c")
    assert again.undo(NOW + 3600) == ()
    assert again.read() == WatchList(ids=("b", "a", "c"), labels=dict.fromkeys("abc", "edm"))


def test_every_single_removal_is_undone_in_its_turn_also_at_one_moment(file: WatchListFile) -> None:
    file.add(["a", "b", "c"], now=NOW)
    for name in "abc":
        file.remove([name], NOW)
    assert [file.undo(NOW) for _ in range(4)] == [("c",), ("b",), ("a",), ()]


def test_a_change_after_a_day_forgets_old_removals(file: WatchListFile) -> None:
    file.add(["a", "b"], now=NOW)
    file.remove(["a"], NOW)
    file.add(["c"], now=NOW + 86_400)
    assert file.read().removed == {}


def test_an_id_is_labelled_and_a_label_taken_away(file: WatchListFile) -> None:
    file.add(["a"], now=NOW)
    file.set_labels(["a"], "  one\x1b[31m  two ", now=NOW)
    assert file.read().labels == {"a": "one two"}
    file.set_labels(["a"], "", now=NOW)
    assert file.read().labels == {}


def test_removals_and_labels_are_taken_back_one_after_the_other_also_at_one_moment(file: WatchListFile) -> None:
    file.add(["a", "b", "c"], now=NOW)
    file.set_labels(["a", "b"], "one", now=NOW)
    file.remove(["c"], NOW)
    file.set_labels(["b"], "two", now=NOW)
    file.remove(["a"], NOW)
    file.set_labels(["b"], "", now=NOW)
    assert [file.undo_last(NOW) for _ in range(6)] == [
        Undone(relabelled=("b",)),
        Undone(restored=("a",)),
        Undone(relabelled=("b",)),
        Undone(restored=("c",)),
        Undone(relabelled=("a", "b")),
        Undone(),
    ]
    assert file.read() == WatchList(ids=("b", "a", "c"))


def test_a_label_that_others_changed_since_is_left_alone(file: WatchListFile) -> None:
    file.add(["a", "b"], "old", now=NOW)
    file.set_labels(["a", "b"], "mine", now=NOW)
    WatchListFile(file.path).set_labels(["a"], "theirs", now=NOW)
    assert file.undo_last(NOW) == Undone(relabelled=("b",))
    assert file.read().labels == {"a": "theirs", "b": "old"}
    file.set_labels(["a"], "mine", now=NOW)
    WatchListFile(file.path).set_labels(["a"], "theirs", now=NOW)
    file.remove(["b"], NOW - 3600)
    assert file.undo_last(NOW) == Undone(restored=("b",))
    assert file.undo_last(NOW) == Undone()


def test_a_removal_of_others_is_taken_back_in_its_turn(file: WatchListFile) -> None:
    file.add(["a", "b"], now=NOW)
    WatchListFile(file.path).remove(["a"], NOW + 1)
    file.set_labels(["b"], "mine", now=NOW + 2)
    WatchListFile(file.path).remove(["b"], NOW + 3)
    back = [file.undo_last(NOW + 4) for _ in range(3)]
    assert back == [Undone(restored=("b",)), Undone(relabelled=("b",)), Undone(restored=("a",))]


def test_the_same_label_again_is_no_change_to_take_back(file: WatchListFile) -> None:
    file.add(["a"], "same", now=NOW)
    file.set_labels(["a"], "same", now=NOW)
    assert file.undo_last(NOW) == Undone()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["remove", "label", "unlabel"]), st.lists(st.sampled_from("abcd"), min_size=1, unique=True)
        ),
        max_size=8,
    )
)
@settings(deadline=None, max_examples=30)
def test_whatever_is_removed_and_labelled_is_as_before_once_all_is_taken_back(
    steps: list[tuple[str, list[str]]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = WatchListFile(Path(folder) / "watchlist.toml")
        file.add("abcd", "first", now=NOW)
        story = [file.read()]
        for number, (what, names) in enumerate(steps):
            if what == "remove":
                file.remove(names, NOW)
            else:
                file.set_labels(names, str(number) if what == "label" else "", now=NOW)
            if file.read() != story[-1]:
                story.append(file.read())
        for before in reversed(story[:-1]):
            file.undo_last(NOW)
            now = file.read()
            assert (set(now.ids), now.labels, set(now.removed)) == (set(before.ids), before.labels, set(before.removed))


def test_an_id_that_is_not_on_the_list_cannot_be_labelled(file: WatchListFile) -> None:
    with pytest.raises(StoreError, match="no longer on the watch list"):
        file.set_labels(["a"], "edm", now=NOW)
    assert not file.path.exists()


def test_what_is_no_id_is_refused_before_anything_is_touched(file: WatchListFile) -> None:
    with pytest.raises(StoreError, match="cannot be an id"):
        file.add(["a", "two words"], now=NOW)
    assert not file.path.parent.exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda file: file.add(["a"], now=NOW),
        lambda file: file.remove(["unheard of"], NOW),
        lambda file: file.undo(NOW),
        lambda file: file.set_labels(["a"], "edm", now=NOW),
    ],
)
def test_a_change_that_changes_nothing_writes_nothing(
    file: WatchListFile, change: Callable[[WatchListFile], object]
) -> None:
    file.path.parent.mkdir()
    file.path.write_text(HAND_WRITTEN)
    before = file.fingerprint()
    change(file)
    assert file.fingerprint() == before
    assert file.path.read_text() == HAND_WRITTEN


def test_a_hand_written_file_keeps_everything_through_a_change(file: WatchListFile) -> None:
    file.path.parent.mkdir()
    file.path.write_text(HAND_WRITTEN)
    before = file.read()
    file.add(["b"], now=NOW)
    assert file.read() == before._replace(ids=("a", "b"))


def test_every_change_by_others_changes_the_fingerprint(file: WatchListFile) -> None:
    seen = {file.fingerprint()}
    for name in ("a", "b", "c"):
        WatchListFile(file.path).add([name], now=NOW)
        seen.add(file.fingerprint())
    file.path.write_text(HAND_WRITTEN)
    assert len(seen | {file.fingerprint()}) == 5


def test_an_edit_by_hand_between_reading_and_writing_is_kept(file: WatchListFile) -> None:
    file.add(["a"], now=NOW)
    edits = iter(['ids = ["a", "by hand"]\n', 'ids = ["a", "by-hand"]\n'])

    def change(current: WatchList) -> WatchList:
        for edit in edits:
            file.path.write_text(edit)
            break
        return add_ids(current, ["b"])

    file.edit(change)
    assert file.read().ids == ("a", "by-hand", "b")


def test_what_an_editor_saves_while_our_file_goes_to_the_disk_is_kept(
    file: WatchListFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def save_meanwhile(descriptor: int) -> None:
        monkeypatch.undo()
        file.path.write_text('ids = ["a", "by-hand"]')
        os.fsync(descriptor)

    file.add(["a"], now=NOW)
    monkeypatch.setattr(os, "fsync", save_meanwhile)
    file.add(["b"], now=NOW)
    assert file.read().ids == ("a", "by-hand", "b")
    assert names_in(file.path.parent) == {"watchlist.toml", "watchlist.toml.lock"}


def test_an_editor_that_never_rests_is_not_overwritten(file: WatchListFile) -> None:
    file.add(["a"], now=NOW)
    written: list[str] = []

    def change(current: WatchList) -> WatchList:
        written.append(f'ids = ["a{"x" * len(written)}"]\n')
        file.path.write_text(written[-1])
        return add_ids(current, ["b"])

    with pytest.raises(StoreError, match="keeps writing"):
        file.edit(change)
    assert file.path.read_text() == written[-1]


def test_a_symbolic_link_stays_and_the_file_behind_it_changes(file: WatchListFile, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "watch.toml"
    real.parent.mkdir()
    real.write_text('ids = ["a"]\n')
    file.path.parent.mkdir()
    file.path.symlink_to(real)
    before = file.fingerprint()
    file.add(["b"], now=NOW)
    assert file.path.is_symlink()
    assert WatchListFile(real).read().ids == ("a", "b")
    assert file.fingerprint() != before
    assert names_in(real.parent) == {"watch.toml", "watch.toml.lock"}


def test_panes_that_reach_the_file_by_different_paths_share_its_lock(file: WatchListFile, tmp_path: Path) -> None:
    file.add(["a"], now=NOW)
    link = tmp_path / "link.toml"
    link.symlink_to(file.path)
    with locked(link), pytest.raises(StoreError, match="Another program has held the lock"):
        WatchListFile(file.path, patience=0.0).add(["b"], now=NOW)
    assert file.read().ids == ("a",)


def test_a_half_written_file_is_never_overwritten_nor_taken_for_a_shorter_list(file: WatchListFile) -> None:
    whole = write_document(WatchList(ids=tuple(f"task_{number}" for number in range(20))))
    file.add(["a"], now=NOW)
    for length in range(len(whole) - 2):
        part = whole[:length]
        if b"ids" in part or not part.strip():
            file.path.write_bytes(part)
            with pytest.raises(WatchListError):
                file.add(["b"], now=NOW)
            assert file.path.read_bytes() == part


@pytest.mark.parametrize(
    ("odd", "reason"),
    [("0x" + "f" * 5000, "limit"), ("[" * 450 + "]" * 450, "nested too deeply")],
    ids=["a long number", "deep lists"],
)
def test_what_can_be_read_but_not_written_again_is_told_and_left_alone(
    file: WatchListFile, odd: str, reason: str
) -> None:
    text = f'ids = ["a"]\nodd = {odd}\n'
    file.path.parent.mkdir()
    file.path.write_text(text)
    with pytest.raises(WatchListError, match=f"cannot be written again: .*{reason}"):
        file.add(["b"], now=NOW)
    assert file.path.read_text() == text


def test_a_newer_file_is_read_and_not_changed(file: WatchListFile) -> None:
    file.path.parent.mkdir()
    file.path.write_text('version = 9\nids = ["a"]\n')
    assert file.read().ids == ("a",)
    with pytest.raises(StoreError, match=r"newer ecovai-tui.*Update"):
        file.add(["b"], now=NOW)
    assert file.path.read_text() == 'version = 9\nids = ["a"]\n'


def test_a_file_that_vanished_is_an_error_and_not_an_empty_list(file: WatchListFile) -> None:
    file.add(["a"], now=NOW)
    saved = file.path.read_bytes()
    file.path.unlink()
    for use in (file.read, lambda: file.add(["b"], now=NOW)):
        with pytest.raises(StoreError, match="is gone"):
            use()
    file.path.write_bytes(saved)
    assert file.read().ids == ("a",)


def test_a_directory_that_vanished_is_an_error_and_is_not_filled_with_a_new_list(file: WatchListFile) -> None:
    file.add(["a"], now=NOW)
    file.path.parent.rename(file.path.parent.with_name("unmounted"))
    with pytest.raises(StoreError, match="is gone"):
        file.add(["b"], now=NOW)
    assert not file.path.exists()


def failing(number: int) -> Callable[..., NoReturn]:
    def fail(*_: object, **__: object) -> NoReturn:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize(
    ("owner", "name", "number", "words"),
    [
        (os, "fsync", errno.ENOSPC, "the disk is full"),
        (os, "fsync", errno.EIO, "the disk reports an error"),
        (tempfile, "mkstemp", errno.ENOSPC, "the disk is full"),
        (tempfile, "mkstemp", errno.EROFS, "the file system is read-only"),
        (tempfile, "mkstemp", errno.EACCES, "permission denied"),
        (Path, "replace", errno.EACCES, "permission denied"),
        (Path, "replace", errno.EROFS, "the file system is read-only"),
        (Path, "read_bytes", errno.EACCES, "permission denied"),
        (Path, "read_bytes", errno.EIO, "the disk reports an error"),
        (Path, "mkdir", errno.EROFS, "the file system is read-only"),
    ],
)
def test_a_disk_that_fails_is_told_and_the_old_file_is_intact(
    file: WatchListFile, monkeypatch: pytest.MonkeyPatch, owner: object, name: str, number: int, words: str
) -> None:
    if name != "mkdir":
        file.add(["a"], now=NOW)
    before = file.path.read_bytes() if file.path.exists() else None
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, failing(number))
        with pytest.raises(StoreError, match=words) as caught:
            file.add(["b"], now=NOW)
    assert "watchlist.toml" in str(caught.value)
    assert (file.path.read_bytes() if file.path.exists() else None) == before
    assert not file.path.parent.exists() or names_in(file.path.parent) == {"watchlist.toml", "watchlist.toml.lock"}
    assert file.add(["b"], now=NOW).new == ("b",)


FILL = """
import resource, sys
from pathlib import Path
from ecovai_tui.store.errors import StoreError
from ecovai_tui.store.watchlist import WatchListFile
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, resource.RLIM_INFINITY))
try:
    WatchListFile(Path(sys.argv[1])).add([f"task_{number}" for number in range(1000)], now=0.0)
except StoreError as error:
    sys.exit(str(error))
"""


def test_a_write_that_breaks_off_in_the_middle_leaves_the_old_file(file: WatchListFile) -> None:
    file.add(["a"], now=NOW)
    done = subprocess.run([sys.executable, "-c", FILL, file.path], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Cannot save" in done.stderr
    assert file.read().ids == ("a",)
    assert names_in(file.path.parent) == {"watchlist.toml", "watchlist.toml.lock"}


IMPORTED = """
import sys
from pathlib import Path
from ecovai_tui.store.watchlist import WatchListFile
file = WatchListFile(Path(sys.argv[1]))
file.read()
heavy = {"textual", "httpx", "pydantic", "asyncio", "filelock", "tomli_w", "sqlite3", "rich"}
print(sorted(heavy & sys.modules.keys()))
file.add(["b"], "plain label", now=0.0)
print(sorted({"textual", "httpx", "pydantic", "asyncio", "sqlite3", "rich"} & sys.modules.keys()))
"""


def test_reading_imports_nothing_heavy_and_writing_only_what_it_needs(file: WatchListFile) -> None:
    file.add(["a"], "plain", now=NOW)
    done = subprocess.run([sys.executable, "-c", IMPORTED, file.path], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["[]", "[]"]
