"""A base out as files, scored, and back into the queue, by the commands."""

from pathlib import Path

from tests.cli.running import Helpdesk
from tests.cli.test_documented import documented

STEPS = ("export-scaleout", "score-scaleout", "import-scaleout")


def test_three_commands_make_the_queue_that_a_scan_makes(helpdesk_on: Helpdesk, tmp_path: Path) -> None:
    helpdesk_on.ok("demo", "--no-open", "--clients", "150")
    helpdesk_on.ok("duplicates", "scan")
    here = helpdesk_on.ok("duplicates", "list", "--all", "--json").json
    assert here

    folder = str(tmp_path / "out")
    answers = [helpdesk_on.ok("duplicates", step, folder, "--json").json for step in STEPS]

    assert [list(one) for one in answers] == [documented(f"`duplicates {step}`") for step in STEPS]
    assert answers[0]["clients"] > 100
    assert helpdesk_on.ok("duplicates", "list", "--all", "--json").json == here


def test_each_step_says_what_comes_next(helpdesk: Helpdesk, tmp_path: Path) -> None:
    folder = str(tmp_path / "out")

    early = helpdesk("duplicates", "score-scaleout", folder)
    said = [helpdesk.ok("duplicates", step, folder).out for step in STEPS]

    assert early.code == 1
    assert "helpdesk duplicates export-scaleout" in early.err
    assert "helpdesk duplicates score-scaleout" in said[0]
    assert "helpdesk duplicates import-scaleout" in said[1]
    assert "helpdesk duplicates list" in said[2]
