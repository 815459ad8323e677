"""What each filter of ListSecrets must find, worked out from the unfiltered list by the model's own words.

`description`, `name`, `tag-key`, `tag-value`, `primary-region`, `owning-service` match
prefixes, all but the first case-sensitive. `all` "breaks the value into words and searches
all attributes, not case-sensitive", which leaves room: its answer must lie between the
secrets that hold the very word and those that hold the letters anywhere.
"""

import re

ALLOWED = re.compile(r"[a-zA-Z0-9 :_@/+=.-]{1,40}")  # of FilterValueStringType; without `!`, which negates
VALUES_PER_KEY = 6


def _tags(entry, member):
    return [tag[member] for tag in entry.get("Tags", [])]


ATTRIBUTES = {
    "description": lambda entry: [entry["Description"]] if "Description" in entry else [],
    "name": lambda entry: [entry["Name"]],
    "tag-key": lambda entry: _tags(entry, "Key"),
    "tag-value": lambda entry: _tags(entry, "Value"),
    "primary-region": lambda entry: [entry["PrimaryRegion"]] if "PrimaryRegion" in entry else [],
    "owning-service": lambda entry: [entry["OwningService"]] if "OwningService" in entry else [],
}


def matches(entry, key, value):
    """Whether a prefix filter finds this secret."""
    if key == "description":
        return any(text.lower().startswith(value.lower()) for text in ATTRIBUTES[key](entry))
    return any(text.startswith(value) for text in ATTRIBUTES[key](entry))


def found(entries, key, value):
    """Names that `value` must find, negation included."""
    wanted, sought = not value.startswith("!"), value.removeprefix("!")
    return {entry["Name"] for entry in entries if matches(entry, key, sought) == wanted}


def beginnings(entries, key):
    """Wholes and halves of a spread of the values that are there."""
    texts = sorted({text for entry in entries for text in ATTRIBUTES[key](entry)})
    spread = texts[:: max(1, len(texts) // VALUES_PER_KEY)]
    starts = {text[: max(1, len(text) // 2)] for text in spread} | set(spread)
    return [text for text in sorted(starts) if ALLOWED.fullmatch(text)]


def values(entries, key):
    """Beginnings, the same in the other case, and one that nothing begins with."""
    usable = beginnings(entries, key)
    return usable + [text.swapcase() for text in usable] + ["nothing-begins-like-this"]


def words(entries):
    """Words of names and descriptions, for the filter `all`."""
    texts = [text for entry in entries for text in (entry["Name"], entry.get("Description", ""))]
    all_words = sorted({word for text in texts for word in _words(text) if word.isascii()})
    return all_words[:: max(1, len(all_words) // VALUES_PER_KEY)]


def bounds(entries, word):
    """The names that `all` must find and those that it may find."""
    word = word.lower()
    must = {entry["Name"] for entry in entries if word in _words(" ".join(_searched(entry)))}
    may = {entry["Name"] for entry in entries if word in " ".join(_strings(entry)).lower()}
    return must, may


def _searched(entry):
    """The attributes that `all` searches for sure; whether it looks at others is not documented."""
    return [text for key in ("name", "description", "tag-key", "tag-value") for text in ATTRIBUTES[key](entry)]


def _strings(value):
    """Every text in an entry, keys of maps included."""
    if isinstance(value, dict):
        return [text for key, item in value.items() for text in [key, *_strings(item)]]
    if isinstance(value, list):
        return [text for item in value for text in _strings(item)]
    return [value] if isinstance(value, str) else []


def _words(text):
    return [word for word in re.split(r"[\W_]+", text.lower()) if word]


def check_filters(listed, entries, report, telling=True):
    """`listed(filters)` gives the names that the server finds; a `telling` world has values for every key."""
    for key in ATTRIBUTES:
        told = 0
        for value in values(entries, key):
            for sought in (value, f"!{value}"):
                want, got = found(entries, key, sought), listed([{"Key": key, "Values": [sought]}])
                report.check(got == want, f"filter {key}={sought!r}: differs in {sorted(got ^ want)[:5]}")
                told += 0 < len(want) < len(entries)
        report.check(told >= 2 or not telling, f"filter {key}: the world has no values that tell secrets apart")
    if telling:
        _check_combined(listed, entries, report)
    for word in words(entries):
        must, may = bounds(entries, word)
        for sought in (word, word.upper()):
            got = listed([{"Key": "all", "Values": [sought]}])
            report.check(must <= got <= may, f"filter all={sought!r}: lacks {sorted(must - got)[:5]}, has {sorted(got - may)[:5]} too many")
            rest = listed([{"Key": "all", "Values": [f"!{sought}"]}])
            everything = {entry["Name"] for entry in entries}
            report.check(rest == everything - got, f"filter all=!{sought!r} is not the rest of all={sought!r}")


def _check_combined(listed, entries, report):
    """Values of a filter are joined by OR, filters by AND."""
    one, *_, other = beginnings(entries, "name")
    want = found(entries, "name", one) | found(entries, "name", other)
    got = listed([{"Key": "name", "Values": [one, other]}])
    report.check(got == want, f"two values of name: differs in {sorted(got ^ want)[:5]}")
    tag = beginnings(entries, "tag-key")[0]
    for name in values(entries, "name"):
        want = found(entries, "name", name) & found(entries, "tag-key", tag)
        got = listed([{"Key": "name", "Values": [name]}, {"Key": "tag-key", "Values": [tag]}])
        report.check(got == want, f"filters name and tag-key: differs in {sorted(got ^ want)[:5]}")
