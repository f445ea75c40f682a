"""What is installed: locked, and free for everyone to use."""

import re
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CONSTRAINTS = Path(__file__).parents[2] / "constraints.txt"
PROJECT = "helpdesk-console"
PERMISSIVE = re.compile(r"MIT|ISC|BSD|Apache|PSF|Python Software Foundation|Unlicense|0BSD")
COPYLEFT = re.compile(r"GPL|GNU|MPL|Mozilla|EUPL|CDDL|Eclipse")


def requirements(name: str, *extras: str) -> Iterator[Requirement]:
    for line in distribution(name).requires or ():
        requirement = Requirement(line)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield requirement


def installed(*extras: str) -> set[str]:
    """The names of all packages that come with the project, directly or through another."""
    found: set[str] = set()
    waiting = [(PROJECT, extras)]
    while waiting:
        name, wanted = waiting.pop()
        for requirement in requirements(name, *wanted):
            dependency = canonicalize_name(requirement.name)
            if dependency not in found or requirement.extras:
                waiting.append((dependency, tuple(requirement.extras)))
            found.add(dependency)
    return found


def locked() -> dict[str, str]:
    """The version of each package, by name, of a file that holds nothing else."""
    lines = CONSTRAINTS.read_text().splitlines()
    pins = [line.split("==") for line in lines if not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in pins}


def test_constraints_hold_names_and_versions_and_no_address() -> None:
    pin = re.compile(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!+]+( ; [^:@/]+)?")
    assert [
        line
        for line in CONSTRAINTS.read_text().splitlines()
        if not line.startswith("#") and not pin.fullmatch(line)
    ] == []


def test_every_package_is_locked() -> None:
    assert installed("test") - set(locked()) == set()


def test_what_is_tested_is_what_is_locked() -> None:
    versions = {name: distribution(name).version for name in installed("test")}
    assert versions.items() <= locked().items()


def licence(package: Distribution) -> str:
    """What a package says of its licence, in any of the three places."""
    told = package.metadata.json
    classifiers = [line for line in told.get("classifier", ()) if line.startswith("License ::")]
    return " ".join([*classifiers, str(told.get("license_expression", "")), str(told.get("license", ""))])


@pytest.mark.parametrize("name", sorted(installed()))
def test_what_runs_is_permissively_licensed(name: str) -> None:
    told = licence(distribution(name))
    assert PERMISSIVE.search(told)
    assert not COPYLEFT.search(told)
