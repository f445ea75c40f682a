"""Sentences on a terminal are broken between words; in a pipe each stays one line."""

import pytest

from console.cli import output

SENTENCE = "There is no client 'anna'. Name them by id, e-mail address, number, username or whole name."


@pytest.mark.parametrize("write", [output.tell, output.complain])
def test_on_a_terminal_no_word_is_cut(
    write: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert callable(write)
    monkeypatch.setattr(output, "is_terminal", lambda stream=None: True)
    monkeypatch.setenv("COLUMNS", "40")
    write(SENTENCE)
    written = capsys.readouterr()
    lines = (written.out + written.err).splitlines()
    assert len(lines) == 3
    assert max(map(len, lines)) <= 40
    assert " ".join(lines) == SENTENCE


def test_in_a_pipe_it_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    output.tell(SENTENCE)
    assert capsys.readouterr().out == SENTENCE + "\n"
