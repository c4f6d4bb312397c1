"""Python's `decimal` as the judge of money: every figure of an answer, worked out anew from the rate card's own file."""

import decimal
import json
import os
import random
import subprocess
import unittest

from program import BINARY, ROOT

QUOTES = int(os.environ.get("ORACLE_MONEY", "20000"))
SEED = int(os.environ.get("ORACLE_SEED", "20260525"))

# Enough for any sum: nothing may be rounded, and a sum that would be is an error.
EXACT = decimal.Context(prec=60, traps=[decimal.Inexact, decimal.InvalidOperation])
NUMBERS = ["+12125550123", "+14165550123", "+447400123456", "+4915112345678", "+33612345678", "+5511987654321",
           "+8613800138000", "+918123456789", "+61412345678", "+2348031234567", "+971501234567", "+12425550123"]


def request(dice):
    asked = {"text": "a" * dice.choice([1, 5, 160, 161, 306, 307, dice.randint(1, 1600)]),
             "channel": dice.choice(["api", "zapier", "app"]),
             "to": [dice.choice(NUMBERS) for _ in range(dice.randint(1, 10))]}
    if dice.random() < 0.5:
        asked["text"] = asked["text"][:700] + "😀"
    micros = dice.choice([0, 1, dice.randint(0, 10**6), dice.randint(0, 10**9), dice.randint(0, 10**15)])
    asked["balance"] = str(EXACT.divide(decimal.Decimal(micros), decimal.Decimal(10**6)).quantize(decimal.Decimal("0.000001")))
    return asked


class Money(unittest.TestCase):
    def test_every_figure_is_exact(self):
        card = json.loads((ROOT / "rates.json").read_text(encoding="utf-8"), parse_float=str)
        rates = {name: decimal.Decimal(rate) for name, rate in card["texting"]["territories"].items()}
        dice = random.Random(SEED)
        requests = [request(dice) for _ in range(QUOTES)]
        asked = "".join(json.dumps(one) + "\n" for one in requests)
        command = [BINARY, "quote", "--jsonl", "--rates", str(ROOT / "rates.json")]
        told = subprocess.run(command, input=asked.encode(), capture_output=True).stdout.splitlines()
        self.assertEqual(len(told), len(requests))
        seen = {"covered": 0, "short": 0}
        for one, line in zip(requests, told):
            answer = json.loads(line)
            total = decimal.Decimal(0)
            for recipient in answer["recipients"]:
                self.assertEqual(recipient["status"], "priced", line)
                surcharge = decimal.Decimal(card["channels"][one["channel"]]["surcharge"])
                rate = decimal.Decimal(recipient["rate"])
                if not recipient["local"]:
                    self.assertEqual(rate, rates[recipient["territory"]], line)
                per_unit = EXACT.add(surcharge, rate)
                price = EXACT.multiply(per_unit, decimal.Decimal(answer["quantity"]))
                self.assertEqual((decimal.Decimal(recipient["per_unit"]), decimal.Decimal(recipient["total"])), (per_unit, price), line)
                total = EXACT.add(total, price)
            self.assertEqual(decimal.Decimal(answer["total"]), total, line)
            balance, cover = decimal.Decimal(one["balance"]), answer["cover"]
            if total <= balance:
                self.assertEqual((cover["kind"], decimal.Decimal(cover["remaining"])), ("covered", EXACT.subtract(balance, total)))
                if cover["sends_left"] is not None and total:
                    self.assertEqual(cover["sends_left"], int(EXACT.subtract(balance, total) // total), line)
            else:
                self.assertEqual((cover["kind"], decimal.Decimal(cover["shortfall"])), ("short", EXACT.subtract(total, balance)))
            seen[cover["kind"]] += 1
        self.assertTrue(all(count > QUOTES // 20 for count in seen.values()), seen)
