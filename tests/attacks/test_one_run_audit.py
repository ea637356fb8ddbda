"""The one-run audit: a coin for each of thousands of canaries, guesses from files and copies, and what they prove."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import pytest

from helpline.usage.codebook import STORE_EPSILON
from helpline.usage.release import Noise, add_noise
from tests.attacks import mutants
from tests.attacks.attackers import AGREEING, ALPHA, Attacker, Seen, Verdict
from tests.attacks.canary_cells import CANARIES, Canaries, CanarySite, beside, coins, night_of, opened_canaries
from tests.support.stores import Stores
from tests.usage.counted import silent

PRICE = Fraction(1, 2)
"""What the table of arrivals costs."""

CLAIM = float(PRICE)

SURE = 1e-6
"""The noise is real, so even an honest build is refuted once in 1 / alpha runs. The suite refutes at this one."""

HIGHEST = 6.0
"""What an audit of this size must prove against an exporter that keeps no promise at all."""

EXPORTS = 50

LESSONS = 2_000
"""Canaries whose coins an attacker knows; he guesses about the others."""

Look = Callable[[Canaries], Seen]


@pytest.fixture
def opened(
    site_of_canaries: CanarySite, stores_in_files: Stores, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Canaries]:
    """Give canaries whose counts are released with the noise that the test is parametrized by, or with ours."""
    noise: Noise = getattr(request, "param", add_noise)
    with opened_canaries(site_of_canaries, stores_in_files, tmp_path, noise=noise) as canaries:
        yield canaries


def at_the_file(canaries: Canaries) -> Seen:
    """Return what a file says of each canary's own cell."""
    return [(value,) for value in canaries.exported()]


def at_two_cells(canaries: Canaries) -> Seen:
    """Return what a file says of each canary's cell and of the empty one beside it: every second channel has one."""
    values = canaries.exported()
    return list(zip(values[::2], values[1::2], strict=True))


def apart(there: Sequence[bool]) -> list[bool]:
    """Return *there* for every second channel, and nobody between."""
    return [it for one in there for it in (one, False)]


def watched(canaries: Canaries, *, weeks: int, look: Look = at_the_file) -> tuple[Seen, list[bool]]:
    """Return what was seen of each canary in so many weeks, and whether it was there."""
    seen, coins_thrown = list[tuple[int, ...]](), list[bool]()
    for week in range(weeks):
        there = coins(f"week {week}", count=CANARIES // 2 if look is at_two_cells else CANARIES)
        canaries.week(apart(there) if look is at_two_cells else there)
        seen += look(canaries)
        coins_thrown += there
    return seen, coins_thrown


def audited(seen: Seen, there: Sequence[bool]) -> tuple[Verdict, Verdict]:
    """Return how one attacker fares who always guesses, and one who may be silent; the first canaries teach them."""
    attacker = Attacker.taught(seen[:LESSONS], coins=there[:LESSONS])
    rest, coins_of_rest = seen[LESSONS:], there[LESSONS:]
    return attacker.outspoken().judged(rest, coins=coins_of_rest), attacker.judged(rest, coins=coins_of_rest)


def most(verdicts: Sequence[Verdict]) -> float:
    """Return the most that the suite's attackers prove."""
    return max(verdict.proves(alpha=SURE) for verdict in verdicts)


@pytest.mark.parametrize("weeks", [2, pytest.param(40, marks=pytest.mark.long)])
def test_no_file_proves_more_than_its_price(
    opened: Canaries, weeks: int, record_property: Callable[[str, object], None]
) -> None:
    """With one flush in the week, which is the least noise that a file ever has."""
    verdicts = audited(*watched(opened, weeks=weeks))
    record_property("epsilon proven", f"{max(it.proves() for it in verdicts):.2f}")
    assert 0 < most(verdicts) <= CLAIM


@pytest.mark.parametrize("weeks", [1, pytest.param(40, marks=pytest.mark.long)])
def test_a_second_cell_tells_nothing_more(
    opened: Canaries, weeks: int, record_property: Callable[[str, object], None]
) -> None:
    seen, there = watched(opened, weeks=weeks, look=at_two_cells)
    verdicts = (*audited(seen, there), AGREEING.judged(seen, coins=there))
    record_property("epsilon proven", f"{max(it.proves() for it in verdicts):.2f}")
    assert most(verdicts) <= CLAIM


@pytest.mark.parametrize("weeks", [1, pytest.param(20, marks=pytest.mark.long)])
def test_neither_the_file_nor_every_copy_of_the_counts_proves_more_than_is_claimed(
    opened: Canaries, weeks: int, record_property: Callable[[str, object], None]
) -> None:
    """Flushed every night, as it is shipped. Whoever has the copies of two nights sees what came in between."""
    in_file, in_copies, thrown = list[tuple[int, ...]](), list[tuple[int, ...]](), list[bool]()
    for week in range(weeks):
        there = coins(f"nights {week}")
        copies = opened.nights(there)
        in_file += at_the_file(opened)
        in_copies += [(copies[night_of(it) + 1][it] - copies[night_of(it)][it],) for it in range(CANARIES)]
        thrown += there
    by_file, by_copies = audited(in_file, thrown), audited(in_copies, thrown)
    record_property("epsilon proven by the file", f"{max(it.proves() for it in by_file):.2f}")
    record_property("epsilon proven by every copy", f"{max(it.proves() for it in by_copies):.2f}")
    assert most(by_file) <= CLAIM
    assert CLAIM < most(by_copies) <= STORE_EPSILON


@pytest.mark.parametrize(
    ("opened", "weeks"),
    [(mutants.wrong_scale, 1), (mutants.spare_zeros, 1), (mutants.clamped, 1), (mutants.doubled, 2)],
    indirect=["opened"],
)
def test_a_build_with_wrong_noise_is_refuted(opened: Canaries, weeks: int) -> None:
    assert most(audited(*watched(opened, weeks=weeks))) > CLAIM


@pytest.mark.parametrize("opened", [silent], indirect=True)
def test_noise_that_is_drawn_anew_for_each_file_is_refuted(opened: Canaries) -> None:
    """Many files are many chances: their mean is the truth."""
    truth, there = watched(opened, weeks=1)
    files = [add_noise([value for (value,) in truth], PRICE) for _ in range(EXPORTS)]
    means = [(round(sum(values) / EXPORTS),) for values in zip(*files, strict=True)]

    assert most(audited(means, there)) > CLAIM


def test_a_visit_that_counts_in_two_cells_is_refuted_by_who_may_be_silent(opened: Canaries) -> None:
    opened.site.switch.to = mutants.also_beside(opened.counters.count, beside=beside)

    seen, there = watched(opened, weeks=3, look=at_two_cells)

    assert AGREEING.judged(seen, coins=there).proves(alpha=SURE) > CLAIM


@pytest.mark.parametrize("opened", [silent], indirect=True)
def test_exact_numbers_and_small_ones_suppressed_betray_everybody(opened: Canaries) -> None:
    """1 to 7 suppressed and the rest rounded to 5, as health services do: no better than the numbers themselves."""
    exact, there = watched(opened, weeks=1)
    suppressed = [(mutants.suppressed(value),) for (value,) in exact]

    for published in (exact, suppressed):
        assert max(it.proves(alpha=ALPHA) for it in audited(published, there)) >= HIGHEST
