"""What customers were told, held against what is in the database. Every figure of `Counted` must be 0."""

import collections
import contextlib
import dataclasses
import json

import psycopg2

from hosts import until

MICROS = 1_000_000
# How many contradictions are told in words; all are counted.
EXAMPLES = 5


@dataclasses.dataclass
class Counted:
    """How many, of each thing that must not be."""

    lost: int = 0
    double: int = 0
    below_zero: int = 0
    off_micros: int = 0
    isolated: int = 0
    unsettled: int = 0
    others: int = 0
    # The first of them.
    words: list = dataclasses.field(default_factory=list)

    FOUR = {"lost": "acknowledged charges lost", "double": "charged twice", "below_zero": "below zero",
            "off_micros": "millionths of money made or gone"}
    MORE = {"isolated": "acknowledged by an isolated primary", "unsettled": "orders never settled",
            "others": "other contradictions"}

    def figures(self):
        return {name: getattr(self, name) for name in {**self.FOUR, **self.MORE}}

    def is_sound(self):
        return not any(self.figures().values())

    def count(self, name, many, words):
        """Adds to a figure, and says to what."""
        setattr(self, name, getattr(self, name) + many)
        if many and len(self.words) < EXAMPLES:
            self.words.append(f"{name} {many}: {words}")


def check(cluster, load, desk):
    """Everything at rest: nobody asks, and every member is there."""
    counted = Counted()
    stored = cluster.rows("SELECT id::text, idempotency_key, explanation, amount_micros, entry_seq, refusal FROM charges")
    charges = {}
    by_user = collections.defaultdict(list)
    for id, key, explanation, amount, entry, refusal in stored:
        if refusal is None:
            charges[id] = (key, amount, entry)
            by_user[json.loads(explanation)["message"]["user_id"]].append(id)
    entries = dict(cluster.rows("SELECT charge_id::text, count(*) FROM entries WHERE kind = 'charge' GROUP BY 1"))
    told(counted, load, charges, by_user, entries)
    money(counted, cluster, load)
    reconciled, well = desk("reconcile")
    counted.count("others", int(not well), f"reconcile: {reconciled}")
    counted.count("others", len(load.odd), load.odd[:3])
    return counted


def told(counted, load, charges, by_user, entries):
    """Each customer's word against the charges."""
    for order in load.orders:
        mine = by_user.pop(order.user, [])
        if order.outcome is None:
            counted.count("unsettled", 1, f"{order.user} after {order.tries} tries")
        if order.outcome == "paid":
            key, amount, _ = charges.get(order.charge, (None, None, None))
            is_there = key in order.keys and amount == int(order.cost * MICROS)
            counted.count("lost", int(not is_there or entries.get(order.charge, 0) < 1),
                          f"{order.user} was told {order.charge}, there is {mine}")
        # Once where it was paid, never where it was refused.
        most = 0 if order.outcome == "refused" else 1
        twice = max(0, sum(entries.get(id, 0) for id in mine) - most)
        counted.count("double", twice, f"{order.user} ({order.outcome}): {mine}")
        if order.balance is not None and order.balance < 0:
            counted.count("below_zero", 1, f"{order.user} was told a balance of {order.balance}")
    unasked = [id for ids in by_user.values() for id in ids]
    counted.count("double", len(unasked), f"nobody asked for {unasked[:3]}")


def money(counted, cluster, load):
    """Balances that were never below zero, and money that is all there."""
    [(low,)] = cluster.rows("SELECT (SELECT count(*) FROM accounts WHERE balance_micros < 0)"
                            " + (SELECT count(*) FROM entries WHERE balance_micros < 0)")
    counted.count("below_zero", low, "balances in accounts and entries")
    # The running sum itself, whatever the stored balances say.
    [(low,)] = cluster.rows("SELECT count(*) FROM (SELECT sum(amount_micros) OVER (PARTITION BY account_id ORDER BY seq)"
                            " AS running FROM entries) AS history WHERE running < 0")
    counted.count("below_zero", low, "sums of the history")
    [(balances,)] = cluster.rows("SELECT coalesce(sum(balance_micros), 0) FROM accounts")
    [(taken, back)] = cluster.rows("SELECT coalesce(sum(amount_micros), 0), coalesce(sum(refunded_micros), 0)"
                                   " FROM charges WHERE refusal IS NULL")
    paid = {(provider, payment): amount for provider, payment, amount in
            cluster.rows("SELECT provider, payment, amount_micros FROM payments")}
    off = abs(sum(paid.values()) - balances - taken + back)
    counted.count("off_micros", int(off), f"paid in {sum(paid.values())}, left {balances}, taken {taken}, back {back}")
    for name, amount in list(load.payments.items()):
        counted.count("lost", int(paid.get(name) != int(amount * MICROS)), f"the payment {name}")


def members_agree(counted, cluster):
    """Each machine holds the same, once its replicas have read what there is."""
    sums = ("SELECT (SELECT md5(string_agg(id::text, '' ORDER BY id)) FROM charges),"
            " (SELECT md5(string_agg(e::text, '' ORDER BY account_id, seq)) FROM entries e)")

    def agree():
        with contextlib.suppress(psycopg2.OperationalError):
            return len({tuple(member.rows(sums)) for member in cluster.members}) == 1

    try:
        until("the members agree", agree, 30, 0.5)
    except TimeoutError:
        counted.count("others", 1, "the members hold different charges or entries")
