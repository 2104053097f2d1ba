"""Make a picture of the README: ``.venv/bin/python docs/make_picture.py [FILE [SIZE]]``, by default ``docs/demo.svg``.

The wide one is ``docs/make_picture.py docs/wide.svg 180x44``.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from ecovai_tui.commands.demo import opened_demo
from ecovai_tui.commands.shared.command_parser import make_parser
from ecovai_tui.engine.session import Session
from ecovai_tui.store.paths import find_paths
from ecovai_tui.terminal.capabilities import read_capabilities
from ecovai_tui.tui.app import MonitorApp
from ecovai_tui.tui.context import Options
from ecovai_tui.tui.widgets.task_table import TaskTable

SIZE = "120x30"
"""Cells, where no other size is asked for."""

TITLE = "Harbour Lights"
"""The song whose lyrics the panel shows."""


async def picture(session: Session, themes: Path, size: tuple[int, int]) -> str:
    """Return the demo as SVG, a moment after its first reply."""
    environment = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
    capabilities = read_capabilities(environment, is_terminal=True, encoding="utf-8")
    app = MonitorApp(session, Options(capabilities=capabilities, themes_folder=themes, theme="ecovai-dark", demo=True))
    async with app.run_test(size=size) as pilot:
        while not (ids := [task.id for task in session.replica.watched() if task.summary.title == TITLE]):
            await pilot.pause(0.1)
        app.main.query_one(TaskTable).move_to(ids[0])
        await pilot.pause(3)
        return app.export_screenshot(title="ecovai-tui --demo")


def main() -> None:
    """Write the picture."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("demo.svg")
    columns, lines = map(int, (sys.argv[2] if len(sys.argv) > 2 else SIZE).split("x"))  # noqa: PLR2004
    with TemporaryDirectory() as folder:
        paths = find_paths({**os.environ, "ECOVAI_CONFIG_DIR": folder})
        with opened_demo(make_parser().parse_args(["--demo", "--theme", "ecovai-dark"]), paths) as session:
            svg = asyncio.run(picture(session, Path(folder), (columns, lines)))
    target.write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
