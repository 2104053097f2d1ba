"""What is handed to screens, dialogs and handlers: the engine may be the real one or the tests' own."""

from __future__ import annotations

import pytest
from app_harness import HandSession, MakeApp, MakeSession

from ecovai_tui.engine.engine import Engine as PollingEngine
from ecovai_tui.engine.session import Session as OpenProfile
from ecovai_tui.tui.context import Engine, Session


def members(protocol: type[object]) -> set[str]:
    return {name for name in vars(protocol) if not name.startswith("_")}


def test_every_engine_does_what_the_screens_ask_of_one(make_session: MakeSession) -> None:
    for engine in (PollingEngine, make_session().engine):
        assert {name for name in members(Engine) if not hasattr(engine, name)} == set()


def test_every_session_has_what_the_screens_ask_of_one() -> None:
    assert members(Session) <= {*vars(HandSession), *HandSession.__annotations__}
    own = {*vars(OpenProfile), *OpenProfile.__init__.__annotations__}
    assert members(Session) <= own


def test_nobody_changes_what_all_are_handed(make_session: MakeSession, make_app: MakeApp) -> None:
    session: HandSession = make_session()
    context = make_app(session).context
    assert context.session is session
    with pytest.raises(AttributeError):
        context.options = context.options  # type: ignore[misc]  # this is what is forbidden
