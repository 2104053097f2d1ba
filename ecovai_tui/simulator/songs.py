"""What the songs of the simulator are called and what is sung in them."""

from __future__ import annotations

from dataclasses import dataclass

from ecovai_tui.simulator.verses import (
    CAT_VERSES,
    EVEREST_VERSES,
    HARBOUR_VERSES,
    HOSTILE_VERSES,
    METRO_VERSES,
    RAIN_VERSES,
    TEA_VERSES,
    WEEKEND_VERSES,
)

INSTRUMENTAL = "[Instrumental]"
"""What stands in place of the lyrics of a song without any."""


@dataclass(frozen=True, slots=True)
class Song:
    """A song as it was asked for; ``description`` is the wish in inspiration mode, ``lyrics`` what is sung."""

    title: str
    tags: str
    lyrics: str
    description: str = ""
    model: str = "chirp-v3-5"


SONGS = (
    Song("Electric Dance Party", "club banger high-energy edm", RAIN_VERSES, "miku dance", "chirp-v3"),
    Song("城市之光", "华语流行, 女声, 温柔", WEEKEND_VERSES, model="chirp-v4"),
    Song("夜明けのメトロ", "city pop, funk bass, 80s", METRO_VERSES, model="chirp-auk"),
    Song("Harbour Lights", "acoustic folk, fingerpicked guitar, male voice", HARBOUR_VERSES),
    Song("快乐周末", "heartfelt salsa", WEEKEND_VERSES, model="chirp-v3"),
    Song("喵星摇滚", "emotional punk", CAT_VERSES, "一只会弹吉他的猫", "chirp-bluejay"),
    Song(
        "A Slow Ascent of the North Face, in Seven Movements, with a Long Pause for Tea, a Quarrel about the Map, and "
        "the View that None of Us Had Been Promised but All of Us Had Secretly Hoped For",
        "progressive rock, epic, orchestral, choir",
        EVEREST_VERSES,
        model="chirp-crow",
    ),
    Song("茶の湯ブルース", "blues, shamisen, slow", TEA_VERSES, model="chirp-crow"),
    Song("Instrumental for Rain and Piano", "ambient, piano, rain", INSTRUMENTAL, "rain on a tin roof", "chirp-v4"),
    Song("[bold]Neon[/bold] Rain [/Verse]", "synthwave", RAIN_VERSES, model="chirp-auk"),
    Song("서울의 밤", "k-pop, bright, dance", RAIN_VERSES, "seoul at night", "chirp-bluejay"),
    Song("Für Elise, aber schneller", "techno, 140 bpm", INSTRUMENTAL, model="chirp-fenix"),
    Song("", "lo-fi, chill", HARBOUR_VERSES, "something to work by"),
    Song("千里共婵娟", "古风, 笛子, 古筝", WEEKEND_VERSES, model="chirp-v4"),
)
"""The songs that tasks without a wish of their own are given, in turn; one of them came without a title."""

HOSTILE_SONG = Song(
    "\x1b]0;owned\x07\x1b[31mRed\x1b[0m \u202egnos\u202c \u200b\u2066x\u2069 \U0001f44d\U0001f3fd"
    " \x9b2J[/Verse][@click=app.quit]",
    "punk\r\nnoise\t\x00",
    HOSTILE_VERSES,
    "\x1b[2J\x1b[Hdrop table tasks",
)
"""A song whose words try to take over the terminal of whoever shows them."""


SUNG = tuple(song for song in SONGS if song.title and song.lyrics != INSTRUMENTAL)
"""The songs that have words, and a name: what a lyrics task writes."""


def song_at(number: int, *, sung: bool = False) -> Song:
    """Return the song of this number, beginning anew after the last; ``sung`` asks for one that has words."""
    songs = SUNG if sung else SONGS
    return songs[number % len(songs)]
