"""What the ids of tasks look like in text and in JSON, and what is plainly none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ecovai_tui.tasks.families import FAMILIES, named_in_paths
from ecovai_tui.tasks.model import is_id
from ecovai_tui.tasks.text import clean_text

_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_HEX = r"[0-9a-fA-F]{32}"
_PREFIX = rf"(?:{'|'.join(FAMILIES)})(?:/[a-z0-9][a-z0-9-]*)?"
_LOOKS_LIKE_ID = re.compile(
    rf"{_UUID}|{_HEX}|task_[0-9A-Za-z_-]{{4,186}}|video_[0-9A-Za-z_-]{{4,185}}|[0-9]{{15,191}}"
    rf"|{_PREFIX}:[0-9A-Za-z_][!-~]{{0,150}}"
)
_BARE_WORD = re.compile(r"(?=.*[0-9])[0-9A-Za-z_][0-9A-Za-z_.:-]{7,190}")
_IN_TEXT = re.compile(
    rf"(?<![0-9A-Za-z_:/-]){_PREFIX}:[0-9A-Za-z_][0-9A-Za-z_-]{{3,150}}(?![0-9A-Za-z_-])"
    rf"|(?<![0-9A-Za-z_-])(?:{_UUID}|{_HEX}|task_[0-9A-Za-z]{{16,186}})(?![0-9A-Za-z_-])"
)
_NAMED_TASK = re.compile(
    r"(?<![A-Za-z])(?:task[ _-]?|任务 ?)(?:id|ID|Id)\b[\"'\\]*\s*[=:：]\s*[\"'\\]*"
    r"((?=[^\s\"']*[0-9])[0-9A-Za-z_][0-9A-Za-z_.:-]{3,190})(?![0-9A-Za-z])"
)

_NO_TASK = (
    "request|req|rid|trace|span|correlation|session|sid|user|uid|channel|parent(?:[_-]?task)?|clip|client|device"
    "|account|token|key|nonce|etag|hash|md5|sha1|sha256|checksum|digest|commit|cookie|csrf|worker|container|instance"
    "|connection|conn|transaction|txn|conversation|请求|用户|渠道|会话"
)
"""Names of things in logs and replies that have ids of the shapes of ours, and are no tasks."""

_NO_TASK_ID = (
    "item|message|msg|event|order|audio|image|video|node|host|pod|thread|process|project|workspace|group|call|org|"
    "tenant"
)
"""Names of which the same is true only with the word "id" behind them."""

_BEGINS = r"(?:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z]))"
_ID_WORD = r"[ _.-]?(?:uuid|guid|id)s?"
_NAMED_OTHERWISE = re.compile(
    rf"{_BEGINS}(?:(?i:(?:{_NO_TASK}|{_NO_TASK_ID}){_ID_WORD})(?![A-Za-z])[^0-9A-Za-z\n]{{1,8}}"
    rf"|(?i:(?:{_NO_TASK})s?)(?:[\"'\\\])]{{0,3}}\s?[=:：]\s?[\"'\\\[(<]{{0,4}}|[^0-9A-Za-z\n]{{1,4}}(?!task_)))\Z"
)
"""What stands before the id of something else."""

_LONGEST_NAME = 64
"""Characters before an id that can say what it is of."""

_NAMES_NO_TASK = re.compile(rf".*{_BEGINS}(?i:(?:{_NO_TASK})(?:{_ID_WORD})?|(?:{_NO_TASK_ID}){_ID_WORD})s?", re.DOTALL)

_FILES = re.compile(r"(?i)https?://[^\s\"'<>]*(?:suno\.(?:ai|com)/|\.(?:mp3|mp4|m4a|wav|jpe?g|png|webp)\b)[^\s\"'<>]*")
_FILE_NAME = re.compile(
    r"[^/]*\.(?:log|txt|text|out|err|json|jsonl|ndjson|csv|tsv|md|markdown|toml|ya?ml|ini|cfg|conf|env|xml|html?"
    r"|py|sh|bash|zsh|js|ts|mjs|php|rb|rs|sql|db|sqlite3?|lock|tmp|bak|old|orig|pid|sock|har|eml|pdf|docx?|xlsx?"
    r"|mp3|mp4|m4a|wav|flac|ogg|opus|aac|mid|midi|webm|mov|jpe?g|png|gif|webp|svg|lrc|srt|zip|gz|tgz|bz2|xz|zst|tar|7z)"
    r"(?:[.-][0-9][0-9.-]*|~)?(?:\.(?:gz|bz2|xz|zst))?",
    re.IGNORECASE,
)
_NO_BARE_ID = re.compile(
    r"[0-9]{1,14}|[0-9]{4}-[0-9]{2}-[0-9]{2}.*|[0-9]{1,2}:[0-9]{2}.*|[0-9]+(?:\.[0-9]+)+(?::[0-9]+)?"
    r"|(?:localhost|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+):[0-9]{1,5}"
)
"""Numbers, dates, times, addresses of computers."""

_NOTHINGS = frozenset({"null", "undefined", "none", "nil", "nan", "true", "false"})
_AROUND = (
    " \t\n\r\v\f\x00\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u200c\u200d"
    "\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u202f\u205f\u2060\u2066\u2067\u2068\u2069\u3000\ufeff\ufffd"
    "\"'`\u00b4\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb\u2039\u203a\u300c\u300d\u300e\u300f,;\uff0c\uff1b\u3001"
)
"""Blanks, what cannot be seen, quotes and what parts ids: none of it belongs to the id that it stands around."""

_BRACKETS = "()<>[]{}.:!?#*|\uff08\uff09\u300a\u300b\u3010\u3011\u3002\uff1a\uff01\uff1f"
_GAPS = re.compile(r"[\s,;\uff0c\uff1b\u3001]+")
_PARTS = re.compile(r"[,;\uff0c\uff1b\u3001\n\r\t\v\f\x00\x85\u2028\u2029]+")


def looks_like_id(word: str) -> bool:
    """Return whether a bare word has one of the shapes that no command and no file has."""
    return _LOOKS_LIKE_ID.fullmatch(word) is not None


def is_word_for_nothing(word: str) -> bool:
    """Return whether a word is what programs print where there is no value, or a truth value."""
    return word.lower() in _NOTHINGS


def is_file_name(word: str) -> bool:
    """Return whether a word ends as the names of files do, and so is no id, whatever stands before it."""
    return _FILE_NAME.fullmatch(word) is not None


def names_no_task(name: str) -> bool:
    """Return whether what bears this name is the id of a request, a user, a clip … rather than of a task."""
    return _NAMES_NO_TASK.fullmatch(name) is not None


def trimmed(word: str) -> str:
    """Return a word without the blanks, quotes, invisible characters and brackets around it.

    What cannot be seen inside is taken out only where an id of a known shape comes to light.
    """
    word = word.strip(_AROUND)
    if word.isascii() and word.isprintable() and word[:1].isalnum() and word[-1:].isalnum():
        return word
    for candidate in (word, clean_text(word).strip(_AROUND)):
        if looks_like_id(bare := candidate.strip(_BRACKETS + _AROUND)):
            return bare
    return word


def parted(text: str) -> list[str]:
    """Return the words of a list that commas, semicolons, tabs or line ends part, each trimmed."""
    return [word for part in _PARTS.split(text) if (word := trimmed(part))]


def ids_in_text(text: str) -> list[str]:
    """Return the ids in one line of text, in order; ids that are said to be another thing's are left out.

    A line that holds nothing but single words, with commas between them, may hold ids of any shape that have a digit.
    """
    words = [word for word in _GAPS.split(text) if word]
    if not words:
        return []
    if looks_like_id(trimmed(words[0])) and all(looks_like_id(trimmed(word)) for word in words):
        return [trimmed(word) for word in words]
    found = list(_in_text(_FILES.sub(" ", text) if "://" in text else text))
    if not found and not _IN_TEXT.search(text) and all(map(_may_stand_alone, words := parted(text))):
        return words
    return found


def _in_text(text: str) -> Iterator[str]:
    """Yield the ids in a text, but those that it says to be another thing's."""
    places = {match.start(): match[0] for match in _IN_TEXT.finditer(text)}
    if "task" in text or "任务" in text:
        places |= {match.start(1): match[1] for match in _NAMED_TASK.finditer(text)}
    places |= named_in_paths(text)
    for start in sorted(places):
        if not _NAMED_OTHERWISE.search(text[max(0, start - _LONGEST_NAME) : start]):
            yield places[start]


def _may_stand_alone(word: str) -> bool:
    if not _BARE_WORD.fullmatch(word) or _NO_BARE_ID.fullmatch(word) or is_file_name(word):
        return False
    known = _LOOKS_LIKE_ID.search(word)
    return known is None or not _NAMED_OTHERWISE.search(word[: known.start()])


CARRIERS = frozenset({"data", "result"})
"""What holds the answer in a reply of the gateway."""

_TASK_KEYS = frozenset({"kind", "action", "clips"})
_CLIP_KEYS = frozenset({"audio_url", "video_url", "image_url", "metadata", "model_name"})
_GOOD_CODES = frozenset({"success", "ok", "true", "0", "1", "21", "22", "200", "201", "202"})
"""What stands under ``code`` in a good reply; 21 and 22 are Midjourney's words for "known already" and "queued"."""
_STATUS_WORDS = frozenset({"success", "succeeded", "ok", "fail", "failed", "error", "pending", "queued", "submitted"})
_MESSAGE_KEYS = ("message", "msg", "description", "detail")
_LOG_KEYS = frozenset({"level", "lvl", "severity", "levelname", "ts", "logger", "caller"})


class Refusal(NamedTuple):
    """A reply of the gateway that says that it did not do what was asked."""

    reply: Mapping[str, object]


_MIDJOURNEY_TASK = frozenset({"id", "promptEn", "submitTime"})
_LUMA_TASK = frozenset({"id", "state", "created_at"})
_LUMA_WORDS = frozenset({"queued", "pending", "dreaming", "processing", "completed", "failed"})
_KLING_WORDS = frozenset({"submitted", "processing", "succeed", "failed"})


def family_of_object(value: Mapping[str, object]) -> str:
    """Return the family of which an object is a task or the reply to a submission; "" where its shape is no sign."""
    keys = value.keys()
    signs = {
        "midjourney": keys >= _MIDJOURNEY_TASK or ({"code", "description"} <= keys and _is_number(value.get("result"))),
        "kling": "task_id" in keys and value.get("task_status") in _KLING_WORDS,
        "flux": keys >= {"id", "polling_url"},
        "luma": keys >= _LUMA_TASK and value["state"] in _LUMA_WORDS,
    }
    return next((family for family, holds in signs.items() if holds), "")


def _is_number(value: object) -> bool:
    return isinstance(value, str | int) and str(value).isdecimal()


def own_id(value: Mapping[str, object]) -> str:
    """Return the id of the task that an object is, or of the one that a reply to a submit names; else ""."""
    if "audio_url" in value:
        return ""
    named = next(filter(None, (as_id(part) for key, part in value.items() if folded(key) == "taskid")), "")
    if named:
        return named
    identity = as_id(value.get("id"))
    known = identity.startswith(("task_", "video_")) and looks_like_id(identity) and is_no_clip(value)
    if known or _TASK_KEYS & value.keys() or (identity and family_of_object(value)):
        return identity
    return next(filter(None, (as_id(value.get(key)) for key in sorted(CARRIERS))), "") if is_good(value) else ""


def is_no_clip(value: Mapping[str, object]) -> bool:
    """Return whether an object has none of the fields that only songs have."""
    return _CLIP_KEYS.isdisjoint(value)


def is_good(value: Mapping[str, object]) -> bool:
    """Return whether an object is a reply of the gateway that speaks of success."""
    word = value.get("code", value.get("success"))
    return isinstance(word, str | int) and str(word).lower() in _GOOD_CODES


def is_refusal(value: Mapping[str, object]) -> bool:
    """Return whether an object is a reply of the gateway that speaks of failure, and not a line of somebody's log."""
    if _LOG_KEYS & value.keys() or not is_no_clip(value):
        return False
    if value.get("error") and isinstance(value["error"], str | dict):
        return True
    says_why = any(isinstance(value.get(key), str | dict) and value[key] for key in _MESSAGE_KEYS)
    if "code" in value or "success" in value:
        told = value.get("code", value.get("success"))
        return not is_good(value) and (says_why or (isinstance(told, str) and told != "" and value.get("data") is None))
    return says_why and (str(value.get("status")).lower() in {"error", "fail"} or value.keys() == {"detail"})


def is_envelope(value: Mapping[str, object]) -> bool:
    """Return whether an object is a reply of the gateway, whose texts are words and no log."""
    return "code" in value or "type" in value


def folded(key: str) -> str:
    """Return a name as all its ways of writing read: task_id, taskId, TaskID and task-id are one."""
    return key.replace("_", "").replace("-", "").lower()


def as_id(value: object) -> str:
    """Return a value as an id if it can be one: 1 to 191 visible ASCII characters; numbers are taken too."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    text = text if is_id(text) else trimmed(text)
    return text if is_id(text) and text.lower() not in _STATUS_WORDS and not is_word_for_nothing(text) else ""
