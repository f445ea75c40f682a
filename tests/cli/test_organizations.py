"""Organizations from the command line: mail domains, rescan, states, access, targets."""

import pytest

from tests.cli.running import Helpdesk


@pytest.fixture
def acme(helpdesk: Helpdesk) -> str:
    added: str = helpdesk.ok("organizations", "add", "Acme", "--json").json["id"]
    helpdesk.ok("clients", "add", "Anna", "--email", "anna@it.acme.pl")
    helpdesk.ok("clients", "add", "Bob", "--email", "bob@gmail.com")
    return added


def test_a_mail_domain_is_previewed_added_and_removed(helpdesk: Helpdesk, acme: str) -> None:
    seen = helpdesk.ok("organizations", "add-domain", "Acme", ".acme.pl", "--dry-run", "--json").json
    assert (seen["moves"], seen["conflicts"], seen["moving"][0]["to"]) == (1, 0, "Acme")
    refused = helpdesk("organizations", "add-domain", "Acme", ".acme.pl")
    assert refused.code == 1
    assert "add --yes" in refused.err
    assert helpdesk.ok("organizations", "show", acme, "--json").json["mail_domains"] == []
    done = helpdesk.ok("organizations", "add-domain", acme, ".acme.pl", "--yes", "--json").json
    assert list(done) == ["sentence", "entry", "count"]
    assert done["count"] == 1
    assert helpdesk.ok("organizations", "show", "acme.pl", "--json").json["mail_domains"] == [
        {"domain": "acme.pl", "subdomains": True}
    ]
    anna = helpdesk.ok("clients", "show", "anna@it.acme.pl", "--json").json
    assert anna["organization"] == "Acme"
    assert "mail from there and what is below it means this organization" in anna["organization_why"]
    helpdesk.ok("organizations", "remove-domain", acme, "acme.pl", "--yes")
    assert helpdesk.ok("clients", "show", "anna@it.acme.pl", "--json").json["organization"] == ""
    helpdesk.ok("journal", "undo")
    assert helpdesk.ok("clients", "show", "anna@it.acme.pl", "--json").json["organization"] == "Acme"


@pytest.mark.parametrize("domain", ["gmail.com", "mailinator.com", "acme", "", "a b.pl"])
def test_what_means_no_company_is_refused(helpdesk: Helpdesk, acme: str, domain: str) -> None:
    for flags in ((), ("--yes",), ("--dry-run", "--json")):
        found = helpdesk("organizations", "add-domain", acme, domain, *flags)
        assert found.code == 1
        assert "Traceback" not in found.err
        assert len(found.err.splitlines()) == 1


def test_a_rescan_makes_organizations_where_the_setting_says_so(helpdesk: Helpdesk, acme: str) -> None:
    quiet = helpdesk.ok("organizations", "rescan", "--json").json
    assert quiet["entry"] is None
    helpdesk.ok("settings", "set", "auto_organization", "true")
    seen = helpdesk.ok("organizations", "rescan", "--dry-run", "--json").json
    assert list(seen) == [
        "dry_run", "sentence", "moves", "made", "conflicts", "managers", "seen", "moving", "conflicting",
    ]  # fmt: skip
    assert (seen["moves"], seen["made"]) == (1, 1)
    assert seen["sentence"] == "This would move 1 client, make 1 organization."
    assert helpdesk.ok("organizations", "rescan", "--yes", "--json").json["count"] == 1
    assert helpdesk.ok("organizations", "show", "it.acme.pl", "--json").json["clients"] == 1


def test_states_access_and_targets_by_command(helpdesk: Helpdesk, acme: str) -> None:
    helpdesk.ok("organizations", "archive", "Acme")
    listed = helpdesk.ok("organizations", "list", "--view", "archived", "--json").json
    assert [one["name"] for one in listed] == ["Acme"]
    helpdesk.ok("organizations", "unarchive", acme)
    one = ("--kind", "request", "--priority", "high")
    helpdesk.ok("organizations", "sla", acme, *one, "--first", "4h", "--resolution", "2d", "--json")
    helpdesk.ok("clients", "sla", "anna@it.acme.pl", *one, "--first", "30 min")
    assert "is no length of time" in helpdesk("organizations", "sla", acme, *one, "--first", "soon").err
    name = helpdesk.ok("departments", "list", "--json").json[0]["name"]
    assert (
        "may not submit" in helpdesk.ok("organizations", "access", acme, "--department", name, "--deny").out
    )
    assert helpdesk.ok("organizations", "delete", acme, "--json").json["sentence"] == "Deleted Acme"
    assert helpdesk("organizations", "delete", acme).code == 1
    assert helpdesk.ok("organizations", "restore", acme).out.startswith("Restored Acme")
