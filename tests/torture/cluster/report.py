"""The figures: times out of the customers' own clocks, and the section of RELIABILITY.md."""

import dataclasses
import statistics

# A shorter time without a charge is what happens on a busy machine anyway.
NOTICED_SECONDS = 1.0


@dataclasses.dataclass
class Round:
    """What one fault did."""

    fault: type
    outage: float
    recovery: float
    longest: float
    whole: float
    paid: int
    refused: int
    again: int
    probed: int
    counted: object

    def line(self):
        verdict = "sound" if self.counted.is_sound() else f"{self.counted.figures()}: {'; '.join(self.counted.words)}"
        return (f"{self.fault.name:32} outage {self.outage:6.2f} s, recovered after {self.recovery:6.2f} s, "
                f"longest wait {self.longest:6.2f} s, whole {self.whole:5.1f} s after mending; {self.paid} paid, "
                f"{self.refused} refused, {self.again} asked again, {self.probed} writes asked of the cut off primary; "
                f"{verdict}")


def measured(fault, orders, struck, mended, whole, probed, counted):
    """The longest time without an acknowledged charge after the fault struck, and when charges came again: after that
    time where it was one, and with the next charge where nobody was kept waiting."""
    acks = sorted(order.settled_at for order in orders if order.outcome == "paid")
    gaps = [(after - before, after) for before, after in zip(acks, acks[1:]) if after > struck]
    outage, end = max(gaps)
    recovered = end if outage > NOTICED_SECONDS else gaps[0][1]
    waits = [order.settled_at - order.asked_at for order in orders if order.settled_at]
    return Round(fault, outage, recovered - struck, max(waits), whole - mended, len(acks),
                 sum(order.outcome == "refused" for order in orders),
                 sum(order.tries > 1 for order in orders), probed, counted)


def spread(values):
    """One value, or the median with the least and the most."""
    values = sorted(values)
    if len(values) == 1:
        return f"{values[0]:.2f}"
    return f"{statistics.median(values):.2f} ({values[0]:.2f} to {values[-1]:.2f})"


def section(rounds, last, where):
    """Markdown. `last` is what was counted over all rounds, in the end."""
    lines = [where, "", "| fault | rounds | outage, s | recovery, s | longest wait, s | whole again, s | asked again "
             "| lost | double | below zero | off, µ |", "|---|---|---|---|---|---|---|---|---|---|---|"]
    faults = list(dict.fromkeys(each.fault for each in rounds))
    for fault in faults:
        mine = [each for each in rounds if each.fault is fault]
        zeros = [sum(getattr(each.counted, name) for each in mine) for name in mine[0].counted.FOUR]
        cells = [fault.name, len(mine), *(spread([getattr(each, name) for each in mine])
                                          for name in ("outage", "recovery", "longest", "whole")),
                 sum(each.again for each in mine), *zeros]
        lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    paid, refused, again = (sum(getattr(each, name) for each in rounds) for name in ("paid", "refused", "again"))
    figures, names = last.figures(), {**last.FOUR, **last.MORE}
    figures["isolated"] = sum(each.counted.isolated for each in rounds)
    probed = sum(each.probed for each in rounds)
    lines += ["", f"{paid:,} acknowledged charges, {refused:,} refusals, {again:,} orders asked for more than once, "
              f"{probed:,} writes asked of isolated primaries directly: "
              + ", ".join(f"{figures[name]} {names[name]}" for name in figures) + "."]
    lines += [""] + [f"- {fault.name}: {fault.what}." for fault in faults]
    return "\n".join(lines)
