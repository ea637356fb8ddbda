"""The five classes of the time until a talk."""

from datetime import timedelta

import pytest

from helpline.usage.codebook import Codebook
from helpline.usage.lead_time import lead_cell


@pytest.mark.parametrize(
    ("lead", "cell"),
    [
        (timedelta(hours=2), "under_4_hours"),
        (timedelta(hours=4), "under_1_day"),
        (timedelta(days=1), "under_3_days"),
        (timedelta(days=3), "under_7_days"),
        (timedelta(days=7), "over_7_days"),
        (timedelta(days=49), "over_7_days"),
    ],
)
def test_a_lead_time_has_one_class_and_the_codebook_knows_it(codebook: Codebook, lead: timedelta, cell: str) -> None:
    assert lead_cell(lead) == cell
    assert ("lead", cell) in codebook.places
