"""The matrix: every checkpoint in the code, in which story it is passed, by whom, and how often."""

from dataclasses import dataclass

VICTIMS = ("child", "parent", "both")
"""Who of a worker is killed: the child that does the job, the parent (the child lives on), or both."""

REAL = {"lease_seconds": 60.0, "silent_seconds": 90.0, "sweep_seconds": 5.0}
"""The settings' own intervals (REL-19, REL-20)."""
RECOVERED_WITHIN = 180.0
"""Seconds from a worker's death at these intervals to the end of its work, done by another."""


@dataclass(frozen=True)
class Story:
    """How it begins, who asks for what, and what the service says."""

    start: str
    act: str
    day: str = "after"
    once_more: bool = False
    """True where what the crash left undone is done by the next sync, not by this run."""
    whole: bool = False
    """True where whole collections are fetched, and whoever would go is looked up once more."""
    lease_taken: bool = False
    """True where somebody else holds the connection's lease for a moment."""


STORIES = {
    "night": Story("imported", "press"),
    "whole": Story("imported", "press", whole=True),
    "class": Story("imported", "press_class"),
    "import": Story("fresh", "tick", day="before"),
    "silence": Story("imported", "press", day="unreachable"),
    "refusal": Story("imported", "press", day="withdrawn"),
    "approval": Story("held", "approve"),
    "discard": Story("held", "discard"),
    "undo": Story("imported", "take_back"),
    "busy": Story("imported", "press", lease_taken=True),
    "abandoned": Story("abandoned", ""),
}


@dataclass(frozen=True)
class Point:
    """One checkpoint: its story, who passes it, and how many times in an undisturbed run."""

    name: str
    story: str = "night"
    who: str = "worker"
    """`asker` (a page or a verb), `worker` or `clock`."""
    times: int = 1
    before_commit: bool = False
    """For an asker: killed here, nothing was asked for, and the person asks again."""


def _asked(*names: str, story: str = "night") -> list[Point]:
    return [Point(name, story, "asker", before_commit=True) for name in names]


def _worked(*names: str, story: str = "night", times: int = 1) -> list[Point]:
    return [Point(name, story, times=times) for name in names]


POINTS = [
    *_asked("request_sync.connection_locked", "request_sync.looking", "request_sync.before_commit"),
    *_asked("request_sync.class_before_commit", story="class"),
    *_asked("request_import.offered", "request_import.before_commit", story="import"),
    *_asked("approve.begun", "approve.before_commit", story="approval"),
    *_asked("discard.begun", "discard.before_commit", story="discard"),
    Point("nudge.before", "import", "asker"),
    Point("nudge.after", "night", "asker"),
    *_worked("job.begun", "open.begun", "open.before_commit", "stage.made", "fetch.begin"),
    *_worked("stage.page_begun", "stage.before_commit", story="import", times=6),
    *_worked("fetch.page_read", "fetch.page_staged", times=6),
    *_worked("look_again.compared", "stage.found_again", "look_again.done", story="whole"),
    *_worked("fetch.complete", "lease.wanted", "lease.taken", "lease.committed", "compare.done", "guard.decided"),
    *_worked("hold.marked", "plan.committed", "records.before_commit", "records.after_commit"),
    *_worked("apply.begun", "lease.renewed", times=8),
    *_worked("people.before_commit", "people.after_commit", story="import", times=10),
    *_worked("classes.written", "classes.enrollments_written", "classes.seats_given", "classes.journalled", times=4),
    *_worked("classes.before_commit", "classes.after_commit", times=4),
    *_worked("hold.remembered", "settle.before_commit", "finish.begun", "finish.before_commit", "finish.after_commit"),
    *_worked("lease.after_give_back", "job.synced"),
    *_worked("letters.claiming", "letters.claimed", "letters.sent", "letters.before_noted", "letters.noted"),
    *_worked("heart.before_commit"),
    *_worked("undo.before_commit", "undo.after_commit", story="undo", times=3),
    *_worked("put_back.before_commit", story="busy"),
    *_worked("park.before_commit", story="silence"),
    *_worked("give_up.before_commit", "withdraw.given_up", "withdraw.before_commit", story="refusal"),
    *[Point(name, "abandoned", "clock") for name in ("sweep.found", "sweep.before_commit", "sweep.put_back")],
]


@dataclass(frozen=True)
class Case:
    """One kill: where, which time it is passed, and of whom."""

    point: Point
    passing: int
    victim: str
    at_real_paces: bool = False
    """True for the settings' own intervals instead of the tests' short ones."""

    @property
    def paces(self) -> dict[str, float]:
        """What is told to its processes beyond the usual."""
        return dict(REAL) if self.at_real_paces else {}

    @property
    def story(self) -> Story:
        """The story in which it happens."""
        return STORIES[self.point.story]

    def __str__(self) -> str:
        return f"{self.point.name}-{self.passing}-{self.victim}" + "-really" * self.at_real_paces


def point(name: str) -> Point:
    """The point of this name."""
    return next(one for one in POINTS if one.name == name)


def at_real_paces() -> Case:
    """A worker dies in the middle of applying, and everything has its own real interval."""
    return Case(point("classes.after_commit"), 2, "both", at_real_paces=True)


def cases(seed: int = 0) -> list[Case]:
    """Every point once; the seed turns the wheel of victims and of passings."""
    return [
        Case(point, 1 + (number + 2 * seed) % point.times, _victim(point, number + seed))
        for number, point in enumerate(POINTS)
    ]


def _victim(point: Point, turn: int) -> str:
    return VICTIMS[turn % len(VICTIMS)] if point.who == "worker" else point.who
