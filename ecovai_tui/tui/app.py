"""The Textual app: wiring only. Themes, the one screen, the monitor's task, signals, and the way out."""

from __future__ import annotations

import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import BindingType
from textual.css.query import NoMatches
from textual.driver import Driver
from textual.filter import LineFilter
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.timer import Timer
from textual.widget import MountError, Widget
from textual.worker import Worker, WorkerFailed, WorkerState

from ecovai_tui.language import later, tr
from ecovai_tui.store.errors import StoreError
from ecovai_tui.tasks.text import clean_text
from ecovai_tui.terminal.sequences import AMBIGUOUS_WIDTH, WIDE_SIGN, WindowTitle, call_user
from ecovai_tui.tui.context import Context, UiStateStore
from ecovai_tui.tui.keyboard import Keyboard, binding, performing
from ecovai_tui.tui.main_screen import MainScreen
from ecovai_tui.tui.task_list import collect_from_now
from ecovai_tui.tui.terminal_window import ask_for_graphics, leave_on_signals, suspend_on_signals
from ecovai_tui.tui.textual_patches.driver import NoKey, SleepingDriver, TerminalAnswer, limit_frames
from ecovai_tui.tui.textual_patches.screen_buffer import FramedApp
from ecovai_tui.tui.textual_patches.type_ahead import Meaning, Plain, TypedAhead
from ecovai_tui.tui.ticker import SLOW, USUAL
from ecovai_tui.tui.toasts import Toast
from ecovai_tui.tui.widget_colours import SignFilter, Themes, encoding_filter, narrow_filter
from ecovai_tui.tui.widgets.lines import PlainBar
from ecovai_tui.view.actions import CHANGING, Group, bound_actions
from ecovai_tui.view.theme_choice import default_theme

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from ecovai_tui.tui.actions import Handler
    from ecovai_tui.tui.context import Options, Session
    from ecovai_tui.tui.toasts import Gravity

STYLES = Path(__file__).parent / "styles"

ENGINE = "monitor"
"""The name of the worker that runs the monitor."""

SOON = 2.0
"""Seconds after which it is written down what the terminal sent that is no key."""

TURN = 0.001
"""Seconds after which one thread makes way for another; Python's usual 5 ms keep what is painted from being sent."""

ON_THE_WAY = later("Sent: leaves when its id is here, 4 min at most. Again: leaves now, and may lose it.")


class MonitorApp(FramedApp, inherit_bindings=False):
    """Shows one session."""

    TITLE = "ecovai-tui"
    BINDINGS: ClassVar[list[BindingType]] = [binding("quit-anywhere", "app.leave", priority=True)]
    CSS_PATH: ClassVar[list[str | PurePath]] = [STYLES / "main.tcss"]
    ENABLE_COMMAND_PALETTE = False  # its place is taken by a palette of our own actions

    def __init__(self, session: Session, options: Options) -> None:
        """Raise SettingsError for keys that cannot be used, and ThemeError for a theme that does not exist."""
        settings = session.settings
        actions = bound_actions(settings.keys, settings.filters, settings.commands, readonly=settings.readonly)
        self._options, keyboard = options, Keyboard(actions, ascii_only=options.ascii)
        limit_frames((SLOW if options.slow_link else USUAL).frames)
        encoding = options.capabilities.encoding
        self._sign_filters: list[SignFilter] = [] if encoding == "utf-8" else [encoding_filter(encoding)]
        super().__init__(links=options.capabilities.links, erases=options.capabilities.erases_in_colour)
        self.animation_level = "none"
        ScrollBar.renderer = PlainBar if options.ascii else ScrollBarRender
        meaning = Meaning(lambda: self.screen.focused, keyboard.__contains__, self._ignore)
        self.context = Context(
            session=session,
            options=options,
            keyboard=keyboard,
            ui_state=UiStateStore(options),
            themes=Themes(self, options.themes_folder),
            typed_ahead=TypedAhead(meaning.of, self._deliver, self._took_effect, self.call_later),
            window_title=WindowTitle(options.capabilities, self.send_to_terminal),
            say=self.say,
            announce=self.announce,
            send_to_terminal=self.send_to_terminal,
            redraw=self.paint_again,
            leave=self.leave,
        )
        remembered, usual = self.context.ui_state.theme, default_theme(options.capabilities.depth)
        self.theme = self.context.themes.begin_with(options.theme, remembered, usual)
        self.stylesheet.set_variables(self.get_css_variables())
        self.fault: Exception | None = None
        """The error of our own by which the app ended."""
        self._leaving = self._leaves_next = False
        self._pending_writes: Timer | None = None
        self._concerned: frozenset[DOMNode] = frozenset()
        """What a key goes through that was delivered last."""
        self.set_keymap(keyboard.keymap)
        for action in keyboard.actions:
            if (action.query or action.command) and action.keys:  # Textual knows the others by their ids
                self.bind(",".join(action.keys), performing(action.id), show=False)

    def get_driver_class(self) -> type[Driver]:
        """Return the driver that sleeps in place of the one that it is a kind of."""
        usual = super().get_driver_class()
        return SleepingDriver if issubclass(SleepingDriver, usual) else usual

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return how edges are drawn, and what becomes of a line that is too long, as the style sheets name it.

        The themes of the terminal's own colours that come with Textual have no ground for fields.
        """
        if self._options.ascii:
            return {"edge": "ascii", "frame": "ascii", "cut": "clip", "surface-active": "ansi_default"}
        return {"edge": "solid", "frame": "round", "cut": "ellipsis", "surface-active": "ansi_default"}

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what every line goes through on its way to the terminal."""
        return [*super().get_line_filters(), *self._sign_filters]

    def get_default_screen(self) -> MainScreen:
        """Return the one screen."""
        return MainScreen(self.context, self.size)

    async def on_event(self, event: events.Event) -> None:
        """Clean what is pasted before any widget shows it: Textual would hand its controls on to the terminal."""
        if isinstance(event, events.Paste):
            event.text = clean_text(event.text, len(event.text))
        if self.context.typed_ahead.takes(event) and not self._leaves(event):
            await self.context.typed_ahead.take(event)
        else:
            await super().on_event(event)

    def refresh_css(self, animate: bool = True) -> None:
        """Style everything again, unless there is no screen yet: its style sheets are read in time with this theme."""
        if self.children:
            with self.batch_update():  # the screen below a dialog is styled after the dialog is painted
                super().refresh_css(animate)

    def on_mount(self) -> None:
        """Leave on signals, and let another pane ask while suspended."""
        if not self._options.ascii:
            self.send_to_terminal(AMBIGUOUS_WIDTH)
        self.run_worker(ask_for_graphics(self._options, self.send_to_terminal))
        leave_on_signals(self.leave)
        suspend_on_signals(self, self._step_down, self.paint_again)
        self.app_suspend_signal.subscribe(self, lambda _app: self.context.window_title.give_back(), immediate=True)
        self.app_resume_signal.subscribe(self, lambda _app: self.main.show_status())

    def on_cursor_position(self, event: events.CursorPosition) -> None:
        """Take signs that are narrow everywhere, where the terminal answers that it draws others two cells wide."""
        if event.x == WIDE_SIGN and not self._sign_filters:
            self._sign_filters = [narrow_filter()]
            self._options.pictures.give_up()
            self.place_ambiguous_cells()
            for screen in self.screen_stack:
                for node in screen.walk_children(Widget, with_self=True):
                    node.refresh()  # also what a frame alone shows, which nothing else would paint anew

    def on_terminal_answer(self, event: TerminalAnswer) -> None:
        """Draw pictures as the terminal can, as it turns out."""
        graphics = self._options.pictures
        before = graphics.way, graphics.cell
        self.send_to_terminal(graphics.take(event.text))
        if (graphics.way, graphics.cell) != before:
            self.main.panes.fill()

    def on_ready(self) -> None:
        """Start the monitor, now that the first screen is painted, and tell of themes that cannot be used."""
        collect_from_now()
        if complaints := [*self.context.themes.complaints(self.theme)]:
            self.say("\n".join(complaints), title=tr("Not all themes can be used"), gravity="warning")
        self.main.panes.fill()
        engine = self.context.session.engine
        engine.subscribe(self.main.follow_engine)
        engine.look_also(self.context.themes.fingerprint, self._reload_themes)
        self.run_worker(engine.run(), name=ENGINE, exit_on_error=False)
        self.run_worker(self.main.files.go_on())
        self.context.session.start_hooks(lambda fault: self.say(fault, gravity="warning"))
        handlers()

    def _reload_themes(self) -> None:
        self.context.themes.reload(lambda text: self.say(text, gravity="warning"))

    def on_no_key(self, event: NoKey) -> None:
        """Count what the terminal sent that is no key; if it shows that an escape was none, take that back."""
        for ignored in event.ignored:
            self._ignore(ignored.what)
        late = any(ignored.late for ignored in event.ignored)
        if late and self.screen is self.main and (action_id := self.context.typed_ahead.take_back()):
            self.action_perform(action_id)

    def _ignore(self, kind: str) -> None:
        self.context.ui_state.note_ignored(kind, time.time())
        if self._pending_writes is None:
            self._pending_writes = self.set_timer(SOON, self._save_memory)

    def _save_memory(self) -> None:
        self._pending_writes = None
        self.context.ui_state.save()

    def on_app_blur(self) -> None:
        """Spare link and gateway while nobody looks at this pane."""
        self._once_mounted(self.main.ticker.look_away)

    def on_app_focus(self) -> None:
        """Catch up."""
        self._once_mounted(self.main.ticker.look_back)

    def _once_mounted(self, look: Callable[[], None]) -> None:
        """Do it now, or after the first paint where the terminal told of its focus before there was a screen."""
        if self.main.is_mounted:
            look()
        else:
            self.main.call_after_refresh(look)

    def on_unmount(self) -> None:
        """Give the window its former title back."""
        self.context.window_title.give_back()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Say so if the monitor ended by an error of its own: what is shown is no longer kept up to date."""
        if event.worker.name == ENGINE and event.state is WorkerState.ERROR:
            self.main.engine_failed(event.worker.error)

    @property
    def main(self) -> MainScreen:
        """The one screen, also while a dialog stands before it."""
        return next(screen for screen in self.screen_stack if isinstance(screen, MainScreen))

    def action_perform(self, action_id: str) -> None:
        """Perform an action of the registry; one that takes its time does so beside the event loop's other work."""
        action = self.context.keyboard[action_id]
        if (action.command or action_id in CHANGING) and self.context.session.settings.readonly:
            self.say(tr("This run is read-only: nothing is changed."))
            return
        if action.query or action.command:
            self.main.listing.perform(action)
            return
        waiting = handlers()[action_id](self.main)
        if waiting is not None or action.asks:
            self.context.typed_ahead.hold()
        if waiting is not None:
            self.main.run_worker(self._finish(waiting))

    async def _finish(self, waiting: Awaitable[None]) -> None:
        try:
            await waiting
        except StoreError as error:
            self.say(str(error), gravity="error")
        finally:
            self.call_later(self.context.typed_ahead.hand_over)

    def _leaves(self, event: events.Event) -> bool:
        """Return whether a key leaves from anywhere, so that nothing may hold it up."""
        action = self.context.keyboard.action_of(event) if isinstance(event, events.Key) else None
        return action is not None and action.id == "quit-anywhere"

    async def _deliver(self, typed: Plain) -> bool:
        if isinstance(typed, events.Key) and typed.key != "escape":
            self.context.typed_ahead.unfinished = None
        clicked = self.mouse_over if isinstance(typed, events.MouseEvent) else None
        self._concerned = self._in_focus() | frozenset(clicked.ancestors_with_self if clicked else ())
        moves_on = not self._leaves_focus_alone(typed)
        if isinstance(typed, events.Key):
            self.main.toasts.take_key()
        await super().on_event(typed)
        return moves_on

    def _leaves_focus_alone(self, typed: Plain) -> bool:
        """Return whether what is typed next goes to the same widget anyway: as text and going up and down do.

        Such keys need not wait for each other, and share a paint where many come together.
        """
        focused = self.screen.focused
        if not isinstance(typed, events.Key):
            return False
        if focused is not None and focused.check_consume_key(typed.key, typed.character):
            return True
        action = self.context.keyboard.action_of(typed)
        return self.screen is self.main and action is not None and action.group is Group.MOVE

    def _took_effect(self) -> bool:
        """Return whether nothing is left to be handled where the last key went, and where the focus is now."""
        return not any(node.message_queue_size for node in self._concerned | self._in_focus())

    def _in_focus(self) -> frozenset[DOMNode]:
        """Return the widget that has the focus, and all above it up to the app."""
        return frozenset((self.screen.focused or self.screen).ancestors_with_self)

    def say(self, text: str, *, title: str = "", gravity: Gravity = "information") -> None:
        """Say something where it covers nothing; warnings and errors stay until a key is pressed."""
        self.main.toasts.show(Toast(text, title, gravity))

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: Gravity = "information",
        timeout: float | None = None,  # noqa: ARG002  # Textual's signature
        markup: bool = True,  # noqa: ARG002  # as above
    ) -> None:
        """Say in our own way what Textual has to say: its toasts would stand before text."""
        self.say(message, title=title, gravity=severity)

    def announce(self, toast: Toast, *, shown: bool = True, rings: bool = True, asks: str = "") -> None:
        """Say something unless it is seen anyway, and ring, or notify the desktop as well, as the settings say."""
        if shown:
            self.main.toasts.show(toast)
        if rings and asks:
            self.run_worker(self._ring_once(toast, asks))
            return
        options, settings = self._options, self.context.session.settings
        quiet = settings.quiet_hours and settings.quiet_hours.holds(self.context.session.clock.now())
        if rings and not quiet:
            title = f"{toast.sign} {tr(toast.phase)}" if toast.sign else toast.title
            text = toast.name or toast.text
            data = call_user(settings.notify, title, text, options.capabilities, options.environment)
            self.send_to_terminal(data)

    async def _ring_once(self, toast: Toast, asks: str) -> None:
        session = self.context.session
        now = session.clock.now()
        if await session.worker.run(lambda replica: replica.claim_event(asks, "needs you", now)):
            self.announce(toast, shown=False)

    def _step_down(self) -> None:
        self.context.session.engine.step_down()

    def send_to_terminal(self, data: bytes) -> None:
        """Send a sequence that Textual knows nothing of."""
        if data and self._driver is not None:
            self._driver.write(data.decode())

    def _handle_exception(self, error: Exception) -> None:
        """Remember an error of our own, which ``run_monitor`` raises once the terminal is the shell's again.

        Textual mounts nothing once the app is to end: who then finds no widgets of his own has done nothing wrong.
        """
        cause = error.error if isinstance(error, WorkerFailed) else error
        if self._leaving and isinstance(cause, (NoMatches, MountError)):
            return
        self.fault = self.fault or error
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Leave without Textual's traceback: it shows local variables, and is nothing for people."""
        self._close_messages_no_wait()

    def action_leave(self) -> None:
        """Leave, whatever stands on the screen."""
        self.leave()

    def leave(self) -> None:
        """Remember how the screen is left, and end the run; while a submission is under way, only if told again."""
        if self.context.session.submitting and not self._leaves_next:
            self._leaves_next = True
            self.say(tr(ON_THE_WAY), gravity="warning")
            self.run_worker(self._leave_with_the_answer())
            return
        if self.main.is_mounted:
            self.context.ui_state.note(self.main.look)
        self._leaving = True
        self.main.files.let_go()
        self.exit(0)

    async def _leave_with_the_answer(self) -> None:
        await self.context.session.submissions.all_over()
        self.leave()


def handlers() -> Mapping[str, Handler]:
    """Return what performs each action: loaded behind the first paint, and before the first key."""
    from ecovai_tui.tui.actions import HANDLERS  # noqa: PLC0415  # not needed for the first paint

    return HANDLERS


def run_monitor(session: Session, options: Options) -> int:
    """Run the TUI until the user leaves; return the exit code.

    Raises SettingsError for keys that cannot be used, and ThemeError for a theme that does not exist, before the
    terminal is taken over; after it is given back, whatever ended the app that is our own fault.
    """
    sys.setswitchinterval(TURN)
    app = MonitorApp(session, options)
    code = app.run(mouse=options.mouse) or app.return_code or 0
    app.context.ui_state.save()
    if app.fault is not None:
        raise app.fault
    return code
