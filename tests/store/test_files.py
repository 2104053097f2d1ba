from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from ecovai_tui.store.errors import StoreError, shown_path, store_error
from ecovai_tui.store.files import locked, replace_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OLD, NEW = b"the old file\n", b"the new file\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "watchlist.toml"
    path.write_bytes(OLD)
    return path


def failing(code: int) -> Callable[..., NoReturn]:
    def fail(*arguments: object, **options: object) -> NoReturn:
        raise OSError(code, os.strerror(code))

    return fail


def is_directory(descriptor: int) -> bool:
    return stat.S_ISDIR(os.fstat(descriptor).st_mode)


def names(directory: Path) -> list[str]:
    return sorted(entry.name for entry in directory.iterdir())


def test_a_saved_file_is_whole_private_and_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "ecovai-tui" / "watchlist.toml"
    replace_file(path, NEW)
    assert path.read_bytes() == NEW
    assert path.stat().st_mode & 0o777 == 0o600
    assert [directory.stat().st_mode & 0o777 for directory in (path.parent, path.parent.parent)] == [0o700, 0o700]
    assert names(path.parent) == ["watchlist.toml"]


def test_the_modes_hold_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        replace_file(tmp_path / "data" / "file", NEW)
    finally:
        os.umask(before)
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "data" / "file").stat().st_mode & 0o777 == 0o600


def test_a_directory_that_exists_keeps_its_mode(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o755)
    replace_file(shared / "file", NEW)
    assert shared.stat().st_mode & 0o777 == 0o755


def test_file_and_directory_are_synced_before_and_after_the_replacement(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    real_sync, real_replace = os.fsync, Path.replace

    def sync(descriptor: int) -> None:
        steps.append("directory" if is_directory(descriptor) else "file")
        real_sync(descriptor)

    def replace(self: Path, target: Path) -> Path:
        steps.append("replace")
        return real_replace(self, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "replace", replace)
    replace_file(file, NEW)
    assert steps == ["file", "replace", "directory"]


@pytest.mark.parametrize(
    ("owner", "function", "code", "sentence"),
    [
        (os, "fsync", errno.ENOSPC, "the disk is full"),
        (os, "fsync", errno.EDQUOT, "your disk quota is used up"),
        (os, "fsync", errno.EIO, "the disk reports an error"),
        (os, "fdopen", errno.ENOSPC, "the disk is full"),
        (tempfile, "mkstemp", errno.EROFS, "the file system is read-only"),
        (tempfile, "mkstemp", errno.EACCES, "permission denied"),
        (tempfile, "mkstemp", errno.ENOSPC, "the disk is full"),
        (tempfile, "mkstemp", errno.ENOENT, "does not exist"),
        (Path, "replace", errno.EACCES, "permission denied"),
        (Path, "replace", errno.EROFS, "the file system is read-only"),
    ],
)
def test_a_failing_disk_is_said_and_leaves_the_old_file(
    *, file: Path, monkeypatch: pytest.MonkeyPatch, owner: object, function: str, code: int, sentence: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(owner, function, failing(code))
        with pytest.raises(StoreError, match=sentence) as caught:
            replace_file(file, NEW)
    assert str(file) in str(caught.value)
    assert file.read_bytes() == OLD
    assert names(file.parent) == ["watchlist.toml"]


def test_a_disk_that_fills_up_half_way_leaves_the_old_file_and_no_rest(file: Path) -> None:
    program = (
        "import resource, signal, sys; from pathlib import Path; from ecovai_tui.store.files import replace_file;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096));"
        "replace_file(Path(sys.argv[1]), b'x' * 10_000)"
    )
    ended = subprocess.run([sys.executable, "-c", program, file], capture_output=True, text=True, check=False)
    assert "larger than this system allows" in ended.stderr
    assert file.read_bytes() == OLD
    assert names(file.parent) == ["watchlist.toml"]


def test_a_save_that_is_interrupted_leaves_the_old_file_and_no_rest(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(descriptor: int) -> NoReturn:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", interrupt)
        with pytest.raises(KeyboardInterrupt):
            replace_file(file, NEW)
    assert file.read_bytes() == OLD
    assert names(file.parent) == ["watchlist.toml"]


@pytest.mark.parametrize("code", [errno.EINVAL, errno.ENOTSUP])
def test_a_file_system_that_cannot_sync_directories_is_no_error(
    file: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    real_sync = os.fsync

    def sync(descriptor: int) -> None:
        if is_directory(descriptor):
            raise OSError(code, os.strerror(code))
        real_sync(descriptor)

    monkeypatch.setattr(os, "fsync", sync)
    replace_file(file, NEW)
    assert file.read_bytes() == NEW


def test_a_symbolic_link_stays_and_its_target_is_replaced(tmp_path: Path) -> None:
    target = tmp_path / "dotfiles" / "songs.toml"
    target.parent.mkdir()
    target.write_bytes(OLD)
    link = tmp_path / "watchlist.toml"
    link.symlink_to(target)
    replace_file(link, NEW)
    assert link.is_symlink()
    assert target.read_bytes() == NEW
    assert names(target.parent) == ["songs.toml"]


def test_a_link_to_a_file_that_does_not_exist_yet_creates_it(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "target")
    replace_file(link, NEW)
    assert (tmp_path / "target").read_bytes() == NEW


def test_a_link_into_a_directory_that_has_vanished_is_said_and_nothing_is_made_up(tmp_path: Path) -> None:
    link = tmp_path / "watchlist.toml"
    link.symlink_to(tmp_path / "usb" / "watchlist.toml")
    with pytest.raises(StoreError, match=r"does not exist \(any more\). Is the disk mounted\?"):
        replace_file(link, NEW)
    assert names(tmp_path) == ["watchlist.toml"]


def test_links_in_a_circle_are_said(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.symlink_to(second)
    second.symlink_to(first)
    with pytest.raises(StoreError, match="lead in a circle"):
        replace_file(first, NEW)
    with pytest.raises(StoreError, match="lead in a circle"), locked(first):
        pass


def test_a_directory_that_has_vanished_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "data" / "watchlist.toml"
    replace_file(path, OLD)
    path.unlink()
    path.parent.rmdir()
    replace_file(path, NEW)
    assert path.read_bytes() == NEW


def test_a_directory_in_the_place_of_the_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").mkdir()
    with pytest.raises(StoreError, match="this is a directory"):
        replace_file(tmp_path / "file", NEW)


def test_a_file_in_the_place_of_a_directory_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(b"")
    with pytest.raises(StoreError, match="a file in the place of a directory"):
        replace_file(tmp_path / "data" / "file", NEW)


def test_a_pipe_is_never_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(StoreError, match="a device or a pipe"):
        replace_file(tmp_path / "pipe", NEW)
    assert (tmp_path / "pipe").is_fifo()


def test_what_killed_saves_left_is_removed_once_it_is_old(file: Path) -> None:
    old, young, foreign = (file.parent / f".watchlist.toml.{name}" for name in ("aaa.new", "bbb.new", "ccc.bak"))
    for leftover in (old, young, foreign):
        leftover.write_bytes(b"half")
    for leftover in (old, foreign):
        os.utime(leftover, (0, 0))
    replace_file(file, NEW)
    assert names(file.parent) == [".watchlist.toml.bbb.new", ".watchlist.toml.ccc.bak", "watchlist.toml"]


@pytest.fixture
def holder(file: Path) -> Iterator[subprocess.Popen[str]]:
    """A second program that holds the lock of the file until its standard input ends."""
    program = (
        "import sys; from pathlib import Path; from ecovai_tui.store.files import locked\n"
        "with locked(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_lock_that_another_program_holds_ends_in_a_message(file: Path, holder: subprocess.Popen[str]) -> None:
    with pytest.raises(StoreError, match="Another program has held the lock"), locked(file, timeout=0.1):
        pass


def test_a_lock_is_waited_for_and_taken_when_its_holder_ends(file: Path, holder: subprocess.Popen[str]) -> None:
    assert holder.stdin is not None
    holder.stdin.close()
    with locked(file, timeout=30.0):
        replace_file(file, NEW)
    assert file.read_bytes() == NEW


def test_a_killed_holder_does_not_keep_its_lock(file: Path, holder: subprocess.Popen[str]) -> None:
    holder.kill()
    with locked(file, timeout=30.0):
        pass


def test_through_a_link_the_lock_is_that_of_the_file_itself(
    file: Path, holder: subprocess.Popen[str], tmp_path: Path
) -> None:
    link = tmp_path / "link"
    link.symlink_to(file)
    with pytest.raises(StoreError, match="Another program"), locked(link, timeout=0.1):
        pass


def test_the_lock_file_stays_private_and_beside_the_file(file: Path) -> None:
    with locked(file):
        pass
    lock = file.with_name("watchlist.toml.lock")
    assert lock.stat().st_mode & 0o777 == 0o600
    assert names(file.parent) == ["watchlist.toml", "watchlist.toml.lock"]


def test_an_error_inside_the_lock_passes_and_frees_it(file: Path) -> None:
    with pytest.raises(LookupError), locked(file):
        raise LookupError
    with locked(file, timeout=0.1):
        pass


def test_a_lock_that_cannot_be_given_back_is_said(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StoreError, match=r"Cannot unlock .*the disk reports an error"), locked(file):
        monkeypatch.setattr("fcntl.flock", failing(errno.EIO))
    monkeypatch.undo()


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP])
def test_a_file_system_without_locks_is_detected_and_said(
    file: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    monkeypatch.setattr("fcntl.flock", failing(code))
    with pytest.raises(StoreError, match="locks do not work on its file system"), locked(file):
        pass
    assert file.read_bytes() == OLD


def test_a_read_only_file_system_is_said_when_the_lock_is_made(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real_open = os.open

    def open_(path: str, flags: int, *arguments: int, **options: int) -> int:
        if flags & os.O_CREAT:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return real_open(path, flags, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", open_)
        with pytest.raises(StoreError, match=r"Cannot lock .*read-only"), locked(file):
            pass


def test_filelock_and_tempfile_are_imported_only_when_needed() -> None:
    program = (
        "import sys, ecovai_tui.store.files, ecovai_tui.store.files;"
        "print(sorted({'filelock', 'tempfile', 'platformdirs', 'asyncio'} & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"


def test_an_error_nobody_foresaw_is_told_in_the_words_of_the_system() -> None:
    error = store_error("save", "/x", OSError(errno.EBUSY, os.strerror(errno.EBUSY)))
    assert str(error) == f"Cannot save /x: {os.strerror(errno.EBUSY)}."


@pytest.mark.parametrize(
    ("path", "shown"),
    [(b"/a\xff", "/a\\udcff"), ("/a\x1b[2J", "/a\\x1b[2J"), ("/音乐/x", "/音乐/x"), ("/a\nb", "/a\\nb")],
)
def test_a_path_is_shown_so_that_no_terminal_obeys_it(path: str | bytes, shown: str) -> None:
    assert shown_path(os.fsdecode(path)) == shown
