# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""What is going to happen, drawn from one seed before anything begins."""

import random
from dataclasses import dataclass, field

# Times are divided by this: a wait of 80 s takes 8 s.
FACTOR = 10
# lexoffice's own, see the stand-in's README.
RATE_REFILL = 2
TOKEN_REQUESTS = 60
# Shares of all requests: (kind, share, what the stand-in's rule does).
FAULTS = (
    ("5xx, not executed", 0.04, {"status": 503}),
    ("5xx, not executed", 0.03, {"status": 500}),
    ("5xx, not executed", 0.03, {"status": 502, "body": "<html>Bad Gateway</html>"}),
    ("answer lost after commit", 0.05, {"cut": "after"}),
    ("answer lost after commit", 0.03, {"status": 504, "status_after_commit": True}),
    ("answer lost after commit", 0.02, {"truncate": True}),
    ("request lost before", 0.05, {"cut": "before"}),
)
BURST = 4  # lexoffice's bucket


@dataclass
class Size:
    """How much is tried.

    :param tuple invoices: per company; there are two, one for each variant.
    :param int pairs: identical pairs per company.
    :param float minutes: when to give up.
    """

    # More than one page of lexoffice's lists, and than the worker looks at in one go.
    invoices: tuple = (300, 200)
    pairs: int = 25
    kills: int = 5
    restarts: int = 2
    bursts: int = 8
    customers: int = 40
    minutes: float = 15.0

    def total(self):
        return sum(self.invoices)


FULL = Size()
SHORT = Size(
    invoices=(30, 30), pairs=3, kills=2, restarts=1, bursts=2, customers=8, minutes=5.0
)


@dataclass
class Blow:
    """Something that happens once so many documents stand in lexoffice.

    :param str kind: ``kill``, ``restart`` or ``burst``.
    :param int server: which Odoo server a kill hits.
    :param float delay: seconds after the threshold, to hit any step.
    """

    after: int
    kind: str
    server: int = 0
    delay: float = 0.0
    headers: dict = field(default_factory=dict)


def rules(seed):
    """The stand-in's rules: ``(kind, rule)``, tried one after the other.

    A rule sees only what those before it left alone; its probability makes up for
    that, so that the shares hold.
    """
    taken = 0.0
    for number, (kind, share, fault) in enumerate(FAULTS):
        rule = {
            "path": "/v1/*",
            "probability": share / (1 - taken),
            "seed": seed * 1000 + number,
            **fault,
        }
        taken += share
        yield kind, rule


def blows(seed, size, restarts):
    """Kills, restarts and bursts, spread over the run by chance.

    :param bool restarts: whether PostgreSQL may be restarted.
    :return: :class:`Blow` in the order of their thresholds.
    """
    dice = random.Random(seed)
    count = size.total()
    kinds = ["kill"] * size.kills + ["burst"] * size.bursts
    kinds += ["restart"] * size.restarts * bool(restarts)
    dice.shuffle(kinds)
    # Not in the last tenth: a blow after the last document would show nothing.
    step = 0.85 * count / len(kinds)
    return [
        Blow(
            after=int(step * number + dice.uniform(0.1, 0.9) * step),
            kind=kind,
            server=dice.randrange(2),
            delay=dice.uniform(0, 0.5),
            headers={"Retry-After": "0.5"} if dice.random() < 0.5 else {},
        )
        for number, kind in enumerate(kinds)
    ]
