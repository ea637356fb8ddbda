"""The few words that code puts together."""

import shutil
from pathlib import Path

import pytest

from helpline.languages import CONTENT
from helpline.programme.reading import ContentError
from helpline.programme.words import load_words


def test_words_that_are_not_whole_stop_the_start(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    shutil.copy(CONTENT / "en/words.toml", tmp_path / "en/words.toml")
    text = (tmp_path / "en/words.toml").read_text()
    changed = text.replace('"Monday", ', "").replace("{time}", "{hour}", 1).replace("closed = ", "clossed = ")
    (tmp_path / "en/words.toml").write_text(changed)

    with pytest.raises(ContentError) as caught:
        load_words(tmp_path, languages=("en", "nl"))

    assert "en/words.toml.days must be seven days, Monday first" in caught.value.faults
    assert "en/words.toml: {hour} is not a placeholder here" in caught.value.faults
    assert "en/words.toml.opening.clossed must be left out: nothing reads it" in caught.value.faults
    assert "nl/words.toml cannot be read: FileNotFoundError" in caught.value.faults
