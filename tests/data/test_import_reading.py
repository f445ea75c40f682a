"""CSV files as they are found: what is read, with which line numbers, and what is named instead."""

from pathlib import Path

import pytest

from console.data.errors import Invalid
from console.data.transfer.reading import Table, nearest
from console.data.transfer.rows import CLIENT_COLUMNS


def table(tmp_path: Path, content: bytes | str) -> Table:
    file = tmp_path / "file.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return Table(file, CLIENT_COLUMNS)


def lines(tmp_path: Path, content: bytes | str) -> list[tuple[int, list[str]]]:
    with table(tmp_path, content) as found:
        return [(line.number, line.cells) for line in found]


def test_physical_lines_are_counted(tmp_path: Path) -> None:
    content = 'name,email\n\nA,a@x.pl\r\n"B\nof two lines",b@x.pl\n,,\n\n"C, ""quoted""",c@x.pl'
    assert lines(tmp_path, content) == [
        (3, ["A", "a@x.pl"]),
        (4, ["B\nof two lines", "b@x.pl"]),
        (8, ['C, "quoted"', "c@x.pl"]),
    ]


@pytest.mark.parametrize("start", [b"\xef\xbb\xbf", b""])
def test_a_byte_order_mark_is_no_part_of_the_first_name(start: bytes, tmp_path: Path) -> None:
    with table(tmp_path, start + "Name , E-Mail\nŻółć,a@x.pl\n".encode()) as found:
        assert found.columns == {"name": 0}
        assert found.unknown == {"E-Mail": "email"}
        assert [line.cells[0] for line in found] == ["Żółć"]


def test_short_rows_are_filled_and_long_ones_set_aside(tmp_path: Path) -> None:
    with table(tmp_path, "name,email,mobile\nA\nB,b@x.pl,1,2\nC,c@x.pl,,,\n") as found:
        assert [line.cells[:3] for line in found] == [["A", "", ""], ["C", "c@x.pl", ""]]
        assert found.too_long == [(3, "There are 4 cells under 3 columns. Put cells with commas in quotes.")]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty. Its first line must name the columns."),
        (b"name;email\nA;a@x.pl\n", "separates its columns by semicolons. Save it as CSV with commas"),
        (b"name\temail\nA\ta@x.pl\n", "separates its columns by tabs."),
        (b"sep=;\nname;email\n", "begins with 'sep=;', a line for Excel. Remove that line."),
        (b"name,email,name\nA,b,c\n", "has two columns name."),
        (
            "name,email\nA,a@x.pl\nŻółć,b@x.pl\n".encode("cp1250"),
            "is not UTF-8: line 3 holds the byte 0xaf. It looks like Windows-1250",
        ),
        ("name\nzażółć gęślą jaźń\n".encode("iso-8859-2"), "It looks like ISO-8859-2"),
        ("name\nÀÉÎÕÜ façade naïve\n".encode("cp1252"), "It looks like Windows-1252"),
        ("name,email\n".encode("utf-16"), "is UTF-16 text. Save it as CSV UTF-8"),
        (b"PK\x03\x04rest", "is a workbook, not CSV."),
        (b"name\n\xc5", "ends in the middle of a character."),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_with_what_to_do(content: bytes, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid) as error:
        lines(tmp_path, content)
    assert sentence in str(error.value)
    assert str(error.value).startswith("file.csv ")


def test_folders_and_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="is a folder"):
        Table(tmp_path, CLIENT_COLUMNS)
    with pytest.raises(Invalid, match="No such file"):
        Table(tmp_path / "none.csv", CLIENT_COLUMNS)


def test_a_missing_quotation_mark_is_not_swallowed_for_ever(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="Is a quotation mark missing"):
        lines(tmp_path, 'name,email\n"A,a@x.pl\n' + "B,b@x.pl\n" * 2_000_000)


@pytest.mark.parametrize(
    ("found", "meant"),
    [
        ("emails", "email"),
        ("phones", "phone"),
        ("street", "address"),
        ("org", "organization"),
        ("birthday", ""),
    ],
)
def test_unknown_columns_are_told_what_they_may_mean(found: str, meant: str) -> None:
    assert nearest(found, CLIENT_COLUMNS) == meant
