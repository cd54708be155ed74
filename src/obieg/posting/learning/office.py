"""What the decisions of all clients teach together: only counts, which name nobody's things."""

from obieg.posting.learning.calibration import Calibration
from obieg.posting.learning.kinship import Kinship
from obieg.posting.learning.lessons import Lesson
from obieg.posting.learning.record import TrackRecord
from obieg.posting.suggestion import Weight

NEWNESSES = 3


class Office:
    """Kinship of accounts, track record and calibration over one direction's decisions."""

    def __init__(self) -> None:
        self.kinship = Kinship()
        self.record = TrackRecord()
        self.by_account = [Calibration() for _ in range(NEWNESSES)]
        self.by_treatment = [Calibration() for _ in range(NEWNESSES)]

    def count(self, lesson: Lesson, weight: Weight = 1) -> None:
        """Count a lesson, or with weight -1 take it out."""
        tie = self.kinship.add if weight > 0 else self.kinship.remove
        for signs, treatment in zip(lesson.signs, lesson.treatments, strict=True):
            tie(lesson.document.client, signs, treatment.account)
        for measured in lesson.measured:
            self.record.add(measured.outcomes, weight)
            if belief := measured.belief:
                self.by_account[belief.newness].record(
                    belief.in_account, right=belief.account_right, weight=weight
                )
                self.by_treatment[belief.newness].record(
                    belief.in_treatment, right=belief.treatment_right, weight=weight
                )
