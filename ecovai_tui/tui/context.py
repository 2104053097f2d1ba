"""What one run of the TUI is made of, handed in at construction: session, options, keys, and ways to say things."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Protocol

from ecovai_tui.store.errors import StoreError
from ecovai_tui.store.ui_state import IgnoredInput, UiState, read_ui_state, remember
from ecovai_tui.tasks.model import is_id
from ecovai_tui.terminal.capabilities import Capabilities
from ecovai_tui.terminal.graphics import Graphics

if TYPE_CHECKING:
    from ecovai_tui.engine.submitting import Submissions
    from ecovai_tui.engine.updates import EngineState, Link, Listener
    from ecovai_tui.engine.worker import Clock, ReplicaWorker
    from ecovai_tui.store.replica import Replica
    from ecovai_tui.store.settings_file import Notify
    from ecovai_tui.store.settings_tables import QuietHours
    from ecovai_tui.store.watchlist import Added, Undone
    from ecovai_tui.terminal.sequences import WindowTitle
    from ecovai_tui.tui.keyboard import Keyboard
    from ecovai_tui.tui.textual_patches.type_ahead import TypedAhead
    from ecovai_tui.tui.toasts import Gravity, Toast
    from ecovai_tui.tui.widget_colours import Themes


class Engine(Protocol):
    """What the TUI asks of the engine, which polls the gateway and reports to its listeners."""

    interval: float
    """Seconds between two looks at a young task."""

    @property
    def link(self) -> Link:
        """How things stand between us and the gateway."""

    def subscribe(self, listener: Listener, /) -> Callable[[], None]:
        """Call the listener with every Update from now on; the function returned ends it."""

    def look_also(self, fingerprint: Callable[[], object], changed: Callable[[], None], /) -> None:
        """Look at other files of the user now and then, and call back when they are other than before."""

    async def run(self) -> None:
        """Keep the watched tasks up to date until cancelled."""

    async def refresh(self, ids: Iterable[str] = ()) -> None:
        """Poll everything that is open at once, and these ids even if they are settled."""

    def pause(self) -> None:
        """Send no more requests."""

    def resume(self) -> None:
        """Go on after a pause."""

    def look_away(self) -> None:
        """Poll less often: nobody looks at this pane."""

    def look_back(self) -> None:
        """Poll as usual again."""

    def step_down(self) -> None:
        """Leave a request under way to other instances, as this one is suspended."""

    async def add(self, ids: Iterable[str], label: str = "") -> Added:
        """Put ids on the watch list. Raises StoreError."""

    async def remove(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Take ids off the watch list, and return those that were on it. Raises StoreError."""

    async def undo(self) -> Undone:
        """Take back the last removal, or the labels given since. Raises StoreError."""

    async def set_labels(self, ids: Iterable[str], label: str) -> None:
        """Give tasks a label, or take theirs away with an empty one. Raises StoreError."""


class Settings(Protocol):
    """The settings that the TUI reads itself."""

    @property
    def base_url(self) -> str:
        """The address of the gateway."""

    @property
    def config_file(self) -> Path:
        """Where the settings stand, be there such a file or not."""

    @property
    def profile(self) -> str | None:
        """The name of the profile, None for the usual one."""

    @property
    def keys(self) -> Mapping[str, str]:
        """The user's keys by action."""

    @property
    def filters(self) -> Mapping[str, str]:
        """The user's saved filters by their names."""

    @property
    def commands(self) -> Mapping[str, str]:
        """The user's own command lines by their names."""

    @property
    def readonly(self) -> bool:
        """Whether nothing on the disk is changed."""

    @property
    def auto_download(self) -> bool:
        """Whether the music of each task is kept as soon as it is finished."""

    @property
    def player(self) -> Sequence[str]:
        """The user's player and its options; none for whichever is there."""

    @property
    def columns(self) -> Sequence[str]:
        """The columns of the list of tasks by their names, none for the usual ones."""

    @property
    def quiet_hours(self) -> QuietHours | None:
        """From when to when neither bell nor hook is wanted."""

    @property
    def notify(self) -> Notify:
        """How tasks that become final are announced beyond the screen: off, bell or desktop."""


class Download(Protocol):
    """One file that is wanted, from the wish to the end."""

    told: str
    """Why it was not kept."""

    @property
    def task(self) -> str:
        """The id of its task."""

    @property
    def clip(self) -> str:
        """The id of its clip."""

    @property
    def title(self) -> str:
        """What people call it."""

    @property
    def over(self) -> bool:
        """Whether nothing more happens to it."""

    @property
    def done(self) -> int:
        """Bytes that have come."""

    @property
    def total(self) -> int | None:
        """Bytes of the whole file, None while that is not known."""

    @property
    def percent(self) -> int | None:
        """How much of it has come, None while that is not known."""

    @property
    def file(self) -> str:
        """The name of the file that was saved, "" while there is none."""


class Downloads(Protocol):
    """What fetches files beside the screen."""

    @property
    def under_way(self) -> Sequence[Download]:
        """Those that are not over, in the order in which they were asked for."""

    def subscribe(self, listener: Callable[[Download], None], /) -> None:
        """Call the listener whenever the state of one changes."""

    async def keep(self, clips: Mapping[str, Iterable[str]]) -> Sequence[Download]:
        """Begin to fetch the files of tasks, of all finished clips where none is named."""

    def stop(self) -> None:
        """Let go of everything that is under way."""


class Session(Protocol):
    """An open profile. Its engine is made when it is first asked for, which is after the first paint."""

    @property
    def settings(self) -> Settings:
        """The settings."""

    @property
    def replica(self) -> Replica:
        """The last known state of every task, for the first screen alone."""

    @property
    def worker(self) -> ReplicaWorker:
        """The thread that reads it later."""

    @property
    def clock(self) -> Clock:
        """The clock."""

    @property
    def engine(self) -> Engine:
        """The engine."""

    @property
    def submissions(self) -> Submissions:
        """What is submitted with; made when it is first asked for."""

    @property
    def submitting(self) -> bool:
        """Whether the answer to a submission is awaited."""

    def start_hooks(self, report: Callable[[str], None]) -> None:
        """Run the user's hooks from now on; ``report`` is told of those that fail."""

    async def run_command(self, command: str, ids: Sequence[str]) -> str:
        """Run a command line of the user's for each of the tasks, and return what was wrong with it, else ""."""

    @property
    def downloads(self) -> Downloads:
        """What fetches files, imported when it is first needed."""

    @property
    def state(self) -> EngineState:
        """How things stand with the engine, also before there is one."""


def ids_among_words(text: str) -> list[str]:
    """Return every word that can be an id, each once."""
    words = (word.strip("\"'`,;") for word in text.split())
    return list(dict.fromkeys(word for word in words if is_id(word)))


class Options(NamedTuple):
    """How the TUI is to look and behave in this run."""

    capabilities: Capabilities
    themes_folder: Path
    """Where the user's own themes are; it need not exist."""
    environment: Mapping[str, str] = MappingProxyType({})
    theme: str | None = None
    """The theme to begin with; None for the one that suits the terminal."""
    ui_state: Path | None = None
    """The file that tells how the screen was left; None where nothing is remembered."""
    demo: bool = False
    """Then nothing is written."""
    mouse: bool = True
    ascii: bool = False
    slow_link: bool = False
    """Whether the link is slow, as the user says."""
    pictures: Graphics = Graphics("off")
    """What the terminal can do with saved pictures, and whether they are shown."""
    find_ids: Callable[[str], Sequence[str]] = ids_among_words
    """Finds ids in a pasted text."""


class UiStateStore:
    """Holds how the screen was left last time, and writes down how it is left now; the demo writes nothing."""

    def __init__(self, options: Options) -> None:
        self._path = options.ui_state
        self._writes = not options.demo
        self._depth = options.capabilities.depth.name.lower()
        self._written = read_ui_state(options.ui_state)
        self.state = self._written
        """How the screen is now; begins as it was left."""
        self._ignored = IgnoredInput()

    @property
    def theme(self) -> str | None:
        """The theme that was picked on a terminal of as many colours, None if there is none."""
        return self.state.themes.get(self._depth)

    def pick_theme(self, theme: str) -> None:
        """Remember a theme for terminals of as many colours."""
        self.state = self.state.with_theme(self._depth, theme)
        self.save()

    def note_ignored(self, kind: str, now: float) -> None:
        """Count one more thing that the terminal sent and that is no key; the first of a run begins at one."""
        self._ignored = self._ignored.with_one(kind, now)
        self.state = self.state._replace(ignored=self._ignored)

    def note(self, now: UiState) -> None:
        """Remember the order, the panel and its tab."""
        self.state = now._replace(themes=self.state.themes, ignored=self.state.ignored)

    def save(self) -> None:
        """Write down what became different; a disk that takes nothing only costs the memory."""
        if self._path is not None and self._writes:
            with suppress(StoreError):
                remember(self._path, self._written, self.state)
                self._written = self.state


class Say(Protocol):
    """Says something where it covers nothing; warnings and errors stay until a key is pressed."""

    def __call__(self, text: str, *, title: str = "", gravity: Gravity = "information") -> None:
        """Say it."""


class Announce(Protocol):
    """Says something unless it is seen anyway, and rings or notifies the desktop as well, as the settings say."""

    def __call__(self, toast: Toast, *, shown: bool = True, rings: bool = True, asks: str = "") -> None:
        """Say it; where it is that a change ``asks`` for the user, one pane alone rings."""


class Context(NamedTuple):
    """What screens, dialogs and handlers work with; who is handed it needs no way to the app."""

    session: Session
    options: Options
    keyboard: Keyboard
    ui_state: UiStateStore
    themes: Themes
    typed_ahead: TypedAhead
    window_title: WindowTitle
    say: Say
    announce: Announce
    send_to_terminal: Callable[[bytes], None]
    """Sends a sequence that Textual knows nothing of."""
    redraw: Callable[[], None]
    leave: Callable[[], None]
