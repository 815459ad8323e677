"""The comparator, and the proof that it can see.

Both sides come as `{key: {field: canonical value}}`. The comparator knows nothing about
AWS or secdash; what may differ by nature is settled in `fields`.
"""

import copy
import itertools
from dataclasses import dataclass, field

ROUNDING_MS = 1  # emulators send microseconds as binary floats; both roundings to a millisecond are right


@dataclass
class Count:
    """What the comparison of one field came to."""

    compared: int = 0
    not_null: int = 0
    differences: list = field(default_factory=list)


def same(expected, actual, kind):
    """Equality without Python's leniency (True == 1)."""
    if kind == "date" and type(expected) is int and type(actual) is int:
        return abs(expected - actual) <= ROUNDING_MS
    return type(expected) is type(actual) and expected == actual


def compare(expected, actual, fields):
    """{field: Count}, with the pseudo field "present" for rows that only one side has."""
    counts = {"present": Count(), **{f.name: Count() for f in fields}}
    for key in sorted({*expected, *actual}):
        here = counts["present"]
        here.compared += 1
        here.not_null += key in expected
        if (key in expected) != (key in actual):
            here.differences.append((key, key in expected, key in actual))
            continue
        for f in fields:
            count, want, got = counts[f.name], expected[key][f.name], actual[key][f.name]
            count.compared += 1
            count.not_null += want not in (None, {}, [])
            if not same(want, got, f.kind):
                count.differences.append((key, want, got))
    return counts


def altered(value, kind):
    """The smallest change of a value that has to be seen."""
    if kind in ("text", "date", "int"):
        return value + {"text": " ", "date": ROUNDING_MS + 1, "int": 1}[kind]
    if kind == "bool":
        return not value
    if kind == "words":
        return value[:-1]
    changed = copy.deepcopy(value)  # a map: tags or labels
    key = sorted(changed)[0]
    changed[key] = changed[key] + ([" "] if kind == "labels" else " ")
    return changed


def blind_spots(expected, actual, fields):
    """Alter the actual side, one thing at a time; what the comparator fails to report comes back as sentences."""
    missed = []
    for f in fields:
        key = _a_key_that_agrees(expected, actual, f)
        if key is None:
            continue
        for change in (altered(actual[key][f.name], f.kind), None):
            missed += _must_report(expected, {**actual, key: {**actual[key], f.name: change}}, fields, f.name, key)
    if actual:
        key = sorted(actual)[0]
        fewer = {k: row for k, row in actual.items() if k != key}
        missed += _must_report(expected, fewer, fields, "present", key)
        missed += _must_report(expected, {**actual, "one too many": actual[key]}, fields, "present", "one too many")
    return missed + _twins(expected, fields)


def _twins(expected, fields):
    """Two fields of a kind that are equal in every row: exchanging them would go unseen."""
    pairs = ((f, g) for f, g in itertools.combinations(fields, 2) if f.kind == g.kind)
    return [
        f"{f.name} and {g.name} are equal in every row"
        for f, g in pairs
        if any(row[f.name] is not None for row in expected.values()) and all(row[f.name] == row[g.name] for row in expected.values())
    ]


def _a_key_that_agrees(expected, actual, f):
    """A row whose value is there and equal on both sides: only its alteration can then be what is reported."""
    for key in sorted(actual):
        value = actual[key][f.name]
        if value not in (None, {}, []) and key in expected and same(expected[key][f.name], value, f.kind):
            return key
    return None


def _must_report(expected, actual, fields, name, key):
    """The altered row must be reported under this very field."""
    reported = [k for k, _, _ in compare(expected, actual, fields)[name].differences]
    return [] if key in reported else [f"an altered {name} of {key} was not reported"]
