"""`helpdesk who`: anything pasted, answered in words and in JSON."""

from tests.cli.running import Helpdesk
from tests.cli.test_documented import documented, keys


def test_a_person_is_answered_in_words_and_in_json_and_nobody_exits_1(helpdesk: Helpdesk) -> None:
    helpdesk.ok("clients", "add", "Anna Kowalska", "--email", "anna@acme.example", "--mobile", "+48601555010")
    said = helpdesk.ok("who", "+48", "601", "555", "010").out
    assert said.startswith("Anna Kowalska: found by phone number.")
    found = helpdesk.ok("who", "Anna <anna@acme.example>", "--json").json
    assert keys(found) == documented("`who`")
    assert (found["kind"], found["client"]["name"]) == ("client", "Anna Kowalska")
    nobody = helpdesk("who", "zzz")
    assert (nobody.code, nobody.out, nobody.err) == (1, "", "Nobody is known by 'zzz'.\n")
    assert helpdesk("who", "zzz", "--json").json["kind"] == "nobody"
    helpdesk.ok("clients", "add", "Jan Kowalski", "--mobile", "+48601555010")
    several = helpdesk("who", "601555010")
    assert several.code == 1
    assert "Anna Kowalska" in several.out
    assert "Jan Kowalski" in several.out
