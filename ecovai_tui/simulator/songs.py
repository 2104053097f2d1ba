"""What the songs of the simulator are called and what is sung in them."""

from __future__ import annotations

from dataclasses import dataclass

RAIN_VERSES = """\
[Verse]
Neon on the pavement, rain upon the glass
Every window glowing as the last trains pass
Hands up in the night air, nobody is late
Let the city hold us while we wait

[Chorus]
Oh, turn it up, turn it up till the morning finds us
Oh, turn it up, every light behind us
(ooh-yeah!)

[Verse 2]
Coffee at the corner, somebody we knew
Sings a line we started when the song was new
Lights are moving slower, colours everywhere
We can hear tomorrow in the air

[Outro]
Turn it up..."""

HARBOUR_VERSES = """\
[Verse 1]
The boats came in at half past four
With salt upon the rail
My father counted them ashore
By lantern and by sail

[Pre-Chorus]
And nobody was missing
And nobody was late

[Chorus]
So leave a light on the harbour wall
For whoever is still at sea
A light costs nothing, nothing at all
And it means the world to me

[Verse 2]
The winter that the pier broke free
We heard it from the hill
The lamp was swinging out at sea
And it is burning still

[Bridge]
Count them in, count them in
One for the wind and one for the kin

[Chorus]
So leave a light on the harbour wall
For whoever is still at sea
A light costs nothing, nothing at all
And it means the world to me

[Outro]
(fade out)"""

WEEKEND_VERSES = """\
[Verse]
阳光洒在窗台上，咖啡冒着热气
街角的小店放着歌，我们还在这里
不用赶着去哪里，时间慢慢走
你笑着说周末啊，永远不嫌够

[Chorus]
啦啦啦，快乐的周末
把烦恼都留在昨天的站台
啦啦啦，唱一首老歌
城市的灯光，一盏一盏亮起来

[Verse 2]
晚风吹过天桥下，谁在弹吉他
我们坐在台阶上，数着回家的车
明天又是新的一天，今晚先不说话
城市的灯光，一盏一盏亮起来"""

METRO_VERSES = """\
[Verse]
始発を待つホームに　白い息がのぼる
イヤホンの中だけ　夏がまだ残る
改札を抜けたら　空が少し青い
名前のない朝に　ひとりじゃない

[Chorus]
夜明けのメトロ　光を連れて
トンネルの向こうへ　走り出す
夜明けのメトロ　君を乗せて
まだ知らない駅まで

[Bridge]
さよならは　次の駅で
ありがとうは　終点で

[Chorus]
夜明けのメトロ　光を連れて
トンネルの向こうへ　走り出す"""

CAT_VERSES = """\
[Verse]
喵星人 喵喵叫
追逐影子 跳上床
半夜三点 开演唱会
邻居说好 真好听

[Chorus]
喵！喵！摇滚的喵！
尾巴是鼓棒，爪子是电吉他
喵！喵！不睡的喵！
给我小鱼干，我就不停下"""

TEA_VERSES = """\
[Verse]
湯が沸く音に　雨の音
待つことだけが　今日の仕事

[Chorus]
急がないで　急がないで
茶の湯ブルース　もう一杯"""

_MOVEMENT = """\
[Verse {number}]
Day {number} upon the mountain and the rope is stiff with ice
Somebody reads the map aloud, and reads it to us twice
The ridge that looked like yesterday is further than before
We boil another pot of snow and wonder what it's for

[Chorus]
Up, up, the slow ascent
We never asked the mountain what it meant
Up, up, and never mind
The view is always just a step behind
"""

EVEREST_VERSES = (
    "[Intro]\n(wind, a distant choir)\n\n"
    + "\n".join(_MOVEMENT.format(number=number) for number in range(1, 8))
    + "\n[Outro]\nAnd there it was. And there it was."
)

HOSTILE_VERSES = """\
[Verse]
\x1b[31mred\x1b[0m and \x1b]52;c;b3duZWQ=\x07 copied
\u202ethgir ot tfel\u202c
[/Verse]
[bold][@click=app.quit]quit[/][/]
nul \x00 bell \x07 c1 \x9b31m zero\u200bwidth\u2060joined
[Chorus]
done"""


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
"""A song whose words try to take over the terminal that shows them."""


SUNG = tuple(song for song in SONGS if song.title and song.lyrics != INSTRUMENTAL)
"""The songs that have words, and a name: what a lyrics task writes."""


def song_at(number: int, *, sung: bool = False) -> Song:
    """Return the song of this number, beginning again after the last; ``sung`` asks for one that has words."""
    songs = SUNG if sung else SONGS
    return songs[number % len(songs)]
