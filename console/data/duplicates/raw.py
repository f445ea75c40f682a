"""What is known of one client as it stands, before anything is made comparable."""

from typing import NamedTuple


class Raw(NamedTuple):
    """One client's clues. ``kind`` is 'person', 'company', or '' where nobody said; texts are as they were typed.

    Who has ``given_name`` and ``family_name`` apart needs no ``name``. Handles may name their network before a colon
    ('twitter:anna'). ``birth_date`` is any writing of a day.
    """

    kind: str = ""
    name: str = ""
    given_name: str = ""
    family_name: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    organization: str = ""
    mail_domains: tuple[str, ...] = ()
    street: str = ""
    city: str = ""
    postcode: str = ""
    country: str = ""
    birth_date: str = ""
    external_id: str = ""
