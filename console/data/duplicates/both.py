"""Two clients, the way they are named everywhere here: the smaller id first."""

Ids = tuple[int, int]


def in_order(one: int, other: int) -> Ids:
    """The two in order."""
    return (one, other) if one < other else (other, one)
