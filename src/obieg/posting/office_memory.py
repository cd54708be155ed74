"""What this process remembers of the office's decisions, brought up to date before each answer.

The clients asked about lately are remembered whole, of the others only counts. It is a function of
the lessons that the asking transaction sees: what another process decided is learned, what was
taken back or rolled back is forgotten.
"""

from collections import OrderedDict
from collections.abc import Collection, Sequence
from threading import RLock

from obieg.posting import lesson_feed
from obieg.posting.learning.learner import NO_ANSWER, Answer, Learner, Whose
from obieg.posting.learning.lessons import Lesson
from obieg.posting.suggestion import Case, Decision, Shares

CLIENTS = 60  # remembered whole
OF_CLIENT = 600  # lessons: habits of years ago say nothing
OF_OFFICE = 6_000  # lessons, for what clients have in common
AT_FIRST, AT_ONCE = 500, 80  # of these, that are read for one asking: nobody waits for the rest
MOST = OF_OFFICE + 2 * CLIENTS * OF_CLIENT  # lessons that are counted, before starting anew
TOO_MANY = 3_000  # changes to catch up with: starting anew is quicker


class OfficeMemory:
    """A learner that follows the stored lessons; for all threads of a process."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._begin()

    def forget_all(self) -> None:
        """Begin anew, as a new process does."""
        with self._lock:
            self._begin()

    def refresh(self, client_id: int, direction: str) -> None:
        """Learn what was decided since, by whomever, and remember this client whole."""
        with self._lock:
            try:
                self._catch_up()
                self._remember((client_id, str(direction)))
                self._read_on()
            except BaseException:
                self._begin()  # half learned would be worse than nothing
                raise

    def answers(self, case: Case) -> Sequence[Answer]:
        """One answer for each part, as far as known at the last `refresh`."""
        with self._lock:
            whose = (case.client_id, str(case.direction))
            self._remember(whose)
            if not self._learner.books[whose].memory.size:
                return (NO_ANSWER,) * len(case.parts)
            return self._learner.answers(case)

    def learn(self, key: int, case: Case, decision: Decision, shares: Sequence[Shares]) -> Lesson:
        """Take a decision in; the caller stores what is returned under `key`.

        Were its transaction rolled back, the next `refresh` would forget it.
        """
        with self._lock:
            self._remember((case.client_id, str(case.direction)))
            return self._learned(key, self._learner.lesson(case, decision, shares))

    def learn_again(self, key: int, former: Lesson) -> Lesson:
        """The same for a lesson that is measured anew, because an earlier one was taken back."""
        with self._lock:
            self._remember((former.document.client, former.document.direction))
            return self._learned(key, self._learner.measured_again(former))

    def _begin(self) -> None:
        self._learner = Learner()
        self._mark: int | None = None
        self._live: set[int] = set()  # lessons that are counted in the office
        self._unsettled: dict[int, Lesson] = {}  # changed by transactions that may roll back
        self._whole: OrderedDict[Whose, None] = OrderedDict()  # clients, the latest asked last
        self._oldest: int | None = None  # of the office's lessons that were read on
        self._left = OF_OFFICE  # to be read on

    def _learned(self, key: int, lesson: Lesson) -> Lesson:
        self._take_in(key, lesson)
        self._unsettled[key] = lesson
        return lesson

    def _catch_up(self) -> None:
        """Bring what is remembered in line with what the asking transaction sees."""
        if len(self._live) > MOST:
            self._begin()
        news = lesson_feed.news_since(self._mark)
        if len(news.changes) > TOO_MANY and self._mark is not None:
            self._begin()
            news = lesson_feed.news_since(None)
        wanted = {key: change.is_live for key, change in news.changes.items()}
        if vanished := self._unsettled.keys() - wanted:
            states = lesson_feed.states_of(vanished)
            wanted |= {key: states.get(key, False) for key in vanished}
        differing = sorted(key for key, live in wanted.items() if live != (key in self._live))
        running = [key for key, one in news.changes.items() if one.changed_in >= news.mark]
        lessons = self._lessons({*differing, *running})
        for key in differing:
            change = self._take_in if wanted[key] else self._take_back
            change(key, lessons[key])
        self._unsettled = {key: lessons[key] for key in running}
        self._mark = news.mark

    def _lessons(self, keys: Collection[int]) -> dict[int, Lesson]:
        known = {key: self._unsettled[key] for key in keys if key in self._unsettled}
        unread = [key for key in keys if key not in known]
        return {**known, **dict(lesson_feed.read(unread))} if unread else known

    def _remember(self, whose: Whose) -> None:
        """Have all of this client's late lessons at hand."""
        if whose in self._whole and len(self._learner.books[whose]) <= 2 * OF_CLIENT:
            self._whole.move_to_end(whose)
            return
        self._drop(whose)
        self._whole[whose] = None
        for key, lesson in lesson_feed.latest_of(*whose, OF_CLIENT):
            self._count(key, lesson)
            self._learner.books[whose].take_in(key, lesson)
        while len(self._whole) > CLIENTS:
            self._drop(next(iter(self._whole)))

    def _drop(self, whose: Whose) -> None:
        self._whole.pop(whose, None)
        self._learner.books.pop(whose, None)

    def _read_on(self) -> None:
        """Count some more of the office's older lessons, until enough are known."""
        if self._left <= 0:
            return
        limit = AT_FIRST if self._oldest is None else AT_ONCE
        found = lesson_feed.before(self._oldest, limit)
        for key, lesson in found:
            self._count(key, lesson)
            self._oldest = key
        self._left = self._left - len(found) if len(found) == limit else 0

    def _take_in(self, key: int, lesson: Lesson) -> None:
        self._count(key, lesson)
        whose = lesson.document.client, lesson.document.direction
        if whose not in self._whole:
            return
        books = self._learner.books[whose]
        if key < books.latest:  # its transaction took longer than a later one
            self._drop(whose)
        elif key not in books:
            books.take_in(key, lesson)

    def _take_back(self, key: int, lesson: Lesson) -> None:
        self._live.remove(key)
        self._learner.offices[lesson.document.direction].count(lesson, -1)
        whose = lesson.document.client, lesson.document.direction
        if whose in self._whole and key in self._learner.books[whose]:
            self._learner.books[whose].take_back(key, lesson)

    def _count(self, key: int, lesson: Lesson) -> None:
        if key not in self._live:
            self._live.add(key)
            self._learner.offices[lesson.document.direction].count(lesson)


MEMORY = OfficeMemory()
