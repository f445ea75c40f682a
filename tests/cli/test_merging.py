"""`helpdesk clients merge`, `merge-as-contact`, `unmerge`, and the same for organizations."""

from typing import Any

import pytest

from tests.cli.running import Helpdesk
from tests.cli.test_documented import documented, keys

ANNA, KASIA = "anna@acme.pl", "kasia@acme.pl"


def add(helpdesk: Helpdesk, name: str, email: str, *more: str) -> str:
    made: str = helpdesk.ok("clients", "add", name, "--email", email, *more, "--json").json["id"]
    return made


def two(helpdesk: Helpdesk) -> tuple[str, str]:
    """Anna with credit, Kasia with credit and a note."""
    anna, kasia = add(helpdesk, "Anna Kowalska", ANNA), add(helpdesk, "Kasia Kowalska", KASIA)
    helpdesk.ok("clients", "credit", ANNA, "--amount", "3 h")
    helpdesk.ok("clients", "credit", KASIA, "--amount", "2 h")
    helpdesk.ok("clients", "note", KASIA, "--text", "Likes coffee")
    return anna, kasia


def line(preview: Any, name: str) -> Any:
    return next(one for one in preview["balance"] if one["name"] == name)


def test_a_merge_is_shown_done_and_undone(helpdesk_on: Helpdesk) -> None:
    anna, kasia = two(helpdesk_on)
    shown = helpdesk_on.ok("clients", "merge", ANNA, KASIA, "--dry-run", "--json").json
    assert keys(shown) == documented("the same with `--dry-run`")
    assert shown["sentence"] == "Merge 2 clients into Anna Kowalska"
    credit = line(shown, "credit")
    assert (credit["before"], credit["after"], credit["unit"]) == ([180, 120], 300, "minutes")
    done = helpdesk_on.ok("clients", "merge", ANNA, KASIA, "--yes", "--json").json
    assert keys(done) == documented("`clients merge`, `clients merge-as-contact`, `organizations merge`")
    assert (done["survivor"], done["absorbed"]) == (anna, [kasia])
    for old in (kasia, KASIA):
        found = helpdesk_on.ok("clients", "show", old, "--json").json
        assert (found["id"], found["credit"]["minutes"]) == (anna, 300)
        assert [one["id"] for one in found["merged"]] == [kasia]
    undone = helpdesk_on.ok("clients", "unmerge", done["entry"], "--yes", "--json").json
    assert keys(undone) == documented("`clients unmerge`, `organizations unmerge`")
    assert helpdesk_on.ok("clients", "show", KASIA, "--json").json["credit"]["minutes"] == 120
    assert helpdesk_on.ok("clients", "show", ANNA, "--json").json["merged"] == []


def test_a_dry_run_in_words_changes_nothing(helpdesk: Helpdesk) -> None:
    two(helpdesk)
    out = helpdesk.ok("clients", "merge", ANNA, KASIA, "--dry-run").out
    assert out.startswith("Merge 2 clients into Anna Kowalska\n")
    assert "[Anna Kowalska]" in out
    credit = next(one for one in out.splitlines() if one.startswith("credit "))
    assert credit.split() == ["credit", "3h00", "2h00", "5h00"]
    assert "Everything is accounted for:" in out
    assert out.endswith("Nothing was changed.\n")
    assert helpdesk.ok("clients", "show", ANNA, "--json").json["merged"] == []


def test_without_yes_it_is_shown_and_not_done(helpdesk: Helpdesk) -> None:
    two(helpdesk)
    refused = helpdesk("clients", "merge", ANNA, KASIA)
    assert refused.code == 1
    assert "Everything is accounted for:" in refused.out
    assert refused.err.startswith("Nothing was changed. Merge 2 clients into Anna Kowalska: add --yes")
    assert helpdesk.ok("clients", "show", ANNA, "--json").json["merged"] == []


def test_the_survivor_what_is_kept_and_what_is_left_are_chosen(helpdesk: Helpdesk) -> None:
    anna, kasia = two(helpdesk)
    options = ("--into", KASIA, "--keep", f"name={ANNA}", "--without", "credit", "--yes")
    assert (
        helpdesk.ok("clients", "merge", ANNA, KASIA, *options).out == "Merged 2 clients into Anna Kowalska\n"
    )
    found = helpdesk.ok("clients", "show", anna, "--json").json
    assert (found["id"], found["name"], found["credit"]["minutes"]) == (kasia, "Anna Kowalska", 120)
    left = helpdesk.ok("clients", "show", anna, "--left", "--json").json
    assert (left["state"], left["credit"]["minutes"]) == ("absorbed", 180)
    assert "credit" in helpdesk.ok("clients", "show", kasia).out.partition("Merged into this one")[2]


def test_statuses_that_contradict_are_answered_with_keep(helpdesk: Helpdesk) -> None:
    two(helpdesk)
    helpdesk.ok("clients", "ban", KASIA, "--reason", "rude")
    refused = helpdesk("clients", "merge", ANNA, KASIA, "--yes")
    assert refused.code == 1
    assert "say which status they have afterwards. Say it with --keep." in refused.err
    helpdesk.ok("clients", "merge", ANNA, KASIA, "--keep", f"status={KASIA}", "--yes")
    assert helpdesk.ok("clients", "show", ANNA, "--json").json["status"] == "banned"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((ANNA, ANNA), "A client cannot be merged with itself. Name another one."),
        ((ANNA,), "Name at least two clients to merge."),
        ((ANNA, "nobody@acme.pl"), "There is no client 'nobody@acme.pl'."),
        ((ANNA, KASIA, "--keep", f"colour={ANNA}"), "'colour' is no field of theirs."),
        ((ANNA, KASIA, "--keep", "name"), "--keep 'name': write FIELD=CLIENT."),
        ((ANNA, KASIA, "--without", "luck"), "Invalid value for '--without'"),
    ],
)
def test_bad_input_is_a_sentence(helpdesk: Helpdesk, arguments: tuple[str, ...], sentence: str) -> None:
    two(helpdesk)
    refused = helpdesk("clients", "merge", *arguments, "--yes")
    assert refused.code in (1, 2)
    assert sentence in refused.err
    assert helpdesk.ok("clients", "show", ANNA, "--json").json["merged"] == []


def test_the_absorbed_are_not_merged_again(helpdesk: Helpdesk) -> None:
    _, kasia = two(helpdesk)
    third = add(helpdesk, "Third", "third@acme.pl")
    helpdesk.ok("clients", "merge", ANNA, KASIA, "--yes")
    refused = helpdesk("clients", "merge", third, kasia, "--yes")
    assert refused.err == "Kasia Kowalska was merged into Anna Kowalska already. Merge that one.\n"


def test_what_came_since_goes_to_whom_it_is_given(helpdesk: Helpdesk) -> None:
    anna, kasia = two(helpdesk)
    helpdesk.ok("clients", "merge", ANNA, KASIA, "--yes")
    helpdesk.ok("clients", "note", ANNA, "--text", "Likes milk")
    helpdesk.ok("clients", "note", ANNA, "--text", "Likes sugar")
    undo = helpdesk("journal", "undo")
    helpdesk.ok("journal", "undo")
    assert undo.code == 0
    shown = helpdesk.ok("clients", "unmerge", kasia, "--dry-run", "--json").json
    assert keys(shown)[:4] == ["dry_run", "entry", "kind", "at"]
    assert shown["newer"] == []
    helpdesk.ok("clients", "note", ANNA, "--text", "Likes salt")
    refused = helpdesk("journal", "undo", shown["entry"])
    assert refused.code == 1
    assert "helpdesk clients unmerge" in refused.err
    [row] = helpdesk.ok("clients", "unmerge", kasia, "--dry-run", "--json").json["newer"]
    assert (row["table"], row["suggested"]) == ("note", anna)
    assert row["id"] in helpdesk.ok("clients", "unmerge", kasia, "--dry-run").out
    assert helpdesk("clients", "unmerge", kasia, "--give", "milk", "--yes").code == 2
    stranger = helpdesk("clients", "unmerge", kasia, "--give", f"{row['id']}=3", "--yes")
    assert stranger.code == 1
    helpdesk.ok("clients", "unmerge", kasia, "--give", f"{row['id']}={kasia}", "--yes")
    texts = {one["text"] for one in helpdesk.ok("clients", "show", KASIA, "--json").json["notes"]}
    assert texts == {"Likes coffee", "Likes salt"}


def test_what_was_changed_since_is_named_and_may_stay(helpdesk: Helpdesk) -> None:
    two(helpdesk)
    helpdesk.ok("clients", "merge", ANNA, KASIA, "--keep", f"name={KASIA}", "--yes")
    helpdesk.ok("clients", "edit", ANNA, "--name", "Anna Nowak")
    refused = helpdesk("clients", "unmerge", ANNA, "--yes")
    assert refused.code == 1
    assert "--keep-changed leaves those as they are now." in refused.err
    helpdesk.ok("clients", "unmerge", ANNA, "--keep-changed", "--yes")
    assert helpdesk.ok("clients", "show", ANNA, "--json").json["name"] == "Anna Nowak"


def test_a_client_becomes_a_contact_and_a_client_again(helpdesk: Helpdesk) -> None:
    anna, kasia = two(helpdesk)
    answer = helpdesk.ok("clients", "merge-as-contact", ANNA, KASIA, "--yes").out
    assert answer == "Kasia Kowalska is a contact of Anna Kowalska now\n"
    contacts = helpdesk.ok("clients", "show", ANNA, "--json").json["contacts"]
    assert [one["name"] for one in contacts] == ["Kasia Kowalska"]
    helpdesk.ok("clients", "unmerge", kasia, "--yes")
    assert helpdesk.ok("clients", "show", kasia, "--json").json["id"] == kasia
    assert helpdesk.ok("clients", "show", anna, "--json").json["contacts"] == []


def test_organizations_are_merged_and_parted(helpdesk_on: Helpdesk) -> None:
    for name in ("acme", "beta"):
        helpdesk_on.ok("organizations", "add", name.title(), "--mail-domain", f"{name}.pl")
    done = helpdesk_on.ok("organizations", "merge", "acme.pl", "beta.pl", "--yes", "--json").json
    assert done["sentence"] == "Merged 2 organizations into Acme"
    assert helpdesk_on.ok("organizations", "show", "beta.pl", "--json").json["id"] == done["survivor"]
    assert helpdesk_on.ok("organizations", "show", done["absorbed"][0], "--json").json["name"] == "Acme"
    helpdesk_on.ok("organizations", "unmerge", "Acme", "--yes")
    assert helpdesk_on.ok("organizations", "show", "beta.pl", "--json").json["name"] == "Beta"


def test_who_gets_what_came_since_is_said_and_chosen_by_number(helpdesk: Helpdesk) -> None:
    anna, kasia = two(helpdesk)
    helpdesk.ok("clients", "merge", ANNA, KASIA, "--yes")
    for text in ("Likes salt", "Likes milk", "Likes figs"):
        helpdesk.ok("clients", "note", ANNA, "--text", text)
    told = helpdesk.ok("clients", "unmerge", kasia, "--dry-run").out
    assert f"2  Kasia Kowalska  {KASIA}" in told
    shown = helpdesk.ok("clients", "unmerge", kasia, "--dry-run", "--json").json
    assert [one["known_by"] for one in shown["records"]] == [ANNA, KASIA]
    first, second, third = (row["id"] for row in shown["newer"])
    behind = helpdesk.ok("clients", "unmerge", kasia, "--dry-run", "--after", first, "--json").json
    assert [row["id"] for row in behind["newer"]] == [second, third]
    assert helpdesk("clients", "unmerge", kasia, "--dry-run", "--after", "salt").code == 2
    assert helpdesk("clients", "unmerge", kasia, "--rest", "3", "--yes").code == 1
    done = helpdesk.ok(
        "clients", "unmerge", kasia, "--give", f"{second}=1", "--rest", KASIA, "--yes", "--json"
    ).json
    assert (done["given"], done["assigned"], done["stayed"]) == ([{"id": kasia, "rows": 2}], 2, 1)
    assert "2 that came since went to Kasia Kowalska; 1 that came since stayed with Anna" in done["sentence"]
    assert anna == done["survivor"]
    texts = {one["text"] for one in helpdesk.ok("clients", "show", ANNA, "--json").json["notes"]}
    assert "Likes milk" in texts
