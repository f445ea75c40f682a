"""Which pairs are kept, and which need not be looked at twice."""

import random
from itertools import combinations

from console.data.duplicates import pairs
from console.data.duplicates.compare import levels
from console.data.duplicates.model import SHIPPED
from console.data.duplicates.score import claims, rarity, score
from console.data.duplicates.scoring import Judged
from tests.data.duplicates.making import anybody


def test_what_cannot_be_kept_is_known_by_the_levels_alone() -> None:
    chance = random.Random(11)
    people = [anybody(chance) for _ in range(150)]
    kept = passed = 0
    for one, other in combinations(people, 2):
        found = levels(one, other)
        for number in (2, 3, 40):
            counts = {key: number for claim in claims(one, other, found) for key in claim.keys}
            rare = rarity(one, other, found, counts, SHIPPED)
            judged = Judged((1, 2), found, score(found, SHIPPED, rare), rare)
            passed += pairs.may_be_kept(found, SHIPPED)
            if pairs.is_kept(judged, SHIPPED):
                kept += 1
                assert pairs.may_be_kept(found, SHIPPED)
    assert 0 < kept <= passed < 3 * len(people) * (len(people) - 1) // 2
