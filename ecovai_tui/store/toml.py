"""Files that people write in TOML: read into tables, or said where and why they are none, without repeating a key."""

from __future__ import annotations

import re
import tomllib

from ecovai_tui.language import tr


class TomlError(Exception):
    """A file is no TOML: where, such as "line 3, column 7", and what is wrong there: "not …"."""

    def __init__(self, where: str, what: str) -> None:
        self.where = where
        self.what = what
        super().__init__(f"{where}: {what}")


def parse_toml(data: bytes) -> dict[str, object]:
    """Return the tables of a file, with or without a mark of byte order; raises TomlError."""
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise TomlError(tr("line {line}", line=line), tr("not UTF-8 text")) from None
    except (ValueError, RecursionError) as error:
        raise _explained(str(error)) from None


def _place(where: str) -> str:
    found = re.fullmatch(r"line (\d+), column (\d+)", where)
    return tr("line {line}, column {column}", line=found[1], column=found[2]) if found else tr("end of document")


def _explained(text: str) -> TomlError:
    found = re.fullmatch(r"(?P<what>.*) \(at (?P<where>.*)\)", text)
    what, where = (found["what"], _place(found["where"])) if found else (text, tr("somewhere"))
    what = re.sub(r"""\((?:["'][^"'\\]*["'],? ?)+\)|["'][^"'\\]{3,}["']""", "a name", what)
    return TomlError(where, tr("not TOML: {what}", what=what[:1].lower() + what[1:]))
