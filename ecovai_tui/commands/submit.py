"""``ecovai-tui submit``: make something: one paid request, sent once, whose id cannot be lost."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from contextlib import closing, suppress

from ecovai_tui.commands.shared.command_line import UsageError
from ecovai_tui.commands.shared.output import ExitCode, say, write_json, write_json_line, write_now
from ecovai_tui.commands.shared.run_settings import find_key, read_settings
from ecovai_tui.commands.shared.submission_words import add_submission_arguments, read_submission
from ecovai_tui.commands.shared.watching import LiveLine
from ecovai_tui.commands.wait import Aim, Output, wait_for
from ecovai_tui.engine.disk_watcher import of_profile
from ecovai_tui.engine.submitting import Sent, Submitter, price_of
from ecovai_tui.gateway.billing import Price
from ecovai_tui.gateway.submission import Submission, clip_of_unknown_task, warnings_of, with_task
from ecovai_tui.gateway.submit import Verdict
from ecovai_tui.language import later, sentences, tr
from ecovai_tui.store.credentials import origin
from ecovai_tui.store.errors import StoreError
from ecovai_tui.store.files import Paths, find_paths, is_there
from ecovai_tui.store.receipt_file import Receipt, ReceiptFile, RepeatedError
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.settings import Settings
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.tasks.text import clean_line, in_english_words
from ecovai_tui.tasks.times import exact_duration, full_time, iso_time
from ecovai_tui.view.submission_form import used_in_words

EXAMPLES = later("""
examples:
  ecovai-tui submit music --describe "a lamp on the harbour wall" --wait
  ecovai-tui submit music --lyrics song.txt --title Harbour --tags "sea shanty"
  ecovai-tui submit music --extend CLIP@80 --field task_id=ID --lyrics -
  ecovai-tui submit lyrics "rain on a tin roof"
  ecovai-tui submit upload https://music.example/song.mp3
  ecovai-tui submit concat CLIP

The id goes to standard output and onto the watch list. What is sent has a
receipt, written before it goes out: ecovai-tui receipts lists them.

exit codes:
  0 accepted · 2 usage, or the same went out within ten minutes (--again)
  3 refused, or no gateway · 5 key refused or used up
  7 nobody knows: it may have been charged, so do not send it again
With --wait: those of ecovai-tui wait.
""")

_TICK = 1.0


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    add_submission_arguments(parser)
    parser.add_argument("--label", metavar="TEXT", default="", help=tr("a note of your own on the task"))
    parser.add_argument("--wait", action="store_true", help=tr("wait until it is final, like ecovai-tui wait"))
    parser.add_argument("--download", action="store_true", help=tr("wait, and save what was made"))
    parser.add_argument("--again", action="store_true", help=tr("send it although the same was sent a moment ago"))
    parser.add_argument(
        "--dry-run", action="store_true", help=tr("show what would be sent and its price; send nothing")
    )
    parser.add_argument("--json", action="store_true", help=tr("print the receipt and the outcome as JSON"))


def run(arguments: Namespace) -> ExitCode:
    """Send it, or show what would be sent."""
    submission = read_submission(arguments)
    paths = find_paths(os.environ)
    settings = read_settings(arguments, paths)
    if settings.readonly and not arguments.dry_run:
        raise UsageError(tr("A read-only run (--readonly, or readonly = true in the settings) submits nothing."))
    submission = _with_origin(submission, settings, paths)
    for warning in warnings_of(submission):
        say(f"ecovai-tui: {warning}")
    if arguments.dry_run:
        return _show(settings, submission, as_json=arguments.json)
    return _send(arguments, settings, paths, submission)


def _with_origin(submission: Submission, settings: Settings, paths: Paths) -> Submission:
    """Return an extension with the id of the task that made the clip, where that is known and was not given."""
    clip, path = clip_of_unknown_task(submission), paths.replica(settings.profile, settings.watchlist)
    if clip is None or not is_there(path):
        return submission
    with closing(Replica(path, origin(settings.base_url))) as replica, suppress(StoreError):
        return with_task(submission, replica.task_of_clip(clip))
    return submission


def _show(settings: Settings, submission: Submission, *, as_json: bool) -> ExitCode:
    price = asyncio.run(price_of(settings, submission.kind))
    url = settings.base_url + submission.path
    if as_json:
        amount = None if price is None else price.amount
        write_json({"dry_run": True, "url": url, "body": submission.fields, "price": amount})
        return ExitCode.WELL
    write_json(submission.fields)
    say(sentences(tr("This would be sent to {url}; nothing was sent.", url=url), _price_in_words(price)))
    return ExitCode.WELL


def _price_in_words(price: Price | None) -> str:
    if price is None:
        return tr("What it costs, this gateway does not tell.")
    ratios = tr(", ").join(f"{group} {ratio:g}" for group, ratio in price.ratios.items() if ratio != 1)
    if not ratios:
        return tr("It costs ${amount:g}.", amount=price.amount)
    return tr(
        "It costs ${amount:g}, times the ratio of your group ({ratios}, others 1).", amount=price.amount, ratios=ratios
    )


def _send(arguments: Namespace, settings: Settings, paths: Paths, submission: Submission) -> ExitCode:
    key, receipts = find_key(settings), ReceiptFile(paths.receipts)
    _take_up(settings, receipts)
    submitter = Submitter(settings, key, receipts)
    try:
        sent = asyncio.run(_under_way(submitter, submission, arguments))
    except RepeatedError as error:
        raise UsageError(_same_again(error.receipt)) from None
    except asyncio.CancelledError:
        say(tr("ecovai-tui: Nothing was sent."))
        return ExitCode.INTERRUPTED
    code = code_of(sent)
    waits = arguments.wait or arguments.download
    if not (waits and code is ExitCode.WELL and sent.outcome.task_id):
        return code
    output, ids = Output.JSON if arguments.json else Output.WORDS, (sent.outcome.task_id,)
    return wait_for(settings, paths, key, ids, Aim(), alone=True, output=output, download=arguments.download)


def _take_up(settings: Settings, receipts: ReceiptFile) -> None:
    """Watch what an earlier run paid and was killed before it could put it on the watch list."""
    try:
        of_profile(settings, receipts.path, WatchListFile(settings.watchlist)).take_up(time.time())
    except StoreError as error:
        say(f"ecovai-tui: {error}")


def code_of(sent: Sent) -> ExitCode:
    """Return the exit code of what became of a submission."""
    outcome = sent.outcome
    if outcome.verdict is Verdict.ACCEPTED:
        return ExitCode.WELL
    if outcome.verdict is Verdict.UNKNOWN:
        return ExitCode.UNKNOWN
    return ExitCode.KEY if outcome.of_key else ExitCode.GATEWAY


def _same_again(receipt: Receipt) -> str:
    state = tr(receipt.state)
    if receipt.ids:
        state = tr("{state}, as {ids}", state=state, ids=" ".join(receipt.ids))
    return tr(
        "The same was sent at {at} (receipt {number}, {state}), so nothing was sent now: it would "
        "be paid twice. --again sends it all the same.",
        at=full_time(receipt.at),
        number=receipt.number,
        state=state,
    )


async def _under_way(submitter: Submitter, submission: Submission, arguments: Namespace) -> Sent:
    """Send, tell what became of it, and then note what the key has used; signals cannot lose the outcome."""
    label = clean_line(arguments.label)
    task = asyncio.create_task(submitter.send(submission, label=label, again=arguments.again))
    _Leaving(submitter, task).listen()
    began, live = time.monotonic(), LiveLine()
    while not task.done():
        if submitter.under_way:
            live.show(
                tr(
                    "sent, waiting for the answer: {exact_duration}",
                    exact_duration=exact_duration(time.monotonic() - began),
                )
            )
        await asyncio.wait({task}, timeout=_TICK)
    live.clear()
    sent = await task
    _tell(sent, as_json=arguments.json)
    if sent.outcome.verdict is not Verdict.REFUSED:
        await _note_used(submitter, sent)
    return sent


class _Leaving:
    """Takes the signals: the first one is answered with what leaving would mean, the second one leaves."""

    def __init__(self, submitter: Submitter, task: asyncio.Task[Sent]) -> None:
        self._submitter = submitter
        self._task = task
        self._warned = False

    def listen(self) -> None:
        """Take them from now on."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._take, number)

    def _take(self, number: int) -> None:
        if self._submitter.under_way and (number == signal.SIGHUP or not self._warned):
            self._warned = True
            say(tr(_LEAVING))
        else:
            self._task.cancel()


_LEAVING = later(
    "\necovai-tui: It is sent, and the answer with its id is on the way. To leave now may lose a song that is paid, so "
    "the program goes on waiting, four minutes at the most; once more, and it leaves."
)


async def _note_used(submitter: Submitter, sent: Sent) -> None:
    before = sent.receipt.used_before
    try:
        used = await submitter.note_used(sent.receipt)
    except StoreError as error:
        say(f"ecovai-tui: {error}")
        return
    if sent.outcome.verdict is Verdict.UNKNOWN and used is not None and before is not None:
        say(f"ecovai-tui: {used_in_words(before, used)}")


def _tell(sent: Sent, *, as_json: bool) -> None:
    """Say what became of it: the id first, and once more for people where it could not be written down."""
    try:
        _print(sent, as_json=as_json)
    finally:
        _explain(sent)


def _print(sent: Sent, *, as_json: bool) -> None:
    if as_json:
        write_json_line(_document(sent))
        return
    for name in sent.outcome.ids:
        write_now(name)


def _explain(sent: Sent) -> None:
    outcome = sent.outcome
    watched = (
        tr("accepted, and watched (receipt {number})", number=sent.receipt.number)
        if outcome.task_id and not sent.troubles
        else ""
    )
    told = [outcome.in_full or watched, *_server_words(sent), *sent.troubles]
    if sent.troubles and outcome.ids:
        told.append(tr("Keep this id, which is paid: {ids}", ids=" ".join(outcome.ids)))
    if text := "\n  ".join(filter(None, told)):
        say(f"ecovai-tui: {text}")


def _server_words(sent: Sent) -> Iterable[str]:
    outcome = sent.outcome
    if outcome.detail:
        yield tr("Details: {detail}", detail=outcome.detail)
    if outcome.request_id:
        yield tr("Request id: {request_id}", request_id=outcome.request_id)
    if outcome.verdict is Verdict.UNKNOWN:
        yield tr("Receipt: {number}", number=sent.receipt.number)


def _document(sent: Sent) -> dict[str, object]:
    receipt, outcome = sent.receipt, sent.outcome
    return {
        "receipt": receipt.number,
        "at": iso_time(receipt.at),
        "outcome": outcome.verdict,
        "id": outcome.task_id,
        "clips": outcome.clips,
        "told": in_english_words(outcome.in_full),
        "detail": outcome.detail,
        "request_id": outcome.request_id,
        "status": outcome.status,
        "gateway": receipt.request.gateway,
        "profile": receipt.request.profile or "",
    }
