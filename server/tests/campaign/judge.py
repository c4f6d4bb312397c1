"""Judges a priced list by Python's decimal: LIST PRICED SUMMARY RATES. Prints the total."""

import csv
import json
import sys
from collections import Counter
from decimal import Decimal

given_path, priced_path, summary_path, rates_path = sys.argv[1:]
with open(summary_path, encoding="utf-8") as file:
    summary = json.load(file)
with open(rates_path, encoding="utf-8") as file:
    rates = json.load(file)
with open(given_path, encoding="utf-8", newline="") as file:
    given = list(csv.reader(file))
with open(priced_path, encoding="utf-8", newline="") as file:
    priced = list(csv.DictReader(file))

# Every row is there, in order.
assert [row["id"] for row in priced] == [row[0] for row in given[1:]]

surcharge = Decimal(rates["channels"]["api"]["surcharge"])
total = Decimal(0)
statuses, segments, territories, encodings = Counter(), Counter(), {}, Counter()
covered, covered_rows, balance, stopped = Decimal(0), 0, Decimal(summary["cover"]["balance"]), False
for row in priced:
    statuses[row["status"]] += 1
    if row["status"] != "priced":
        assert row["price"] == "", row
        continue
    price, count = Decimal(row["price"]), int(row["segments"])
    local = row["territory"] in rates["local"]
    rate = Decimal(0) if local else Decimal(rates["texting"]["territories"][row["territory"]])
    assert price == (surcharge + rate) * count, row
    # What the text itself says of its segments, as far as it is this plain.
    text = row["text"]
    if all(character.isascii() and character not in "^{}\\[~]|`" for character in text):
        assert row["encoding"] == "GSM-7" and count == (1 if len(text) <= 160 else -(-len(text) // 153)), row
    total += price
    segments[count] += 1
    encodings[row["encoding"]] += 1
    rows, of_territory = territories.get(row["territory"], (0, Decimal(0)))
    territories[row["territory"]] = (rows + 1, of_territory + price)
    stopped = stopped or covered + price > balance
    if not stopped:
        covered += price
        covered_rows += 1


def written(amount: Decimal) -> str:
    """An amount as the contract writes it: two decimals at least, no trailing zeros beyond them."""
    whole, _, decimals = f"{amount:f}".partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


assert summary["total"] == written(total), (summary["total"], total)
assert {entry["status"]: entry["rows"] for entry in summary["statuses"]} == statuses
assert {bar["segments"]: bar["rows"] for bar in summary["histogram"]} == segments
assert summary["encodings"] == {"GSM-7": encodings["GSM-7"], "UCS-2": encodings["UCS-2"]}
assert summary["segments"] == sum(count * rows for count, rows in segments.items())
found = {place["territory"]: (place["rows"], place["total"]) for place in summary["territories"]}
assert found == {name: (rows, written(amount)) for name, (rows, amount) in territories.items()}
assert summary["cover"]["shortfall"] == written(total - balance)
assert (summary["cover"]["rows"], summary["cover"]["total"]) == (covered_rows, written(covered))
usual = summary["usual_segments"]
assert segments[usual] == max(segments.values())
assert summary["dearer"]["rows"] == sum(rows for count, rows in segments.items() if count > usual)
assert summary["curve"][-1] == {"rows": statuses["priced"], "total": written(total)}
print(written(total))
