"""What is done in the helpline's store when somebody has left: off the rota, and nothing stays sealed to her."""

from counsellors.services import services, today
from helpline.callbacks.queue import destroy_envelopes_of
from helpline.callbacks.rota_keeping import retire_counsellor
from helpline.callbacks.tables import CounsellorId
from helpline.staff.accounts import members


def forget_leavers() -> None:
    """Do it for everybody who has left: a crash between the two stores is mended by the next who signs the roster."""
    found = services()
    with found.office.read() as reading:
        gone = [CounsellorId(member.id) for member in members(reading) if not member.active]
    with found.helpline.begin() as writing:
        for counsellor in gone:
            retire_counsellor(writing, counsellor, today=today())
            destroy_envelopes_of(writing, counsellor)
