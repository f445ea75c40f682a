"""How a database may be written down."""

import pytest

from console.data.desk import Desk
from console.data.errors import DatabaseError
from console.data.locations import connect_arguments, locate


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+asyncpg", "postgresql+psycopg2"])
def test_any_driver_suffix_means_the_same(scheme: str) -> None:
    found = locate(f"{scheme}://ann@db.example:5433/desk")
    assert str(found.url) == "postgresql+asyncpg://ann@db.example:5433/desk"
    assert found.shown == "postgresql://ann@db.example:5433/desk"


def test_passwords_are_never_shown() -> None:
    for given in (
        "postgresql://ann:hunter2@db.example/desk",
        "postgresql://ann@db.example/desk?password=hunter2&sslmode=require",
    ):
        assert "hunter2" not in locate(given).shown
    with pytest.raises(DatabaseError) as error:
        locate("postgresql://ann:hunter2@db.example:nota/desk")
    assert "hunter2" not in str(error.value)


def test_options_of_other_tools_are_understood() -> None:
    given = "postgresql://ann@db.example/desk?sslmode=require&connect_timeout=5&application_name=desk"
    url, arguments = connect_arguments(locate(given).url)
    assert url.query == {"ssl": "require"}
    assert arguments == {"timeout": 5.0, "server_settings": {"application_name": "desk"}}


@pytest.mark.parametrize(
    ("options", "words"), [("foo=1", "option 'foo'"), ("connect_timeout=soon", "number of seconds")]
)
def test_an_option_that_cannot_be_used_is_named(options: str, words: str) -> None:
    with pytest.raises(DatabaseError, match=words):
        locate(f"postgresql://ann@db.example/desk?{options}")


async def test_a_desk_opens_with_options(postgresql_url: str) -> None:
    async with (
        await Desk.open(f"{postgresql_url}?sslmode=prefer&connect_timeout=10&application_name=desk") as desk,
        desk.read() as connection,
    ):
        assert connection.dialect.name == "postgresql"
