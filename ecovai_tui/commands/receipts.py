"""``ecovai-tui receipts``: what was submitted, and what became of it."""

from __future__ import annotations

import asyncio
import json
import os
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Sequence

from ecovai_tui.commands.shared.command_line import UsageError, chosen_watch_list
from ecovai_tui.commands.shared.output import ExitCode, say, write, write_json, write_table
from ecovai_tui.commands.shared.run_settings import find_key, read_settings
from ecovai_tui.gateway.billing import Charge
from ecovai_tui.language import later, tr, tr_n
from ecovai_tui.store.credentials import origin
from ecovai_tui.store.errors import quoted
from ecovai_tui.store.files import Paths, find_paths
from ecovai_tui.store.receipt_file import Receipt, ReceiptFile, State
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.tasks.model import is_id
from ecovai_tui.tasks.text import in_english_words, truncate
from ecovai_tui.tasks.times import full_time, iso_time
from ecovai_tui.view.submission_form import charges_about, unknown_ones, used_in_words

EXAMPLES = later("""
examples:
  ecovai-tui receipts
  ecovai-tui receipts --unknown          (those that may have been charged)
  ecovai-tui receipts --check            (asks for what the key was charged)
  ecovai-tui receipts --settle 12 ID     (found on the website; watched now)
  ecovai-tui receipts --settle 12 none   (nothing came of it)

The file is receipts.jsonl beside the watch list; nothing is ever taken out of
it, and the key is never in it.
""")

NONE = "none"


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--unknown", action="store_true", help=tr("only those of which nobody knows what became of them")
    )
    parser.add_argument("--json", action="store_true", help=tr("print them as JSON"))
    parser.add_argument("--check", action="store_true", help=tr("ask the gateway for charges about the time of each"))
    parser.add_argument(
        "--settle", metavar=("RECEIPT", "ID|none"), nargs=2, help=tr("say what became of one: its id, or none")
    )


def run(arguments: Namespace) -> ExitCode:
    """List them, ask for the charges, or settle one."""
    paths = find_paths(os.environ)
    file = ReceiptFile(paths.receipts)
    if arguments.settle and arguments.readonly:
        raise UsageError(tr("receipts --settle changes receipts and watch list, which --readonly forbids."))
    if arguments.settle:
        return _settle(arguments, paths, file, *arguments.settle)
    receipts = file.read(time.time())
    if arguments.check:
        return _check(arguments, paths, unknown_ones(receipts))
    shown = unknown_ones(receipts) if arguments.unknown else list(receipts)
    if arguments.json:
        write_json({"as_of": iso_time(time.time()), "receipts": [receipt_document(receipt) for receipt in shown]})
        return ExitCode.WELL
    if shown:
        write_table([*map(tr, HEADINGS)], map(cells_of, shown))
    _advise(shown, unknown_ones(receipts), explaining=arguments.unknown)
    return ExitCode.WELL


def _advise(shown: Sequence[Receipt], unknown: Sequence[Receipt], *, explaining: bool) -> None:
    if not shown:
        say(
            tr("Of everything that was submitted, the outcome is known.")
            if explaining
            else tr("Nothing was submitted yet.")
        )
    elif explaining:
        for receipt in unknown:
            say("\n  ".join(explanation_of(receipt)))
        say(how_to_find_out(unknown))
    elif unknown:
        say(
            tr_n(
                "{n} of them may have been charged: ecovai-tui receipts --unknown tells how to find out.",
                "{n} of them may have been charged: ecovai-tui receipts --unknown tells how to find out.",
                len(unknown),
            )
        )


def _settle(arguments: Namespace, paths: Paths, file: ReceiptFile, number: str, word: str) -> ExitCode:
    now = time.time()
    receipt = _find(file.read(now), number)
    if receipt.state not in {State.UNKNOWN, State.NOTHING}:
        raise UsageError(
            tr(
                "Of receipt {number} it is known what became of it: {state}.",
                number=receipt.number,
                state=receipt.state,
            )
        )
    if word.lower() == NONE:
        file.settle(receipt.number, now)
        say(tr("Receipt {number}: nothing came of it.", number=receipt.number))
        return ExitCode.WELL
    if not is_id(word):
        raise UsageError(tr("{word} cannot be an id; write the id that the website names, or none.", word=quoted(word)))
    file.settle(receipt.number, now, word)
    watch_list = chosen_watch_list(arguments) or paths.watchlist(receipt.request.profile)
    WatchListFile(watch_list).add([word], receipt.request.label, now=now)
    say(tr("Receipt {number} is settled, and {word} is watched.", number=receipt.number, word=word))
    return ExitCode.WELL


def _find(receipts: Iterable[Receipt], number: str) -> Receipt:
    found = next((receipt for receipt in receipts if str(receipt.number) == number), None)
    if found is None:
        raise UsageError(tr("There is no receipt {number}; ecovai-tui receipts lists them.", number=quoted(number)))
    return found


def _check(arguments: Namespace, paths: Paths, unknown: Sequence[Receipt]) -> ExitCode:
    from ecovai_tui.engine.submitting import charges_of  # noqa: PLC0415 - slow to import, and few ask

    settings = read_settings(arguments, paths)
    gateway = origin(settings.base_url)
    here = [receipt for receipt in unknown if receipt.request.gateway == gateway]
    if not here:
        say(tr("No submission to {gateway} has an unknown outcome.", gateway=gateway))
        return ExitCode.WELL
    charges = asyncio.run(charges_of(settings, find_key(settings)))
    if charges is None:
        say(tr("This gateway does not tell by key what was charged: look on its website."))
        return ExitCode.GATEWAY
    for receipt in here:
        _tell_charges(receipt, charges)
    return ExitCode.WELL


def _tell_charges(receipt: Receipt, charges: Sequence[Charge]) -> None:
    for told in [*charges_about(receipt, charges)] or [tr("no charge about then.")]:
        write(
            tr(
                "Receipt {number}, {kind}, sent {at}: {told}",
                number=receipt.number,
                kind=receipt.request.kind,
                at=full_time(receipt.at),
                told=told,
            )
        )


HEADINGS = (
    later("Receipt"),
    later("Sent"),
    later("Outcome"),
    later("Kind"),
    later("Gateway"),
    later("Id"),
    later("Label"),
)

_RECOGNISABLE = 300
"""Cells of a request by which its author knows it again."""

HOW_TO_FIND_OUT = later("""\
How to find out what came of it:
  1. ecovai-tui receipts --check asks the gateway for what the key was charged about then; newer gateways tell it.
  2. The gateway's website lists the tasks of the account with their ids, and what was used when.
Then say it, and what came is watched:
  ecovai-tui receipts --settle {number} ID      (or: none, if nothing came of it)""")


def cells_of(receipt: Receipt) -> tuple[str, ...]:
    """Return the cells of a receipt's line."""
    request = receipt.request
    host = request.gateway.partition("://")[2] or request.gateway
    ids = " ".join(receipt.ids)
    return str(receipt.number), full_time(receipt.at), tr(receipt.state), tr(request.kind), host, ids, request.label


def explanation_of(receipt: Receipt) -> Iterable[str]:
    """Yield the lines that tell what is known of a receipt whose outcome is unknown."""
    request = receipt.request
    yield tr(
        "Receipt {number}: {kind}, sent {at} to {gateway}. {told}",
        number=receipt.number,
        kind=tr(request.kind),
        at=full_time(receipt.at),
        gateway=request.gateway,
        told=receipt.told,
    )
    if receipt.used_before is not None and receipt.used_after is not None:
        yield used_in_words(receipt.used_before, receipt.used_after)
    yield truncate(request.body, _RECOGNISABLE)


def how_to_find_out(unknown: Sequence[Receipt]) -> str:
    """Return what to do about receipts whose outcome is unknown."""
    return tr(HOW_TO_FIND_OUT, number=unknown[0].number)


def receipt_document(receipt: Receipt) -> dict[str, object]:
    """Return the JSON of a receipt."""
    request = receipt.request
    return {
        "receipt": receipt.number,
        "at": iso_time(receipt.at),
        "outcome": receipt.state,
        "kind": request.kind,
        "gateway": request.gateway,
        "profile": request.profile or "",
        "ids": receipt.ids,
        "label": request.label,
        "told": in_english_words(receipt.told),
        "body": _body(request.body),
        "sha256": request.digest,
        "used_before": receipt.used_before,
        "used_after": receipt.used_after,
    }


def _body(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text
