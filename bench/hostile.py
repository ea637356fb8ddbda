"""What the server pays for files that are not as we wrote them: each must be cheap to refuse."""

from bench.load import ask, getting, measure, posting, token_in
from bench.serving import Served
from helpline.languages import CONTENT
from helpline.programme.pages import load_pages
from helpline.programme.paths import paths_of
from helpline.programme.words import load_words
from helpline.web.shared import MOST_BYTES
from tests.support.hostile_bodies import FORM_TYPE, TOKEN, Sent, hostile_bodies, sent
from tests.support.hostile_files import Ground, hostile_files

PATH, PAGE, LANGUAGE = 1, 2, "en"
"""A module with texts and lists on several pages, and its first page with a field."""

TIMES = 10
"""Uploads of each kind: the kernel counts CPU in hundredths of a second, so this tells a millisecond."""

FILES, REQUESTS = "odd files", "odd requests around a file"
MOST_MILLISECONDS = {FILES: 50.0, REQUESTS: 100.0}


def cost_of_uploads(site: Served) -> dict[str, dict[str, float]]:
    """Return the milliseconds of CPU that each odd upload costs the worker of *site*, by kind and name."""
    address = f"/{LANGUAGE}/read/{PATH}/{PAGE}"
    token = token_in(ask(site.port, getting(address)).data.decode())

    def cost(upload: Sent) -> float:
        request = posting(address, upload.body.replace(TOKEN.encode(), token.encode()), kind=upload.kind)
        return measure(site.port, [request] * TIMES, master=site.process).cpu / 1_000

    return {kind: {it.name: cost(it) for it in uploads} for kind, uploads in _uploads().items()}


def _uploads() -> dict[str, list[Sent]]:
    """Return all of them but those that the server refuses unread, by their length."""
    fields = paths_of(load_pages(languages=(LANGUAGE,)))[LANGUAGE, PATH].fields
    ground = Ground(fields, load_words(CONTENT, languages=(LANGUAGE,))[LANGUAGE])
    form = {"at": str(PAGE), "do": "open"}
    files = [
        Sent(file.name, sent(form | {"token": TOKEN}, file=file.data, called=file.called), FORM_TYPE)
        for file in hostile_files(ground)
    ]
    return {FILES: files, REQUESTS: [it for it in hostile_bodies(form, ground=ground) if len(it.body) <= MOST_BYTES]}
