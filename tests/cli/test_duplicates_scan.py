"""`helpdesk duplicates scan` and `evaluate`, as processes of their own."""

import gzip
from pathlib import Path

from tests.cli.running import Helpdesk
from tests.cli.test_documented import documented, keys

ROWS = """who,first_name,surname,born,mails,phone,town
1,Katarzyna,Wiśniewska,1980-02-03,kasia@acme.example|kw@post.example,601 555 010,Gdynia
1,Kasia,Wisniewska,1980-02-03,KASIA@acme.example,+48601555010,Gdynia
2,Jan,Kowalski,1975-11-30,jan@else.example,602 555 020,Praha
2,Jan,Kowalsky,1975-11-30,,602555020,Praha
3,Null,None,,,,
,Anna,Novák,1990-01-01,anna@third.example,,Wien
,Anna,Novák,1961-07-09,an@fourth.example,,Brno
"""
MAPS = ("name=first_name+surname", "birth_date=born", "email=mails", "phone=phone", "city=town")
MAPPED = [part for one in MAPS for part in ("--map", one)]


def test_a_scan_fills_the_queue_and_says_what_it_did(helpdesk_on: Helpdesk) -> None:
    for name, more in (
        ("Katarzyna Kowalska", "katarzyna.kowalska@acme.example"),
        ("Kasia Kowalska", "kasia.kowalska@gmail.com"),
    ):
        helpdesk_on.ok("clients", "add", name, "--email", more, "--mobile", "+48601555010")
    done = helpdesk_on.ok("duplicates", "scan", "--json").json
    assert keys(done) == documented("`duplicates scan`")
    assert (done["clients"], done["kept"], done["resumed"]) == (2, 1, False)
    assert len(helpdesk_on.ok("duplicates", "list", "--json").json) == 1
    assert "1 pair of 2 clients" in helpdesk_on.ok("duplicates", "scan").out


def test_labelled_records_are_measured(helpdesk: Helpdesk, tmp_path: Path) -> None:
    plain, zipped = tmp_path / "people.csv", tmp_path / "people.csv.gz"
    plain.write_text("\ufeff" + ROWS, encoding="utf-8")
    zipped.write_bytes(gzip.compress(ROWS.encode()))
    found = helpdesk.ok("duplicates", "evaluate", str(plain), "--entity", "who", *MAPPED, "--json").json
    assert keys(found) == documented("`duplicates evaluate`")
    assert (found["records"], found["true_pairs"], found["blocking_recall"]) == (7, 2, 1.0)
    assert found["line"]["precision"] == 1.0
    assert list(found["best"]) == ["threshold", "precision", "recall", "f1"]
    again = helpdesk.ok("duplicates", "evaluate", str(zipped), "--entity", "who", *MAPPED, "--json").json
    unlike = ("seconds", "peak_mb")
    assert {one: again[one] for one in again if one not in unlike} == {
        one: found[one] for one in found if one not in unlike
    }
    assert "blocking" not in helpdesk.ok("duplicates", "evaluate", str(plain), "--entity", "who", *MAPPED).out


def test_pairs_that_were_decided_do_not_count(helpdesk: Helpdesk, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(ROWS, encoding="utf-8")
    options = (str(file), "--entity", "who", *MAPPED, "--json")
    whole = helpdesk.ok("duplicates", "evaluate", *options).json
    less = helpdesk.ok("duplicates", "evaluate", *options, "--decisions", "1").json
    assert less["true_pairs"] == whole["true_pairs"] - 1
    assert less["candidate_pairs"] == whole["candidate_pairs"] - 1


def test_evaluate_leaves_the_desk_alone(helpdesk: Helpdesk, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(ROWS, encoding="utf-8")
    helpdesk.ok(
        "duplicates",
        "evaluate",
        str(file),
        "--entity",
        "who",
        *MAPPED,
        env={"HELPDESK_DATABASE": "nowhere/x"},
    )


def test_what_cannot_be_measured_is_refused_with_a_sentence(helpdesk: Helpdesk, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(ROWS, encoding="utf-8")
    empty = tmp_path / "empty.csv"
    empty.write_text("who,name\n", encoding="utf-8")
    broken = tmp_path / "broken.csv.gz"
    broken.write_bytes(b"no gzip")
    for arguments, sentence in (
        ((str(broken), "--entity", "who", *MAPPED), "broken.csv.gz cannot be read as CSV"),
        ((str(file), "--entity", "nobody", *MAPPED), "has no column 'nobody'"),
        ((str(file), "--entity", "who", "--map", "name=title"), "has no column 'title'"),
        ((str(file), "--entity", "who", "--map", "age=born"), "There is no target 'age'"),
        ((str(file), "--entity", "who", "--map", "name"), "names no column"),
        ((str(empty), "--entity", "who", "--map", "name=name"), "has no records"),
        ((str(tmp_path / "none.csv"), "--entity", "who", *MAPPED), "No such file"),
        ((str(tmp_path), "--entity", "who", *MAPPED), "Is a directory"),
    ):
        answer = helpdesk("duplicates", "evaluate", *arguments)
        assert (answer.code, answer.out) == (1, "")
        assert sentence in answer.err
        assert "Traceback" not in answer.err
