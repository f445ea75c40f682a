"""Labelled records as clues."""

from pathlib import Path

import pytest

from console.data.duplicates.labelled import read


@pytest.mark.parametrize(
    ("mapped", "kind"),
    [
        ({"name": ["who"], "birth_date": ["born"]}, "person"),
        ({"given_name": ["who"]}, "person"),
        ({"name": ["who"], "birth_date": ["born"], "kind": ["is"]}, "company"),
        ({"name": ["who"]}, ""),
    ],
)
def test_what_only_people_have_says_that_records_are_people(
    tmp_path: Path, mapped: dict[str, list[str]], kind: str
) -> None:
    file = tmp_path / "records.csv"
    file.write_text("cluster,who,born,is\n1,Anna Nowak,1980-01-01,organization\n")

    pages = read(file, "cluster", mapped, 10)
    assert [one.raw.kind for page in pages for one in page.records()] == [kind]
