#!/usr/bin/env python3
"""Writes numbering.tsv, the source of src/calling_codes.rs, from libphonenumber's metadata.

    python3 -m venv v && v/bin/pip install phonenumbers==9.0.43 && v/bin/python derive_numbering.py > numbering.tsv

The metadata holds one set of regular expressions per territory. Territories that share a calling code are told apart
by the shortest list of longest-match prefixes under which every valid number goes to the territory libphonenumber
gives it. The list is exact, not sampled: the expressions are run side by side as automata over all digit strings.
Needs Python 3.11 for its regular expression parser. `cargo xtask codegen` needs neither Python nor a network.
"""
import functools
import re._parser as sre
import sys

import phonenumbers
from phonenumbers import PhoneMetadata
from phonenumbers.data import _COUNTRY_CODE_TO_REGION_CODE as REGIONS

E164_DIGITS_MAX = 15  # ITU-T E.164 (11/2010), clause 6.1
PREFIX_MAX = 7  # digits after the calling code a split may look at
DIAL_PREFIX_MAX = 5  # longer international prefixes select a carrier for one call; nobody stores them


class Automaton:
    """Thompson's construction over the digits; a state is a frozenset of node numbers."""

    def __init__(self, pattern):
        self.eps, self.arcs = [], []
        start = self._node()
        self.end = self._seq(sre.parse(pattern), start)
        self.start = self._close({start})
        self._steps = {}

    def _node(self):
        self.eps.append([])
        self.arcs.append([])
        return len(self.eps) - 1

    def _seq(self, items, at):
        for op, arg in items:
            at = self._item(str(op), arg, at)
        return at

    def _item(self, op, arg, at):
        if op == "LITERAL":
            return self._arc(at, {int(chr(arg))})
        if op == "IN":
            return self._arc(at, digits_of(arg))
        if op == "SUBPATTERN":
            return self._seq(arg[-1], at)
        if op == "BRANCH":
            end = self._node()
            for branch in arg[1]:
                self.eps[self._seq(branch, at)].append(end)
            return end
        if op == "MAX_REPEAT":
            low, high, body = arg
            for _ in range(low):
                at = self._seq(body, at)
            end = self._node()
            self.eps[at].append(end)
            for _ in range(high - low):
                at = self._seq(body, at)
                self.eps[at].append(end)
            return end
        if op == "AT":  # the `$` of a trunk rule: these patterns are matched whole anyway
            return at
        raise ValueError(op)

    def _arc(self, at, digits):
        end = self._node()
        self.arcs[at].append((digits, end))
        return end

    def _close(self, nodes):
        todo, seen = list(nodes), set(nodes)
        while todo:
            for n in self.eps[todo.pop()]:
                if n not in seen:
                    seen.add(n)
                    todo.append(n)
        return frozenset(seen)

    def step(self, state, digit):
        key = (state, digit)
        if key not in self._steps:
            self._steps[key] = self._close({n for s in state for digits, n in self.arcs[s] if digit in digits})
        return self._steps[key]

    def accepts(self, state):
        return self.end in state


def digits_of(items):
    out = set()
    for op, arg in items:
        if str(op) == "LITERAL":
            out.add(int(chr(arg)))
        elif str(op) == "RANGE":
            out.update(range(int(chr(arg[0])), int(chr(arg[1])) + 1))
        elif str(op) == "CATEGORY":
            out.update(range(10))
        else:
            raise ValueError(op)
    return out


@functools.lru_cache(maxsize=None)
def automaton(pattern):
    return Automaton(pattern)


KINDS = ("fixed_line mobile toll_free premium_rate shared_cost voip personal_number pager uan voicemail").split()
EVERYDAY = ("fixed_line", "mobile")


class Region:
    """One territory's plan: which digit strings are its valid national numbers."""

    def __init__(self, code, name):
        self.name = name
        self.meta = (
            PhoneMetadata.metadata_for_nongeo_region(code) if name == "001" else PhoneMetadata.metadata_for_region(name)
        )
        self.general = automaton(self.meta.general_desc.national_number_pattern)
        # NANPA: an area code and seven digits; Canada's seven alone cannot be dialled from elsewhere.
        self.general_lengths = {10} if code == 1 else set(self.meta.general_desc.possible_length)
        self.general_lengths -= LENGTHS_LEFT_OUT.get(name, set())
        self.leading = automaton(self.meta.leading_digits) if self.meta.leading_digits else None
        self.kinds = []
        for kind in KINDS:
            desc = getattr(self.meta, kind)
            if desc is not None and desc.national_number_pattern:
                self.kinds.append((automaton(desc.national_number_pattern), set(desc.possible_length)))

    def start(self):
        return (self.general.start, None if not self.leading else self.leading.start, tuple(k.start for k, _ in self.kinds))

    def step(self, state, digit):
        general, leading, kinds = state
        if leading is not None and leading != "yes":
            leading = "yes" if self.leading.accepts(leading) else self.leading.step(leading, digit)
            if leading != "yes" and self.leading.accepts(leading):
                leading = "yes"
        return (
            self.general.step(general, digit),
            leading,
            tuple(k.step(s, digit) for (k, _), s in zip(self.kinds, kinds)),
        )

    def valid(self, state, length, wanted=()):
        general, _, kinds = state
        if length not in self.general_lengths or not self.general.accepts(general):
            return False
        matches = [k.accepts(s) and (not ls or length in ls) for (k, ls), s in zip(self.kinds, kinds)]
        return any(m and w for m, w in zip(matches, wanted)) if wanted else any(matches)

    def claims(self, state, length):
        """libphonenumber's rule: leading digits where there are any, otherwise validity."""
        return state[1] == "yes" if self.leading else self.valid(state, length)

    def dead(self, state):
        return not state[0] or not any(state[2])


class Plan:
    """All territories of one calling code, run side by side."""

    def __init__(self, code):
        self.code = code
        self.regions = [Region(code, name) for name in REGIONS[code]]
        self.max = min(E164_DIGITS_MAX - len(str(code)), max(max(r.general_lengths) for r in self.regions))
        self._reach = {}

    def start(self):
        return tuple(r.start() for r in self.regions)

    def step(self, states, digit):
        return tuple(r.step(s, digit) for r, s in zip(self.regions, states))

    def owner(self, states, length):
        for r, s in zip(self.regions, states):
            if r.claims(s, length):
                return r.name if r.valid(s, length) else None
        return None

    def reach(self, states, length):
        """Every territory some valid number beginning so belongs to."""
        key = (states, length)
        if key not in self._reach:
            owner = self.owner(states, length)
            out = {owner} if owner else set()
            if length < self.max and not all(r.dead(s) for r, s in zip(self.regions, states)):
                for digit in range(10):
                    out |= self.reach(self.step(states, digit), length + 1)
            self._reach[key] = frozenset(out)
        return self._reach[key]

    def tree(self, states=None, length=0):
        """Nested dict of digits down to where one territory (or none: `None`) remains."""
        states = states or self.start()
        reach = self.reach(states, length)
        if not reach:
            return None
        if len(reach) == 1:
            return next(iter(reach))
        if length == PREFIX_MAX:
            first = next(r.name for r in self.regions if r.name in reach)
            print(f"+{self.code}: {sorted(reach)} share a prefix of {length} digits, {first} kept", file=sys.stderr)
            return first
        return [self.tree(self.step(states, d), length + 1) for d in range(10)]


def prefixes(tree, default):
    """The fewest (prefix, territory) pairs under longest match; the empty prefix is `default`, for nothing."""

    memo = {}

    def cost(node, inherited, path):
        if node is None or node == inherited:
            return 0, ()
        if isinstance(node, str):
            return 1, ((path, node),)
        key = (id(node), inherited, path)
        if key not in memo:
            best = below(node, inherited, path)
            for name in sorted(names(node) - {inherited}):
                count, pairs = below(node, name, path)
                if count + 1 < best[0]:
                    best = (count + 1, ((path, name),) + pairs)
            memo[key] = best
        return memo[key]

    def below(node, inherited, path):
        parts = [cost(child, inherited, path + str(d)) for d, child in enumerate(node)]
        return sum(p[0] for p in parts), tuple(pair for p in parts for pair in p[1])

    def names(node):
        if isinstance(node, list):
            return set().union(*(names(n) for n in node))
        return {node} if node else set()

    return below(tree, default, "")[1] if isinstance(tree, list) else ()


def area_codes(plan):
    """+1: who has each three-digit area code, and the longer prefixes where an area code is shared."""
    out, longer = {}, []
    for area in range(200, 1000):
        states = plan.start()
        for d in str(area):
            states = plan.step(states, int(d))
        reach = plan.reach(states, 3)
        if not reach:
            continue
        out[str(area)] = first = next(r.name for r in plan.regions if r.name in reach)
        for path, name in prefixes(plan.tree(states, 3), first):
            longer.append((str(area) + path, name))
    return out, longer


def language(pattern):
    """Every digit string of a finite pattern, up to DIAL_PREFIX_MAX digits."""
    a, found, todo = automaton(pattern), set(), [("", automaton(pattern).start)]
    while todo:
        text, state = todo.pop()
        if a.accepts(state):
            found.add(text)
        if state and len(text) < DIAL_PREFIX_MAX:
            todo += [(text + str(d), a.step(state, d)) for d in range(10)]
    return sorted(found)


# Trunk prefixes written with more than one form, or with a carrier code after them: only the plain ones are read.
TRUNKS = {"BY": "80 8 0", "LT": "0 8", "GA": "0"}
# Gabon's eight digits begin with 0 unless they begin with 11; a ninth before them is a trunk zero.
KEPT = {"GA": {"0"}}
# Eleven digits in Belarus are nine behind the trunk prefix 80; its few 820 numbers of eleven would hide them all.
LENGTHS_LEFT_OUT = {"BY": {11}}
SHORT_MAX = 6  # digits of the longest short code


def kept(plan, trunks):
    """First digits of valid national numbers that look like a trunk prefix (or a trunk zero) and must stay.

    A number stays whole where taking the trunk prefix off would not leave another number of the plan; the prefixes
    are the shortest that no dialled "trunk prefix + number" begins with.
    """
    out = set()
    for region in plan.regions:
        for trunk in trunks or ["0"]:
            out |= kept_by(plan, region, trunk, trunks)
    out = KEPT.get(plan.regions[0].name, out)
    return sorted(p for p in out if not any(p != q and p.startswith(q) for q in out))


def kept_by(plan, region, trunk, trunks):
    """What one territory's numbers begin with that begin with one trunk prefix and are to be kept whole."""

    def dialled_so(prefix, trunk):
        """Does trunk prefix + valid number ever begin so? Its first digits alone, half typed, must not be kept."""
        if not prefix.startswith(trunk):
            return False
        rest = prefix[len(trunk):]
        for first in range(10):
            if str(first) == trunk[0] or (rest and rest[0] != str(first)):
                continue
            state = region.start()
            for d in rest or str(first):
                state = region.step(state, int(d))
            todo = {(state, max(len(rest), 1))}
            while todo:
                state, n = todo.pop()
                if region.valid(state, n):
                    return True
                if n < plan.max and state[0]:
                    todo |= {(region.step(state, d), n + 1) for d in range(10)}
        return False

    state, stripped = region.start(), region.general.start
    for d in trunk:
        state = region.step(state, int(d))
    found, seen, todo = set(), set(), [(trunk, len(trunk), state, stripped)]
    while todo:
        item = path, n, state, stripped = todo.pop()
        if item in seen or not state[0]:
            continue
        seen.add(item)
        if region.valid(state, n):
            leaves = region.general.accepts(stripped) and n - len(trunk) in region.general_lengths
            if not (trunks and leaves):
                found.add(path)
        if n < plan.max:
            for d in range(10):
                longer = path + str(d) if len(path) < (4 if path.startswith("00") else 3) else path
                todo.append((longer, n + 1, region.step(state, d), region.general.step(stripped, d)))
    shortest = set()
    for path in found:
        # Behind a trunk zero, 00 is how many places dial abroad: there only the number's own digits will do.
        candidates = [path] if trunks and path.startswith("00") else [path[:n] for n in range(len(trunk), len(path))]
        shortest.add(next((p for p in candidates if not any(dialled_so(p, t) for t in trunks)), path))
    return shortest


def lengths_after(plan, prefix, kinds=KINDS):
    """Lengths of the valid national numbers that begin so, in any territory of the calling code."""
    out = set()
    for region in plan.regions:
        wanted = [k in kinds for k in KINDS if getattr(region.meta, k) and getattr(region.meta, k).national_number_pattern]
        state = region.start()
        for d in prefix:
            state = region.step(state, int(d))
        seen, todo = set(), [(state, len(prefix))]
        while todo:
            state, n = item = todo.pop()
            if item in seen or not state[0] or n > plan.max:
                continue
            seen.add(item)
            if region.valid(state, n, wanted):
                out.add(n)
            todo += [(region.step(state, d), n + 1) for d in range(10)]
    return out


def traits(plan, region, trunks, keeps):
    """What a reader of digits without + has to know about its own numbers."""
    out = []
    home = {n + len(t) for t in trunks if "011".startswith(t) for n in lengths_after(plan, "011"[len(t):])}
    if not trunks or any("011".startswith(k) for k in keeps):
        home |= lengths_after(plan, "011")
    if home:
        out.append(f"011:{max(home)}")
    if own := sorted(lengths_after(plan, str(plan.code))):
        out.append("code:" + ",".join(map(str, own)))
    daily = [n for d in "123456789" for n in lengths_after(plan, d, EVERYDAY)]
    if not trunks and min(daily, default=SHORT_MAX + 1) <= SHORT_MAX:
        out.append("short")
    return " ".join(out) or "-"


def folded(prefixes):
    """Ten prefixes that differ in the last digit only are one, with an x there."""
    stems = {}
    for p in prefixes:
        stems.setdefault(p[:-1], []).append(p)
    return sorted(x for stem, ps in stems.items() for x in ([stem + "x"] if len(ps) == 10 else ps))


def row(plan, region, owned):
    meta = region.meta
    lengths = [n for n in sorted(region.general_lengths) if n + len(str(plan.code)) <= E164_DIGITS_MAX]
    trunks = TRUNKS.get(region.name, meta.national_prefix or "")
    keeps = kept(plan, trunks.split())
    international = language(meta.international_prefix) if meta.international_prefix else []
    return "\t".join([
        "-" if region.name == "001" else region.name,
        str(plan.code),
        " ".join(map(str, lengths)),
        trunks or "-",
        " ".join(keeps) or "-",
        " ".join(folded(international)) or "-",
        traits(plan, region, trunks.split(), keeps),
        " ".join(owned) or "-",
    ])


def main():
    print(f"# Numbering plans, derived by derive_numbering.py from libphonenumber metadata {phonenumbers.__version__}.")
    print("# Copyright the libphonenumber authors, Apache License 2.0 (https://www.apache.org/licenses/LICENSE-2.0); reduced.")
    print("# Columns, by tabs: territory (- : non-geographic); calling code; possible lengths of the national number, within")
    print("# E.164's 15 digits; trunk prefixes; what a national number begins with where it looks like a trunk prefix or a")
    print("# trunk zero but is none; international prefixes (x: any digit); traits; what its national numbers begin with (none:")
    print("# all the others of the calling code's first row; +1: every area code). Traits: 011:N - numbers dialled at home can")
    print("# begin with 011, with up to N digits; code:N,M - national numbers of so many digits can begin with the calling")
    print("# code's digits; short - everyday numbers can have six digits or fewer and are dialled as they are.")
    for code in sorted(REGIONS):
        plan = Plan(code)
        owned = {r.name: [] for r in plan.regions}
        if code == 1:
            areas, longer = area_codes(plan)
            for area, name in areas.items():
                owned[name].append(area)
            for path, name in longer:
                owned[name].append(path)
        elif len(plan.regions) > 1:
            for path, name in prefixes(plan.tree(), plan.regions[0].name):
                owned[name].append(path)
        for region in plan.regions:
            print(row(plan, region, owned[region.name]))


if __name__ == "__main__":
    main()
