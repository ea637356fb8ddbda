"""Who is let in, and what the others learn from being refused."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from helpline.codes import words_of
from helpline.crypto.opening import public_half
from helpline.crypto.passwords import Cost
from helpline.staff import sign_in as sign_in_module
from helpline.staff.accounts import NewMember, add_member, deactivate, draw_passphrase, issue, unlock
from helpline.staff.factors import address_for_telephones
from helpline.staff.keys import Door, Seats
from helpline.staff.permissions import Role
from helpline.staff.sessions import SessionOverError, find_session
from helpline.staff.sign_in import Credentials, SignInRefusedError, sign_in
from helpline.staff.tables import Member
from helpline.store.engine import Sessions
from tests.support.cast import KEYS, ZONE, Cast, Player
from tests.support.stores import Stores
from tests.support.world import NOW

STEP = timedelta(seconds=30)


def try_in_vain(office: Sessions, cast: Cast, typed: Credentials, *, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefusedError):
            sign_in(office, typed, door=cast.door, now=NOW)


def test_passphrase_and_code_open_a_session_with_the_private_keys(stores: Stores, cast: Cast) -> None:
    entered = cast.enter(stores.office, cast.counsellor)

    with stores.office.read() as session:
        present = find_session(session, entered.token, keys=KEYS, now=NOW)
    assert present.staff_id == cast.counsellor.id
    assert present.has_keys
    assert not present.needs_passphrase
    assert entered.private.opening is not None
    assert public_half(entered.private.opening) == cast.counsellor.issued.member.public_key
    assert entered.private.signing is None


def test_the_coordinator_signs_and_programme_staff_have_no_key_at_all(stores: Stores, cast: Cast) -> None:
    assert cast.enter(stores.office, cast.coordinator).private.signing is not None

    entered = cast.enter(stores.office, cast.programme_staff)
    assert entered.private.packed() == b""
    with stores.office.read() as session:
        assert not find_session(session, entered.token, keys=KEYS, now=NOW).needs_passphrase


@pytest.mark.parametrize(
    "change",
    [
        lambda typed: replace(typed, passphrase="wrong"),
        lambda typed: replace(typed, code="000000"),
        lambda typed: replace(typed, code=""),
        lambda typed: replace(typed, name="nobody"),
    ],
    ids=["passphrase", "code", "no code", "name"],
)
def test_anything_wrong_is_refused_in_one_and_the_same_way(
    stores: Stores, cast: Cast, change: Callable[[Credentials], Credentials]
) -> None:
    typed = change(cast.counsellor.credentials())

    with pytest.raises(SignInRefusedError) as refused:
        sign_in(stores.office, typed, door=cast.door, now=NOW)
    assert str(refused.value) == ""


def test_a_name_and_a_passphrase_may_be_typed_in_any_case_and_spacing(stores: Stores, cast: Cast) -> None:
    typed = cast.counsellor.credentials()
    sloppy = Credentials(
        name=" Anna ", passphrase=typed.passphrase.upper().replace("-", "  "), code=f"{typed.code[:3]} {typed.code[3:]}"
    )

    assert sign_in(stores.office, sloppy, door=cast.door, now=NOW).member.id == cast.counsellor.id


def test_a_higher_cost_locks_nobody_out(stores: Stores, cast: Cast) -> None:
    """Her hash and her wrapped keys were made at the cost of that day."""
    dearer = Door.of(KEYS, cost=Cost(memory=16, passes=2), zone=ZONE, seats=Seats())

    entered = sign_in(stores.office, cast.counsellor.credentials(), door=dearer, now=NOW)
    assert entered.private.opening is not None
    assert public_half(entered.private.opening) == cast.counsellor.issued.member.public_key

    fresh = draw_passphrase(entered.member, entered.private, door=dearer, words=words_of("nl"))
    assert unlock(entered.member, fresh, door=cast.door) == entered.private


def test_a_used_code_is_refused(stores: Stores, cast: Cast) -> None:
    cast.enter(stores.office, cast.counsellor)

    with pytest.raises(SignInRefusedError):
        cast.enter(stores.office, cast.counsellor)
    assert cast.enter(stores.office, cast.counsellor, now=NOW + STEP).private.opening


def test_an_older_code_than_the_last_used_one_is_refused(stores: Stores, cast: Cast) -> None:
    old = cast.counsellor.code(NOW - STEP)
    cast.enter(stores.office, cast.counsellor)

    try_in_vain(stores.office, cast, replace(cast.counsellor.credentials(), code=old))


def test_clocks_may_differ_by_one_step_and_no_more(stores: Stores, cast: Cast) -> None:
    two_ahead = replace(cast.counsellor.credentials(), code=cast.counsellor.code(NOW + 2 * STEP))
    one_ahead = replace(cast.counsellor.credentials(), code=cast.counsellor.code(NOW + STEP))

    try_in_vain(stores.office, cast, two_ahead)
    assert sign_in(stores.office, one_ahead, door=cast.door, now=NOW).private.opening


def test_a_wrong_passphrase_spends_no_code(stores: Stores, cast: Cast) -> None:
    try_in_vain(stores.office, cast, replace(cast.counsellor.credentials(), passphrase="wrong"))

    assert cast.enter(stores.office, cast.counsellor).private.opening


def test_of_two_sign_ins_with_one_code_one_is_refused(stores: Stores, cast: Cast) -> None:
    barrier, refused = Barrier(2), []
    door = replace(cast.door, seats=Seats())

    def enter() -> None:
        barrier.wait()
        try:
            sign_in(stores.office, cast.counsellor.credentials(), door=door, now=NOW)
        except SignInRefusedError as error:
            refused.append(error)

    threads = [Thread(target=enter) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1


def test_a_recovery_code_works_once_and_for_its_owner_only(stores: Stores, cast: Cast) -> None:
    code = cast.counsellor.issued.recovery_codes[0].lower().replace(" ", "-")
    hers = replace(cast.counsellor.credentials(), code=code)

    try_in_vain(stores.office, cast, replace(cast.other.credentials(), code=code))
    assert sign_in(stores.office, hers, door=cast.door, now=NOW).private.opening
    try_in_vain(stores.office, cast, hers)


def test_an_unknown_name_costs_what_a_known_one_costs(
    stores: Stores, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    for name in ("is_passphrase", "unlock"):
        real = getattr(sign_in_module, name)

        def counted(*values: object, real: object = real, name: str = name, **named: object) -> object:
            asked.append(name)
            assert callable(real)
            return real(*values, **named)

        monkeypatch.setattr(sign_in_module, name, counted)
    costs = []
    for typed in (
        Credentials(name="nobody", passphrase="wrong", code="1"),
        replace(cast.counsellor.credentials(), passphrase="wrong"),
        replace(cast.counsellor.credentials(), code="000000"),
    ):
        asked.clear()
        try_in_vain(stores.office, cast, typed)
        costs.append(tuple(asked))
    assert set(costs) == {("is_passphrase", "unlock")}


def test_whoever_has_left_is_refused_like_anybody_unknown(stores: Stores, cast: Cast) -> None:
    with stores.office.begin() as session:
        deactivate(session, cast.counsellor.id, by=cast.coordinator.id)

    try_in_vain(stores.office, cast, cast.counsellor.credentials())


class SeatsDuringWhich(Seats):
    """Seats on which something happens while Argon2 runs."""

    def __init__(self, happens: Callable[[], None]) -> None:
        super().__init__()
        self.happens = happens

    @contextmanager
    def taken(self, *, is_known: bool) -> Iterator[None]:
        with super().taken(is_known=is_known):
            yield
        self.happens()


def test_whoever_is_deactivated_while_the_passphrase_is_tried_is_not_let_in(stores: Stores, cast: Cast) -> None:
    def leave() -> None:
        with stores.office.begin() as session:
            deactivate(session, cast.counsellor.id, by=cast.coordinator.id)

    door = replace(cast.door, seats=SeatsDuringWhich(leave))
    with pytest.raises(SignInRefusedError):
        sign_in(stores.office, cast.counsellor.credentials(), door=door, now=NOW)


def test_a_session_of_the_wrong_token_is_nobodys(stores: Stores, cast: Cast) -> None:
    entered = cast.enter(stores.office, cast.counsellor)
    with stores.office.read() as session, pytest.raises(SessionOverError):
        find_session(session, entered.device, keys=KEYS, now=NOW)


def test_the_cost_that_production_pays_lets_the_right_one_in(stores: Stores) -> None:
    dear = Door.of(KEYS, cost=Cost(), zone=ZONE)
    new = NewMember(name="dora", shown_name="Dora", role=Role.COUNSELLOR, language="nl")
    dora = Player(issue(new, door=dear, words=words_of("nl"), today=NOW.date()))
    with stores.office.begin() as session:
        add_member(session, dora.issued, door=dear)

    assert sign_in(stores.office, dora.credentials(), door=dear, now=NOW).private.opening is not None


def test_a_telephone_reads_name_and_issuer_from_the_picture(cast: Cast) -> None:
    address = address_for_telephones("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", name="anna", issuer="The invented line")

    assert (
        address
        == "otpauth://totp/The%20invented%20line:anna?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=The%20invented%20line"
    )


def test_no_table_of_the_office_holds_a_passphrase_a_factor_or_a_token(stores: Stores, cast: Cast) -> None:
    entered = cast.enter(stores.office, cast.counsellor)
    secrets = {
        cast.counsellor.issued.passphrase.encode(),
        cast.counsellor.issued.factor.encode(),
        bytes(entered.token),
        bytes(entered.device),
        entered.private.opening or b"",
    }

    with stores.office.read() as session:
        for table in Member.metadata.sorted_tables:
            for row in session.execute(select(table)):
                kept = b" ".join(value if isinstance(value, bytes) else str(value).encode() for value in row)
                assert not any(secret in kept for secret in secrets)
