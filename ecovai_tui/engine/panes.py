"""This instance among all that are open on the same profile: who leads, and what they report to each other."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field

from ecovai_tui.engine.clock import Clock
from ecovai_tui.engine.leader import Leadership
from ecovai_tui.engine.updates import Link, Role, Trouble
from ecovai_tui.store.database import ReplicaBusy
from ecovai_tui.store.replica import Replica


def told(link: Link) -> str:
    """Return a link as the text that the replica keeps for the other instances."""
    trouble = link.trouble._asdict() if link.trouble else None
    return json.dumps({**link._asdict(), "trouble": trouble}, ensure_ascii=False)


def heard(text: str) -> Link:
    """Return the link that another instance told of; a text that cannot be read counts as none.

    What only another version of the program knows is left out.
    """
    try:
        fields = json.loads(text)
        trouble = fields.pop("trouble")
        known = {name: value for name, value in fields.items() if name in Link._fields}
        return Link(trouble=Trouble(**trouble) if trouble else None, **known)
    except (ValueError, TypeError, KeyError, AttributeError):
        return Link()


LATE = 1.0
"""Seconds after which a promised look counts as missed."""

PATIENCE = 3
"""Looks in a row, a second apart, at which the same wish still waits; a leader that lives takes it within two."""

KNOCKS_APART = 5.0
"""Seconds between two knocks at least, as while a leader that lives waits long for the gateway's answer."""

LOOKS = 2
"""Looks in a row, a second apart, at which the leader's process stands still; a pause may pass before the second."""


@dataclass(slots=True)
class Standstill:
    """For how many looks in a row one follower has seen its leader's process stand still."""

    _leader: str = ""
    _looks: int = 0

    @property
    def too_long(self) -> bool:
        """Whether the leader is stopped for good, as far as anybody can tell."""
        return self._looks >= LOOKS

    def look(self, stopped_leader: str) -> None:
        """Note the name of the process that leads and stands still, "" if it does not."""
        same = stopped_leader == self._leader
        self._leader, self._looks = stopped_leader, (self._looks if same else 0) + bool(stopped_leader)


@dataclass(slots=True)
class Silence:
    """What one follower misses of its leader, and how long its wishes have been waiting."""

    missed: bool = False
    """Something wants to be asked for, and the leader has not shown yet that it knows."""
    _unheard: int = 0
    _oldest: tuple[int, float] | None = None
    _knocked_at: float = float("-inf")

    @property
    def too_long(self) -> bool:
        """Whether the leader seems to be stopped."""
        return self._unheard >= PATIENCE

    def look(self, oldest: tuple[int, float] | None) -> None:
        """Note which wish has been waiting longest, if any is."""
        self._unheard = self._unheard + 1 if oldest is not None and oldest == self._oldest else 0
        self._oldest = oldest

    def wants_knock(self, link: Link, now: float) -> bool:
        """Return whether it is time to see if the leader lives, and note that it will be done."""
        overdue = link.next_poll is not None and now >= link.next_poll + LATE
        if not self.missed and not (overdue and now >= self._knocked_at + KNOCKS_APART):
            return False
        self.missed, self._knocked_at = False, now
        return True


REFRESH_ALL = ""
"""The intent of a follower who asks for everything that is open."""

LEAD = " lead"
"""The intent of a follower who can serve all better than the leader; its blank keeps it apart from every id."""

KNOCK = " knock"
"""The intent of a follower who wants to know whether the leader still takes any."""

YIELDS_FOR = 5.0
"""Seconds for which a leader that gave way leaves the lead to others."""


@dataclass(slots=True)
class Panes:
    """Claims and gives up the lead, and carries word between the instance that leads and those that follow."""

    leadership: Leadership
    replica: Replica
    clock: Clock
    may_ask: bool = True
    """False without a key: then this instance never leads."""
    paused: bool = False
    owes_word: bool = False
    """The followers could not be told of the link, as another program was in the way."""
    _shared_link: Link = field(default_factory=Link)
    _silence: Silence = field(default_factory=Silence)
    _standstill: Standstill = field(default_factory=Standstill)
    _told_role: Role | None = None
    _unsent: dict[str, None] = field(default_factory=dict)
    """Intents, in their order, that are still to be put where the leader finds them."""
    _inherited: frozenset[str] = frozenset()
    """Intents that a stopped leader left lying."""
    _yields_until: float = float("-inf")

    @property
    def leading(self) -> bool:
        """Whether this instance asks the gateway."""
        return self.leadership.held

    @property
    def followed(self) -> bool:
        """Whether other instances look to this one."""
        return self.leadership.held and self.leadership.shared

    @property
    def role(self) -> Role:
        """What this instance does among all."""
        if not self.may_ask:
            return Role.READ_ONLY
        return Role.LEADING if self.leading or self.paused else Role.FOLLOWING

    @property
    def role_is_news(self) -> bool:
        """Whether the role is not any more what was told last, as when another seized the lead meanwhile."""
        return self._told_role not in {None, self.role}

    @property
    def link_of_leader(self) -> Link:
        """How the instance that leads told its link to be."""
        return self._shared_link

    def claim(self) -> bool:
        """Take the lead if it is wanted, and free or held by a stopped instance; tell whether it was just got."""
        unwanted = not self.may_ask or self.paused or self.clock.now() < self._yields_until
        if unwanted or self.leading:
            return False
        return self.leadership.claim() or self._seize_from_stopped() or self._seize_from_silent()

    def step_down(self) -> None:
        """Let another instance lead until this one claims again."""
        self.leadership.resign()

    def tell(self, link: Link) -> None:
        """Tell the followers how the link is, where that is news, and note what role was told of with it."""
        self._told_role = self.role
        if not self.followed or link == self._shared_link:
            self.owes_word = False
            return
        self.owes_word = True
        with suppress(ReplicaBusy):
            self.replica.publish_link(told(link))
            self._shared_link, self.owes_word = link, False

    def hear(self) -> None:
        """Take in what the leader told last of its link."""
        self._shared_link = heard(self.replica.published_link())

    def miss(self) -> None:
        """Note that something wants to be asked for, so that a stopped leader is noticed."""
        self._silence.missed = True

    def listen_for_leader(self) -> None:
        """Look whether the leader stands still or leaves wishes lying, and knock where it should have done something.

        A replica in memory reaches no leader, and says nothing of one.
        """
        self._standstill.look(self.leadership.stopped_leader)
        if self.role is not Role.FOLLOWING or self.replica.problem:
            self._silence = Silence()
            return
        if self._silence.wants_knock(self._shared_link, self.clock.now()):
            self._unsent[KNOCK] = None
        self._send_wishes()
        self._silence.look(self.replica.oldest_intent())

    def wishes(self, *, gives_way: bool) -> frozenset[str] | None:
        """Return the ids that followers want asked for at once, empty for all; None if they want nothing.

        A leader that gives way leaves the lead to one that wants it.
        """
        intents = self._inherited.union(self._unsent, self.replica.take_intents())
        self._inherited = frozenset()
        self._unsent.clear()
        if LEAD in intents and gives_way:
            self._yields_until = self.clock.now() + YIELDS_FOR
            self.step_down()
        wanted = intents - {LEAD, KNOCK}
        return wanted - {REFRESH_ALL} if wanted else None

    def wish(self, intents: tuple[str, ...]) -> None:
        """Ask the leader to ask for these ids at once, or for all where there are none."""
        self._unsent.update(dict.fromkeys(intents or (REFRESH_ALL,)))
        with suppress(ReplicaBusy):  # the next tick sends the rest
            self._send_wishes()

    def wish_for_lead(self, *, attended: bool, refused: bool) -> None:
        """Ask the leader to give way where this instance serves all better.

        It does if the leader's key is refused: the one here may be another, and nobody knows before it is tried. It
        also does if it is looked at and the leader is not: then the news come at the usual pace. With a key that is
        known to be refused it never does, so that the lead goes round but once.
        """
        leader = self._shared_link
        better = leader.key_refused or (attended and leader.unattended)
        if self.role is Role.FOLLOWING and better and not refused:
            self.wish((LEAD,))

    def _send_wishes(self) -> None:
        for intent in tuple(self._unsent):
            self.replica.ask(intent, self.clock.now())
            del self._unsent[intent]

    def _seize_from_stopped(self) -> bool:
        """Take the lead from an instance that is seen standing still, unless another follower just did."""
        if not self._standstill.too_long:
            return False
        self._standstill = Standstill()
        return bool(self.leadership.stopped_leader) and self.leadership.seize()

    def _seize_from_silent(self) -> bool:
        """Take the lead from an instance that hears nothing; the follower who gets hold of the waiting wishes does."""
        if not self._silence.too_long:
            return False
        self._inherited = frozenset(self.replica.take_intents())
        self._silence = Silence()
        return bool(self._inherited) and self.leadership.seize()
