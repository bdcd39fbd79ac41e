#!/usr/bin/env python3
"""What a ledger answers, worked out a second time: slow, plain, and from the text of the model alone.

It exists to be compared with the program. It shares no line with it, and follows the text clause by clause:
choose the claims, mark the day, reduce, read the table. Lines are those of the import format.

    model.py --scenarios FILE            worked cases: says which of them come out otherwise
    model.py --ledger FILE SUBJECT ATTRIBUTE DAY [--reported-by S] [--recorded-by N]

Where the text can be read in two ways, a comment begins with "Reading:" and says which one is taken.
"""

import calendar
import datetime
import json
import re
import sys
import unicodedata
from fractions import Fraction

INF = float("inf")
DEFAULT_RECORDED = "2026-11-30T12:00:00Z"


# ---------------------------------------------------------------------------------------------------------------
# Dates
# ---------------------------------------------------------------------------------------------------------------


class Bound:
    """A date as typed, with the days it may be. `placed` is false for a date of an unspecified year."""

    def __init__(self, text, lo, hi, uncertain=False, placed=True):
        self.text, self.lo, self.hi, self.uncertain, self.placed = text, lo, hi, uncertain, placed

    @property
    def exact(self):
        return self.lo == self.hi

    @property
    def sure(self):
        return not self.uncertain

    def same_window(self, other):
        return (self.lo, self.hi) == (other.lo, other.hi)

    def key(self):
        return (self.lo, self.hi, self.uncertain, None if self.placed else self.text)


def day(text):
    return datetime.date.fromisoformat(text).toordinal()


def day_text(number):
    return datetime.date.fromordinal(number).isoformat()


def unit_of(year, month=None, date=None):
    """First and last day of a year, a month or a day."""
    if date is not None:
        number = datetime.date(year, month, date).toordinal()
        return number, number
    if month is not None:
        last = calendar.monthrange(year, month)[1]
        return datetime.date(year, month, 1).toordinal(), datetime.date(year, month, last).toordinal()
    return datetime.date(year, 1, 1).toordinal(), datetime.date(year, 12, 31).toordinal()


def widened_unit(year, month=None, date=None):
    """`~` and `%`: one unit wider on both sides."""
    if date is not None:
        number = datetime.date(year, month, date).toordinal()
        return number - 1, number + 1
    if month is not None:
        before = (year, month - 1) if month > 1 else (year - 1, 12)
        after = (year, month + 1) if month < 12 else (year + 1, 1)
        return unit_of(*before)[0], unit_of(*after)[1]
    return unit_of(year - 1)[0], unit_of(year + 1)[1]


def single_date(text):
    """One date that is not a set: (lo, hi, uncertain)."""
    body, mark = text, ""
    if body and body[-1] in "?~%":
        body, mark = body[:-1], body[-1]
    inner = re.sub("[?~%]", "", body)
    uncertain = mark in ("?", "%")
    if inner != body:
        # A qualified part: that day, uncertain.
        uncertain = True
    parts = inner.split("-")
    parts = [part for part in parts if part != "XX"]
    numbers = [int(part) for part in parts]
    lo, hi = (widened_unit if mark in ("~", "%") else unit_of)(*numbers)
    return lo, hi, uncertain


def edtf(text):
    text = text.strip()
    if text.startswith("XXXX"):
        return Bound(text, -INF, INF, placed=False)
    if text.startswith("["):
        inner = text[1:-1]
        # One of a set: min ... max, open ends unbounded. An uncertain member makes the whole uncertain.
        lo, hi, uncertain = INF, -INF, False
        for member in inner.split(","):
            ends = member.split("..")
            if len(ends) == 2:
                first = single_date(ends[0]) if ends[0] else (-INF, -INF, False)
                last = single_date(ends[1]) if ends[1] else (INF, INF, False)
                lo, hi = min(lo, first[0]), max(hi, last[1])
                uncertain = uncertain or first[2] or last[2]
            else:
                one = single_date(member)
                lo, hi, uncertain = min(lo, one[0]), max(hi, one[1]), uncertain or one[2]
        return Bound(text, lo, hi, uncertain)
    lo, hi, uncertain = single_date(text)
    return Bound(text, lo, hi, uncertain)


def offset_minutes(text):
    if not text:
        return None
    if text == "Z":
        return 0
    sign = -1 if text[0] == "-" else 1
    return sign * (int(text[1:3]) * 60 + int(text[4:6]))


def clock(text):
    """A window of the day: (begin, end, offset or None), in minutes."""
    if text is None:
        return None
    match = re.fullmatch(r"(\d\d):(\d\d)(?:\.\.(\d\d):(\d\d))?(Z|[+-]\d\d:\d\d)?", text.strip())
    begin = int(match[1]) * 60 + int(match[2])
    end = int(match[3]) * 60 + int(match[4]) if match[3] else begin
    return begin, end, offset_minutes(match[5])


class Moment:
    """When something was said: a day (the latest of its date), and a time of day if one was named."""

    def __init__(self, day_number, minute=None, offset=None):
        self.day, self.minute, self.offset = day_number, minute, offset

    def by(self, horizon):
        """Whether this had been said by the horizon. A horizon without a time is the day's end.

        Reading: where both name an offset it is taken into account, so they are compared as instants, across
        midnight too; else both are local: by the day, then by the time on that day.
        """
        if horizon is None:
            return True
        return self.place(horizon) <= horizon.place(self)

    def place(self, other):
        minute = 24 * 60 if self.minute is None else self.minute
        if self.offset is not None and other.offset is not None:
            return self.day * 1440 + minute - self.offset
        return self.day * 1440 + minute

    def later(self, other):
        """The later of two moments."""
        return self if self.place(other) >= other.place(self) else other


def said_text(text):
    """`said_on` and the like: a date, or a day with a time. Gives (Bound, minute, offset)."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)(?::\d\d)?(Z|[+-]\d\d:\d\d)?", text.strip())
    if match:
        return edtf(match[1]), int(match[2]) * 60 + int(match[3]), offset_minutes(match[4])
    return edtf(text), None, None


def moment_of(text):
    if text is None:
        return None
    bound, minute, offset = said_text(text)
    if not bound.placed:
        return None
    return Moment(bound.hi, minute, offset)


def recorded_day(stamp):
    """The day on which something was recorded, counted in UTC+14, where a day begins first."""
    instant = datetime.datetime.fromisoformat(stamp.replace("Z", "+00:00"))
    return (instant + datetime.timedelta(hours=14)).date().toordinal()


# ---------------------------------------------------------------------------------------------------------------
# Values
# ---------------------------------------------------------------------------------------------------------------


class Value:
    """kind: text symbol bool entity quantity date url some none."""

    def __init__(self, kind, **fields):
        self.kind = kind
        self.text = fields.get("text")  # as written: text, symbol, url, a date's EDTF; the entity's key
        self.core = fields.get("core")  # what equality compares
        self.lower, self.upper = fields.get("lower", -INF), fields.get("upper", INF)
        self.unit, self.approx = fields.get("unit"), fields.get("approx", False)
        self.placed = fields.get("placed", True)

    def ranged(self):
        return self.kind == "quantity" or (self.kind == "date" and self.placed)

    def family(self):
        """Ranges can have a common part only within one family."""
        return (self.kind, self.unit)

    def stated(self):
        return self.lower, self.upper

    def widened(self):
        """`approx` widens a bound by a tenth."""
        if not self.approx:
            return self.stated()
        return (
            self.lower if self.lower == -INF else self.lower - abs(self.lower) / 10,
            self.upper if self.upper == INF else self.upper + abs(self.upper) / 10,
        )

    def __repr__(self):
        return json.dumps(show(self), ensure_ascii=False)


def read_value(form, declared, canonical, unit):
    """A value's JSONL form. `canonical`: an entity's key to the key of its canonical entity."""
    if isinstance(form, dict):
        if form.get("some"):
            return Value("some")
        if form.get("none"):
            return Value("none")
        if "entity" in form:
            key = canonical(form["entity"])
            return Value("entity", text=key, core=key)
        if "date" in form:
            bound = edtf(form["date"])
            return Value("date", text=form["date"], core=None if bound.placed else bound.text,
                         lower=bound.lo, upper=bound.hi, placed=bound.placed)
        if "url" in form:
            return Value("url", text=form["url"], core=form["url"])
        lower, upper = form.get("lower"), form.get("upper")
        return Value("quantity",
                     lower=-INF if lower is None else Fraction(lower),
                     upper=INF if upper is None else Fraction(upper),
                     unit=form.get("unit") or unit, approx=bool(form.get("approx")))
    if isinstance(form, bool):
        return Value("bool", text=form, core=form)
    if declared == "symbol":
        # Symbol: NFC, trimmed, case folded.
        return Value("symbol", text=form, core=unicodedata.normalize("NFC", form).strip().casefold())
    if declared == "date":
        return read_value({"date": form}, declared, canonical, unit)
    if declared == "entity":
        return read_value({"entity": form}, declared, canonical, unit)
    if declared == "url":
        return Value("url", text=form, core=form)
    # Text: NFC, spaces collapsed.
    return Value("text", text=form, core=" ".join(unicodedata.normalize("NFC", form).split()))


def decimal_text(number):
    if number in (INF, -INF):
        return None
    if number.denominator == 1:
        return str(number.numerator)
    scale = 0
    while (number * 10**scale).denominator != 1:
        scale += 1
    digits = str(abs(int(number * 10**scale))).rjust(scale + 1, "0")
    return ("-" if number < 0 else "") + digits[:-scale] + "." + digits[-scale:]


def show(value):
    """The value in its JSONL form."""
    if value.kind == "some":
        return {"some": True}
    if value.kind == "none":
        return {"none": True}
    if value.kind == "quantity":
        form = {"lower": decimal_text(value.lower), "upper": decimal_text(value.upper)}
        if value.unit:
            form["unit"] = value.unit
        if value.approx:
            form["approx"] = True
        return form
    if value.kind in ("entity", "date", "url"):
        return {value.kind: value.text}
    return value.text


def equal(one, other):
    """Equal after names. Reading: `approx` is aside, and two dates are equal if they are the same days."""
    if one.kind != other.kind:
        return False
    if one.kind in ("some", "none"):
        return True
    if one.kind == "quantity":
        return one.unit == other.unit and one.stated() == other.stated()
    if one.kind == "date":
        if one.placed != other.placed:
            return False
        return one.stated() == other.stated() if one.placed else one.core == other.core
    return one.core == other.core


def agree(one, other):
    """Agreeing values are one value (step 5)."""
    if equal(one, other):
        return True
    if "none" in (one.kind, other.kind):
        return False
    if "some" in (one.kind, other.kind):
        return True
    if one.ranged() and other.ranged() and one.family() == other.family():
        (low, high), (low2, high2) = one.widened(), other.widened()
        return max(low, low2) <= min(high, high2)
    return False


def within_stated(inner, outer, widen=False):
    """Whether the stated bounds of the one lie within those of the other (for what is no range: equal)."""
    if equal(inner, outer):
        return True
    if inner.ranged() and outer.ranged() and inner.family() == outer.family():
        low, high = outer.widened() if widen else outer.stated()
        return low <= inner.lower and inner.upper <= high
    return False


def acts_on(u, v, multi):
    """N(u) and X(u) act on the values v that lie within u: equal to it, a quantity or date whose stated bounds lie
    within u's (widened where u is approx), or anything but NoValue where u is SomeValue.
    Reading: in a multi-valued attribute each value stands by itself, equality only, and only what is equal acts on it."""
    if multi:
        return equal(u, v)
    if u.kind == "some":
        return v.kind != "none"
    return within_stated(v, u, widen=True)


class Side:
    """One value of an answer: values that agree, and the marks that stand for it."""

    def __init__(self, value, marks):
        self.value, self.marks = value, marks


def common_part(values):
    """The answer of agreeing values: the part that they have in common; where the stated bounds have none, the
    widened ones' (SomeValue narrows nothing)."""
    firm = [value for value in values if value.kind != "some"]
    if not firm:
        return values[0]
    first = firm[0]
    if not first.ranged():
        return first
    low, high = max(v.lower for v in firm), min(v.upper for v in firm)
    widened = low > high
    if widened:
        low, high = max(v.widened()[0] for v in firm), min(v.widened()[1] for v in firm)
    if first.kind == "quantity":
        # Reading: the part is "about" where all who agree say so, unless it is a part of what was widened already.
        about = all(v.approx for v in firm) and not widened
        return Value("quantity", lower=low, upper=high, unit=first.unit, approx=about)
    for value in firm:
        # In the spelling of a claim that says just that.
        if value.stated() == (low, high):
            return value
    text = "[{}..{}]".format("" if low == -INF else day_text(low), "" if high == INF else day_text(high))
    return Value("date", text=text, lower=low, upper=high)


def sides_of(marks):
    """The largest sets of values with a part common to all. SomeValue joins any other value but NoValue."""
    marks = sorted(marks, key=lambda mark: (mark.claim.seq, mark.order))
    groups = []  # lists of marks, each a largest set
    plain, families, some = [], {}, []
    for mark in marks:
        if mark.value.kind == "some":
            some.append(mark)
        elif mark.value.ranged():
            families.setdefault(mark.value.family(), []).append(mark)
        else:
            for group in plain:
                if equal(group[0].value, mark.value):
                    group.append(mark)
                    break
            else:
                plain.append([mark])
    groups.extend(plain)
    for family in families.values():
        sets = []
        for mark in family:
            # A largest set has a common part that begins where one of its members begins.
            point = mark.value.widened()[0]
            inside = [m for m in family if m.value.widened()[0] <= point <= m.value.widened()[1]]
            sets.append(inside)
        for candidate in sets:
            ids = {id(m) for m in candidate}
            if any(ids < {id(m) for m in other} for other in sets):
                continue
            if any(ids == {id(m) for m in group} for group in groups):
                continue
            groups.append(candidate)
    if some:
        hosts = [group for group in groups if group[0].value.kind != "none"]
        for group in hosts:
            group.extend(some)
        if not hosts:
            groups.append(list(some))
    found = []
    for group in groups:
        group.sort(key=lambda mark: (mark.claim.seq, mark.order))
        found.append(Side(common_part([mark.value for mark in group]), group))
    found.sort(key=lambda side: min(mark.claim.seq for mark in side.marks))
    return found


# ---------------------------------------------------------------------------------------------------------------
# The ledger, read from lines
# ---------------------------------------------------------------------------------------------------------------


class Edge:
    def __init__(self, bound, kind, clock_window=None):
        self.bound, self.kind, self.clock = bound, kind, clock_window


class Spell:
    """One window of a claim: a day (`on`, `as of`; start is end), or a period with one edge or two. A gap is the
    time between two windows of a closed list."""

    def __init__(self, start, end, day_kind=None, gap=False):
        self.start, self.end, self.day_kind, self.gap = start, end, day_kind, gap

    def closed(self):
        """A closed period: it has a start and an end."""
        return self.day_kind is None and self.start is not None and self.end is not None

    def bounds(self):
        if self.day_kind:
            return [self.start.bound]
        return [edge.bound for edge in (self.start, self.end) if edge is not None]


class Claim:
    pass


class Ledger:
    """Events as lines; each line its own commit, unless commits are given as lists of lines."""

    def __init__(self, commits):
        self.claims, self.by_id = {}, {}
        self.acts = {}  # id or number -> act event
        self.attributes, self.sources, self.entities = [], [], []
        self.links, self.ratings, self.judgements = [], [], []
        self.retractions, self.corrections, self.disputes, self.assessments = [], [], [], []
        self.references, self.settings, self.approvals, self.erasures = [], [], [], []
        self.seq = 0
        for number, commit in enumerate(commits, 1):
            for line in commit if isinstance(commit, list) else [commit]:
                self.read(dict(line), number)

    def read(self, line, commit):
        self.seq += 1
        stamp = line.pop("recorded_at", None) or DEFAULT_RECORDED
        event = dict(line, seq=self.seq, commit=commit, stamp=stamp, actor=line.get("actor", "actor"))
        kind = line["type"]
        event["id"] = line.get("id") or "#{}".format(self.seq)
        if kind in ("claim", "periods"):
            self.claim(line, event)
        elif kind == "correction":
            inner = dict(line["claim"])
            # The new claim stands in the correction's event: it has its place and its time.
            event["new"] = self.claim(inner, dict(event, id=inner.get("id") or "new of " + event["id"]), event)
            self.corrections.append(event)
        else:
            lists = {
                "attribute": self.attributes, "source": self.sources, "entity": self.entities, "link": self.links,
                "rating": self.ratings, "judgement": self.judgements, "retraction": self.retractions,
                "dispute": self.disputes, "assessment": self.assessments, "reference": self.references,
                "setting": self.settings, "approval": self.approvals, "erasure": self.erasures,
                "return": [], "note": [], "evidence": [],
            }
            lists[kind].append(event)
        self.acts[event["id"]] = event

    def claim(self, line, event, correction=None):
        claim = Claim()
        claim.seq, claim.commit, claim.stamp, claim.id, claim.actor = (
            event["seq"], event["commit"], event["stamp"], event["id"], event["actor"])
        claim.line, claim.correction = line, correction
        claim.subject, claim.attribute, claim.form = line["subject"], line["attribute"], line["value"]
        claim.deny = line.get("polarity", "affirm") == "deny"
        claim.chain = line.get("chain") or []
        if line.get("said_by"):
            claim.chain = [{"who": line["said_by"], "how": line.get("how", "stated")}]
        claim.evidence = [line["evidence"]] if isinstance(line.get("evidence"), str) else list(line.get("evidence") or [])
        claim.is_list = bool(line.get("periods"))
        claim.valid, claim.spells = valid_time(line)
        claim.said_bound = said_text(line["said_on"])[0] if line.get("said_on") else None
        self.claims[claim.id] = claim
        self.touch(claim, event)
        return claim

    def touch(self, claim, event):
        """Keys not declared are registered on first use."""
        for key in [claim.subject] + ([claim.form["entity"]] if isinstance(claim.form, dict) and "entity" in claim.form else []):
            self.entities.append({"key": key, "seq": event["seq"], "commit": event["commit"], "id": None})
        if not any(a["key"] == claim.attribute for a in self.attributes):
            # Used before it was declared: single, its first value's type.
            kinds = {"entity": "entity", "date": "date", "url": "url", "lower": "quantity", "upper": "quantity"}
            form = claim.form
            word = "bool" if isinstance(form, bool) else "text"
            if isinstance(form, dict):
                word = next((kinds[name] for name in form if name in kinds), "text")
            self.attributes.append({"key": claim.attribute, "value_type": word, "seq": event["seq"],
                                    "commit": event["commit"], "id": None})


def valid_time(line):
    """A claim's own time: ("timeless" or "undated" or "spells", spells)."""
    window = clock(line.get("clock"))
    if line.get("timeless"):
        return "timeless", []
    if line.get("periods"):
        # A closed list: its edges are transitions.
        spells = []
        for period in line["periods"]:
            spells.append(Spell(Edge(edtf(period["from"]), "transition"), Edge(edtf(period["until"]), "transition")))
        spells.sort(key=lambda spell: spell.start.bound.lo)
        return "spells", spells
    for name in ("on", "as_of"):
        if line.get(name) and "/" not in line[name]:
            bound = edtf(line[name])
            if not bound.placed:
                return "undated", []  # an edge XXXX-... places nothing: the claim is undated
            edge = Edge(bound, "day", window)
            return "spells", [Spell(edge, edge, day_kind=name)]
    start_text, end_text = line.get("from"), line.get("until")
    start_kind, end_kind = line.get("from_kind") or "transition", line.get("until_kind") or "transition"
    goes_on = False
    for name in ("on", "as_of", "from"):
        if line.get(name) and "/" in line[name]:
            start_text, end_text = line[name].split("/")
            if end_text == "..":
                goes_on, end_text = True, None
            end_text = end_text or None
            if start_text in ("", ".."):
                start_text = None
    if not start_text and not end_text:
        return "undated", []
    start = edtf(start_text) if start_text else None
    end = edtf(end_text) if end_text else None
    start = start if start is not None and start.placed else None
    end = end if end is not None and end.placed else None
    if goes_on and start is not None and line.get("said_on"):
        # `..`: the end is observed on the bound of said_on; none where it lies before the start.
        said = said_text(line["said_on"])[0]
        if said.placed and not said.hi < start.lo:
            end, end_kind = said, "observed"
    if start is None and end is None:
        return "undated", []
    # A clock stands beside the start, or the end where there is no start.
    first = Edge(start, start_kind, window) if start is not None else None
    last = Edge(end, end_kind, window if start is None else None) if end is not None else None
    return "spells", [Spell(first, last)]


# ---------------------------------------------------------------------------------------------------------------
# Step 1: choose
# ---------------------------------------------------------------------------------------------------------------


class View:
    """The ledger as of two horizons: `reported` a Moment or None, `recorded` a number of commits or None."""

    def __init__(self, ledger, reported=None, recorded=None):
        self.ledger, self.reported = ledger, reported
        self.limit = INF if recorded is None else recorded
        self.retracting = set()

    def kept(self, event):
        """recorded-by keeps what was recorded by then, whole commits only."""
        commit = event.commit if isinstance(event, Claim) else event["commit"]
        return commit <= self.limit

    # -- when things were said

    def clipped(self, moment, stamp):
        """Never after the day it was recorded."""
        last = Moment(recorded_day(stamp))
        if moment is None or moment.day > last.day:
            return last
        return moment

    def own_date(self, claim):
        """The latest day of its said_on, else of its origin's date in the chain; None without."""
        own = moment_of(claim.line.get("said_on"))
        if own is None and claim.chain:
            own = moment_of(claim.chain[0].get("on"))
        return own

    def said(self, claim):
        own = self.own_date(claim)
        if own is None and claim.correction is not None:
            # A successor without a date takes that of the claim it corrects (desk) or of the correction (source).
            if desk(claim.correction):
                return self.said(self.ledger.claims[claim.correction["corrects"]])
            own = moment_of(claim.correction.get("said_on"))
        return self.clipped(own, claim.stamp)

    def act_said(self, act):
        """A dispute, verdict or retraction applies from the day it was said, else recorded."""
        return self.clipped(moment_of(act.get("said_on")), act["stamp"])

    def correction_applies(self, act):
        if not self.kept(act) or self.retracted(act["id"]):
            return False
        if desk(act):
            return True  # our own record: whatever S is
        new = act["new"]
        own = moment_of(act.get("said_on")) or self.own_date(new)  # a correction: else its claim's; else recorded
        said = self.clipped(own, act["stamp"]).later(self.said(new))  # and never before its new claim was said
        return said.by(self.reported)

    # -- what is taken back

    def retracted(self, target):
        for act in self.ledger.retractions:
            if act["retracts"] != target or not self.kept(act):
                continue
            about = self.ledger.acts.get(target)
            if desk(act) or (about and about["type"] == "judgement") or self.act_said(act).by(self.reported):
                return True
        return False

    def erased(self, target):
        # Erasure is for ever and for every horizon.
        return any(act["event"] == target for act in self.ledger.erasures)

    def exists(self, claim):
        """Recorded, and if it is a successor, its correction applies and what it corrects exists too: a correction
        that is retracted, or that does not apply at a horizon, takes its successor with it."""
        if not self.kept(claim):
            return False
        if claim.correction is not None:
            if not self.correction_applies(claim.correction) or self.erased(claim.correction["id"]):
                return False
            return self.exists(self.ledger.claims[claim.correction["corrects"]])
        return True

    def corrected(self, claim):
        return any(act["corrects"] == claim.id and self.correction_applies(act) and not self.erased(act["id"])
                   for act in self.ledger.corrections)

    def carriers(self, claim):
        """The claim, and those it succeeds with the same statement: disputes and verdicts carry over."""
        line = [claim]
        while claim.correction is not None:
            old = self.ledger.claims[claim.correction["corrects"]]
            if not self.same_statement(old, claim):
                break
            line.append(old)
            claim = old
        return [each.id for each in line]

    def same_statement(self, one, other):
        """Same subject, attribute, polarity, value (after names) and bounds and kinds of valid time."""
        def shape(claim):
            spells = [(spell.day_kind,
                       spell.start and (spell.start.kind, spell.start.bound.key()),
                       spell.end and (spell.end.kind, spell.end.bound.key())) for spell in claim.spells]
            return (self.canonical(claim.subject), claim.attribute, claim.deny, claim.valid, claim.is_list, spells)
        a, b = self.value(one), self.value(other)
        return shape(one) == shape(other) and equal(a, b) and a.approx == b.approx

    def acts_about(self, acts, name, claim):
        targets = self.carriers(claim)
        return [act for act in acts if act[name] in targets and self.kept(act) and not self.retracted(act["id"])
                and not self.erased(act["id"]) and self.act_said(act).by(self.reported)]

    def disputed(self, claim):
        return bool(self.acts_about(self.ledger.disputes, "disputes", claim))

    def verdicts(self, claim):
        """The newest verdict of each checker: the `by`, else the actor."""
        newest = {}
        for act in self.acts_about(self.ledger.assessments, "claim", claim):
            checker = ("actor", act["actor"]) if desk(act) else ("source", act["by"])
            newest[checker] = act
        return newest

    def ratings(self, claim):
        return {act["rating"].strip().lower() for act in self.verdicts(claim).values()}

    # -- names

    def canonical(self, key):
        """The first registered of the union of live `same`. A judgement applies whatever the reported horizon is."""
        union = {key}
        grown = True
        while grown:
            grown = False
            for act in self.ledger.judgements:
                if act["verdict"] != "same" or not self.kept(act) or self.retracted(act["id"]):
                    continue
                names = set(act["entities"])
                if names & union and not names <= union:
                    union |= names
                    grown = True
        order = [entity["key"] for entity in self.ledger.entities]
        return min(union, key=lambda name: order.index(name) if name in order else len(order))

    def attribute(self, key):
        found = [a for a in self.ledger.attributes if a["key"] == key and self.kept(a)
                 and not (a["id"] and self.retracted(a["id"]))]
        return found[-1] if found else next(a for a in self.ledger.attributes if a["key"] == key)

    def value(self, claim):
        attribute = self.attribute(claim.attribute)
        return read_value(claim.form, attribute["value_type"], self.canonical, attribute.get("unit"))

    # -- roots

    def unnamed(self, key):
        return any(source["key"] == key and source.get("kind") == "unnamed" for source in self.ledger.sources
                   if self.kept(source))

    def root(self, claim):
        """The origin, compared after source links. An unnamed source is a root of its own that no link joins; all
        claims without a chain are of one such root."""
        if not claim.chain:
            return ("no chain", None)
        origin = claim.chain[0]["who"]
        if self.unnamed(origin):
            return ("unnamed", origin)
        union = {origin}
        grown = True
        while grown:
            grown = False
            for link in self.ledger.links:
                ends = {link["source"], link["to"]}
                if not self.kept(link) or self.retracted(link["id"]) or any(self.unnamed(end) for end in ends):
                    continue
                if ends & union and not ends <= union:
                    union |= ends
                    grown = True
        return ("named", min(union))

    def reliability(self, key):
        """The newest grade of a source. Reading: the newest that was recorded, whatever date stands beside it."""
        grades = [(event["seq"], event["reliability"])
                  for event in self.ledger.sources + self.ledger.ratings
                  if (event.get("key") or event.get("source")) == key and event.get("reliability") and self.kept(event)
                  and not self.retracted(event["id"])]
        return max(grades)[1] if grades else None

    def evidence(self, claim):
        """Digests of what was captured for a claim, those of its references included."""
        found = set(claim.evidence)
        for event in self.ledger.references:
            if event["claim"] == claim.id and self.kept(event) and not self.retracted(event["id"]):
                evidence = event.get("evidence") or []
                found |= {evidence} if isinstance(evidence, str) else set(evidence)
        return found

    # -- four eyes

    def waits(self, event_id, actor, seq, kind):
        """Whether an event was recorded while the setting asked for another's approval, and has none."""
        return self.setting_at(seq) in wants(kind) and not self.approved(event_id, actor)

    def approved(self, event_id, actor):
        for act in self.ledger.approvals:
            target = act.get("approves") or act.get("event")
            if target == event_id and self.kept(act) and not self.retracted(act["id"]) and act["actor"] != actor:
                return True
        return False

    def setting_at(self, seq):
        """What four_eyes asks for at a place. Changing it waits too, where it asks for anything."""
        now = None
        for event in self.ledger.settings:
            if event["name"] != "four_eyes" or event["seq"] >= seq or not self.kept(event):
                continue
            if now in (None, "none", "off", "") or self.approved(event["id"], event["actor"]):
                now = event["value"]
        return now

    def not_reviewed(self, claim):
        if self.waits(claim.id, claim.actor, claim.seq, "claim"):
            return True
        return any(self.waits(act["id"], act["actor"], act["seq"], "verdict")
                   for act in self.verdicts(claim).values())

    # -- the live claims of a key

    def live(self, subject, attribute):
        """Not retracted, not corrected, not rated False by a checker and True by none, not erased, and said."""
        wanted = self.canonical(subject)
        found = []
        for claim in self.ledger.claims.values():
            if claim.attribute != attribute or self.canonical(claim.subject) != wanted:
                continue
            if not self.exists(claim) or not self.said(claim).by(self.reported):
                continue
            if self.retracted(claim.id) or self.corrected(claim) or self.erased(claim.id):
                continue
            rated = self.ratings(claim)
            if "false" in rated and "true" not in rated:
                continue
            found.append(claim)
        return sorted(found, key=lambda claim: claim.seq)


def wants(kind):
    return {"claim": ("claims", "all"), "verdict": ("verdicts", "all")}[kind]


def desk(act):
    """An act without `by` is the desk's."""
    return act.get("by") in (None, "desk")


# ---------------------------------------------------------------------------------------------------------------
# Step 2: mark
# ---------------------------------------------------------------------------------------------------------------


class Telling:
    """What a live claim says of values: a value that holds, or (a denial without a complement) one that does not."""

    def __init__(self, claim, value, denies, spells):
        self.claim, self.value, self.denies, self.spells = claim, value, denies, spells


class Mark:
    count = 0

    def __init__(self, kind, value, telling, spell=None, edge=None, at=None, tentative=False, denial=False, opens=False):
        self.kind, self.value, self.telling, self.claim = kind, value, telling, telling.claim
        self.spell, self.edge, self.at = spell, edge, at  # at: the a of K and X, the b of B
        self.tentative, self.denial = tentative, denial
        self.opens = opens  # K of a transition start
        self.gap = bool(spell and spell.gap)
        Mark.count += 1
        self.order = Mark.count

    def __repr__(self):
        at = "" if self.at is None else "({})".format(day_text(self.at) if abs(self.at) < INF else self.at)
        return "{}{}{} {!r} {}".format(self.kind, at, "?" if self.tentative else "", self.value, self.claim.id)


def has_day_between(bound, low, high):
    """A bound with a day strictly between two days."""
    return max(bound.lo, low + 1) <= min(bound.hi, high - 1)


class Day:
    """One key on one day: the marks, and what they come to."""

    def __init__(self, view, attribute, tellings, D, only=None):
        self.view, self.attribute, self.D = view, attribute, D
        self.multi = attribute.get("cardinality") == "multi"
        self.fixed = bool(attribute.get("fixed"))
        self.stale_after = attribute.get("stale_after_days")
        self.tellings, self.only = tellings, only
        self.order_cache = {}
        self.pair = complement_pair(view, attribute)
        self.marks = []
        self.mark()
        if only is not None:
            # Multi-valued: the same steps for each value by itself, equality only. Reading: so N and X act on equal values
            # too, and not on what lies within (a denial of SomeValue says nothing against a value that is named).
            self.marks = [m for m in self.marks if equal(m.value, only)]

    def complement(self, value):
        if self.pair is None:
            return None
        if equal(self.pair[0], value):
            return self.pair[1]
        if equal(self.pair[1], value):
            return self.pair[0]
        return None

    # -- marks of one window

    def spell_marks(self, telling, spell):
        D, value, start, end = self.D, telling.value, spell.start, spell.end
        s = start.bound if start else None
        e = end.bound if end else None
        found = []

        # Y: both bounds sure and s.latest <= D <= e.earliest; or one of its bounds is sure, exact, and D.
        covers = s is not None and e is not None and s.sure and e.sure and s.hi <= D <= e.lo
        if covers or any(b.sure and b.exact and b.lo == D for b in spell.bounds()):
            found.append(Mark("Y", value, telling, spell))

        # K(a): open start, day claim: the latest day; observed end: the latest day, inside its window the earliest.
        edge, a = None, None
        if spell.day_kind or end is None:
            if s.hi < D or (s.hi == D and not s.exact):
                edge, a = start, s.hi
        elif end.kind == "observed":
            if e.hi < D or (e.hi == D and not e.exact):
                edge, a = end, e.hi
            elif e.lo < D <= e.hi:
                edge, a = end, e.lo
        if edge is not None:
            opens = spell.day_kind is None and end is None and start.kind == "transition"
            found.append(Mark("K", value, telling, spell, edge, a, edge.bound.uncertain, opens=opens))

        # X(a): a transition end. If v has a complement w: also K(a) of w.
        if spell.day_kind is None and end is not None and end.kind == "transition" and e.hi < D:
            found.append(Mark("X", value, telling, spell, end, e.hi))
            other = self.complement(value)
            if other is not None and not telling.denies:
                found.append(Mark("K", other, telling, spell, end, e.hi, e.uncertain))
        return found

    def may_hold(self, spell):
        """Inside its bounds (one bound only: inside that bound)."""
        bounds = spell.bounds()
        return bounds[0].lo <= self.D <= bounds[-1].hi

    def fixed_marks(self, telling, spell):
        """A fixed attribute knows no change."""
        own = self.spell_marks(telling, spell)
        if any(m.kind == "Y" for m in own):
            return [m for m in own if m.kind == "Y"]
        if spell.day_kind == "as_of" or spell.start is None or (spell.day_kind is None and spell.start.kind == "observed"):
            return [Mark("F", telling.value, telling, spell)]
        # `on` and a transition start: F in place of K, nothing before, y after it where the bound is uncertain.
        # Reading: so after the start's window, whether or not the claim names an end (a fixed attribute has no X).
        s = spell.start.bound
        if s.hi < self.D or (s.hi == self.D and not s.exact):
            return [Mark("y" if s.uncertain else "F", telling.value, telling, spell)]
        if self.may_hold(spell):
            return [Mark("y", telling.value, telling, spell)]
        return []

    def telling_marks(self, telling):
        """All marks of one claim but N of stretches, B, and the y that depends on B: (marks, windows that may hold)."""
        claim, value = telling.claim, telling.value
        if claim.valid == "timeless":
            return [Mark("Y", value, telling)], []
        if claim.valid == "undated":
            return [Mark("F" if self.fixed else "U", value, telling)], []
        marks, perhaps = [], []
        for spell in telling.spells:
            if self.fixed:
                marks.extend(self.fixed_marks(telling, spell))
                continue
            own = self.spell_marks(telling, spell)
            if spell.gap:
                for mark in own:
                    mark.value = self.complement(value)
            marks.extend(own)
            if not any(m.kind in "YK" for m in own) and self.may_hold(spell):
                perhaps.append(spell)
        if claim.is_list and not self.fixed and not telling.denies:
            marks.extend(self.list_denials(telling))
        return marks, perhaps

    def list_denials(self, telling):
        """N (ii): every day before the first window, between windows, and after the last up to the earliest day of its
        said_on (without one: none). Reading: that day included; only the field said_on, not the chain's date."""
        D, windows = self.D, [spell for spell in telling.spells if not spell.gap]
        first, last = windows[0], windows[-1]
        outside = D < first.start.bound.lo
        for one, following in zip(windows, windows[1:]):
            outside = outside or one.end.bound.hi < D < following.start.bound.lo
        said = telling.claim.said_bound
        if said is not None and said.placed:
            outside = outside or last.end.bound.hi < D <= said.lo
        return [Mark("N", telling.value, telling)] if outside else []

    def mark(self):
        waiting = []
        for telling in self.tellings:
            marks, perhaps = self.telling_marks(telling)
            if telling.denies:
                # Where it would be Y (or F) it is N, and in place of K(a) it gives X(a); nothing more.
                for mark in marks:
                    if mark.kind in "YF":
                        self.marks.append(Mark("N", telling.value, telling, mark.spell, denial=True))
                    elif mark.kind == "K":
                        self.marks.append(Mark("X", telling.value, telling, mark.spell, mark.edge, mark.at))
                continue
            self.marks.extend(marks)
            waiting.extend((telling, spell) for spell in perhaps)
        if self.fixed:
            return
        self.stretches()
        back = self.carried_back()
        self.marks.extend(back)
        for telling, spell in waiting:
            # y: no Y, K or B from this claim (of a list: from this window).
            if not any(m.telling is telling and m.spell is spell for m in back):
                value = self.complement(telling.value) if spell.gap else telling.value
                self.marks.append(Mark("y", value, telling, spell))

    # -- N (i), stretches

    def stretches(self):
        D, root = self.D, self.view.root
        sure_y = [m for m in self.marks if m.kind == "Y"]
        periods = [m for m in sure_y if m.spell is not None and m.spell.closed() and not m.gap]
        for telling in self.tellings:
            if telling.denies:
                continue
            for spell in telling.spells:
                if spell.gap or spell.day_kind:
                    continue
                for name in ("start", "end"):
                    edge = getattr(spell, name)
                    if edge is None or edge.kind != "transition" or edge.bound.uncertain:
                        continue
                    against = False
                    for m in periods:
                        if not equal(m.value, telling.value) or root(m.claim) == root(telling.claim):
                            continue
                        s, e = m.spell.start.bound, m.spell.end.bound
                        if name == "start":
                            against = against or D < edge.bound.lo < e.lo
                        else:
                            against = against or s.hi < edge.bound.hi < D
                    if against and not self.void(telling.value, name, edge, sure_y):
                        self.marks.append(Mark("N", telling.value, telling, spell))

    def void(self, value, name, edge, sure_y):
        """Void if any root that tells that very edge (same kind and window, of v, sure) has Y of v on D."""
        tells = set()
        for telling in self.tellings:
            if telling.denies or not equal(telling.value, value):
                continue
            for spell in telling.spells:
                other = getattr(spell, name)
                if (not spell.gap and not spell.day_kind and other is not None and other.kind == "transition"
                        and other.bound.sure and other.bound.same_window(edge.bound)):
                    tells.add(self.view.root(telling.claim))
        return any(equal(m.value, value) and self.view.root(m.claim) in tells for m in sure_y)

    # -- B

    def carried_back(self):
        D, candidates = self.D, []
        for telling in self.tellings:
            if telling.denies or (self.only is not None and not equal(telling.value, self.only)):
                continue
            for spell in telling.spells:
                if spell.gap or spell.day_kind:
                    continue
                start, end = spell.start, spell.end
                if start is None and end.kind == "transition" and end.bound.sure:
                    b = end.bound.lo
                    if b > D or (b == D and not end.bound.exact):
                        candidates.append((telling.value, telling, spell, end, b))
                if start is not None and start.kind == "transition" and start.bound.sure and start.bound.lo > D:
                    other = self.complement(telling.value)
                    if other is not None:
                        candidates.append((other, telling, spell, start, start.bound.lo))
        # Only within stale_after_days; where none is declared, further back than 366 days it is tentative.
        marks = []
        for value, telling, spell, edge, b in candidates:
            if b == INF or (self.stale_after is not None and b - D > self.stale_after):
                continue
            tentative = self.stale_after is None and b - D > 366
            marks.append(Mark("B", value, telling, spell, edge, b, tentative))
        if not marks:
            return []
        # Only the nearest b; on one day, of those that clocks order, the earliest.
        nearest = min(m.at for m in marks)
        marks = [m for m in marks if m.at == nearest]
        marks = [m for m in marks if not any(clock_before(other.edge, m.edge, nearest) for other in marks)]
        # If it is blocked, there is none.
        return [m for m in marks if not self.blocked(m)]

    def blocked(self, mark):
        D = self.D
        for telling in self.tellings:
            if telling.denies:
                against = acts_on(telling.value, mark.value, self.multi)
            else:
                # Reading: a value that agrees with the one carried back is no other value.
                against = self.only is None and not agree(telling.value, mark.value)
            if against:
                for spell in telling.spells:
                    if not spell.gap and any(has_day_between(b, D, mark.at) for b in spell.bounds()):
                        return True
        return any(m.kind == "N" and acts_on(m.value, mark.value, self.multi) for m in self.marks)

    # -----------------------------------------------------------------------------------------------------------
    # Step 3: reduce
    # -----------------------------------------------------------------------------------------------------------

    def rated_true(self, claim):
        rated = self.view.ratings(claim)
        return "true" in rated and "false" not in rated

    def reduce(self):
        marks = self.marks
        # 1. X(a) removes every K(b) on whose value it acts with b <= a, but a transition start on the very day a.
        ends = [m for m in marks if m.kind == "X"]
        def ended(k):
            return any(acts_on(x.value, k.value, self.multi) and (k.at < x.at or (k.at == x.at and not k.opens))
                       for x in ends)
        marks = [m for m in marks if m.kind != "K" or not ended(m)]
        # 2. Stale.
        self.stale = []
        if self.stale_after is not None and not self.fixed:
            self.stale = [m for m in marks if m.kind == "K" and self.D - m.at > self.stale_after]
            marks = [m for m in marks if m not in self.stale]
        # 3. Claims rated True (and False by nobody). Marks of claims that are rated True too always stay.
        gone = set()
        for t in marks:
            if not self.rated_true(t.claim):
                continue
            for m in marks:
                if m.claim is t.claim or self.rated_true(m.claim):
                    continue
                if t.kind in "YF":
                    # Reading: "other values" are those that do not agree.
                    if m.kind in "YFyK" and not agree(m.value, t.value):
                        gone.add(m)
                    if m.kind == "N" and acts_on(m.value, t.value, self.multi):
                        gone.add(m)
                if t.kind == "N" and m.kind in "YFyKB" and acts_on(t.value, m.value, self.multi):
                    gone.add(m)
        self.left = [m for m in marks if m not in gone]

    def of(self, kinds):
        return [m for m in self.left if m.kind in kinds]

    # -- order on one day

    def told_order(self, day_number):
        """Exact day claims without clocks on that day, with their times of saying: what one root told in this order."""
        if day_number in self.order_cache:
            return self.order_cache[day_number]
        times = []
        for telling in self.tellings:
            if telling.denies:
                continue
            for spell in telling.spells:
                if exact_day_claim(spell, day_number):
                    moment = self.view.said(telling.claim)
                    if moment.minute is not None and moment.day == day_number:
                        times.append((self.view.root(telling.claim), telling.value, moment))
        pairs = []
        for root, value, moment in times:
            for root2, value2, moment2 in times:
                if root == root2 and not equal(value, value2) and time_before(moment, moment2):
                    pairs.append((value, value2))
        self.order_cache[day_number] = pairs
        return pairs

    def directly_before(self, one, other, day_number):
        """Whether the one mark is over before the other begins, on a day on which both stand."""
        first, second = mark_edge(one, day_number), mark_edge(other, day_number)
        if first is not None and second is not None and clock_before(first, second, day_number):
            return True
        if not (one.spell and other.spell):
            return False
        if not (exact_day_claim(one.spell, day_number) and exact_day_claim(other.spell, day_number)):
            return False
        a, b = self.view.said(one.claim), self.view.said(other.claim)
        same_root = self.view.root(one.claim) == self.view.root(other.claim)
        if same_root and a.minute is not None and b.minute is not None and a.day == b.day == day_number:
            if time_before(a, b):
                return True
            if time_before(b, a):
                return False
        # What one root told in this order, and none in the other, orders these values by all roots.
        pairs = self.told_order(day_number)
        def told(x, y):
            return any(equal(p, x) and equal(q, y) for p, q in pairs)
        return told(one.value, other.value) and not told(other.value, one.value)

    def before_table(self, marks, day_number):
        """The order among marks of one day, carried through; a circle (it can arise between clocks with and without
        an offset) is no order."""
        reach = {(i, j): self.directly_before(one, other, day_number)
                 for i, one in enumerate(marks) for j, other in enumerate(marks) if i != j}
        size = range(len(marks))
        for k in size:
            for i in size:
                for j in size:
                    if len({i, j, k}) == 3 and reach[i, k] and reach[k, j]:
                        reach[i, j] = True
        return {(i, j): reach[i, j] and not reach[j, i] for i, j in reach}

    def newest(self, carries):
        """4. The K with the newest a: (those kept, those that gave way on that day)."""
        if not carries:
            return [], []
        newest = max(m.at for m in carries)
        those = [m for m in carries if m.at == newest]
        before = self.before_table(those, newest)
        kept = [m for i, m in enumerate(those) if not any(before[i, j] for j in range(len(those)) if j != i)]
        gave_way = [m for m in those if m not in kept]
        # Among them, one rated True removes the others of another value on that day.
        true = [m for m in kept if self.rated_true(m.claim)]
        kept = [m for m in kept if self.rated_true(m.claim)
                or not any(not agree(m.value, t.value) for t in true)]
        return kept, gave_way

    def without_rated_n(self, denials, kept):
        """... and N of its value."""
        true = [m for m in kept if self.rated_true(m.claim)]
        return [n for n in denials if self.rated_true(n.claim)
                or not any(t.claim is not n.claim and acts_on(n.value, t.value, self.multi) for t in true)]

    def run(self, carries, value=None):
        """Every K from the newest day back; a day with any K that disagrees, also one that gave way, ends it (the newest K
        belong to it). Reading: that disagrees with the answer's value where support is asked for, and with the newest
        K's own where the table asks (row 3)."""
        kept, gave_way = self.newest(carries)
        if not kept:
            return []
        values = [value] if value is not None else [side.value for side in self.sides(kept)]
        found, days = list(kept), sorted({m.at for m in carries if m.at < kept[0].at}, reverse=True)
        those = kept + gave_way
        while len(values) == 1 and all(agree(m.value, values[0]) for m in those):
            found += [m for m in those if m not in found]
            if not days:
                break
            one = days.pop(0)
            those = [m for m in carries if m.at == one]
        return found

    def sides(self, marks):
        if not marks:
            return []
        if self.only is not None:
            return [Side(min(marks, key=lambda m: (m.claim.seq, m.order)).value, list(marks))]
        return sides_of(marks)

    def n_against(self, side_value, marks, denials):
        """N(v): an N that acts on the value or on one of its members, but never of a claim against its own mark."""
        found = []
        for n in denials:
            others = [m for m in marks if m.claim is not n.claim]
            if others and (acts_on(n.value, side_value, self.multi)
                           or any(acts_on(n.value, m.value, self.multi) for m in others)):
                found.append(n)
        return found


def mark_edge(mark, day_number):
    """The edge by which a mark stands on a day: of K its own; of Y the one that is exactly that day."""
    if mark.edge is not None:
        return mark.edge
    if mark.spell is None:
        return None
    edges = [mark.spell.start, mark.spell.end]
    for edge in edges:
        if edge is not None and edge.clock and edge.bound.exact and edge.bound.lo == day_number:
            return edge
    return None


def clock_before(first, second, day_number):
    """Clocks that do not overlap order; windows that touch do not overlap. A clock orders only on the day that its
    edge exactly is. If both name an offset it is taken into account, else both are local."""
    for edge in (first, second):
        if edge.clock is None or not edge.bound.exact or edge.bound.lo != day_number:
            return False
    (b1, e1, o1), (b2, e2, o2) = first.clock, second.clock
    if o1 is not None and o2 is not None:
        b1, e1, b2, e2 = b1 - o1, e1 - o1, b2 - o2, e2 - o2
    return e1 <= b2 and not e2 <= b1


def time_before(one, other):
    """Times of saying on one day."""
    a, b = one.minute, other.minute
    if one.offset is not None and other.offset is not None:
        a, b = a - one.offset, b - other.offset
    return a < b


def exact_day_claim(spell, day_number):
    """Reading: both rules about times of saying speak of day claims that are exactly that day, without a clock."""
    return (spell.day_kind is not None and spell.start.bound.exact and spell.start.bound.lo == day_number
            and spell.start.clock is None)


def complement_pair(view, attribute):
    """A single-valued Bool has true/false unless declared to have none; others none unless declared."""
    declared = attribute.get("complement")
    if attribute.get("cardinality") == "multi" or declared == "none":
        return None
    if declared:
        return [read_value(v, attribute["value_type"], view.canonical, attribute.get("unit")) for v in declared]
    if attribute["value_type"] == "bool":
        return [Value("bool", text=True, core=True), Value("bool", text=False, core=False)]
    return None


def gaps(spells):
    """Between two windows: day after the one to day before the next, both edges observed.
    Reading: windows count from earliest to latest here too, so a gap's edges are exact days, uncertain where the
    window's edge is; where no day is left there is no gap. (Were they as vague as the windows' edges, an edge that
    happens to be exact would make a day certain on which the next window may already have begun.)"""
    found = []
    for one, following in zip(spells, spells[1:]):
        e, s = one.end.bound, following.start.bound
        start = Bound("", e.hi + 1, e.hi + 1, e.uncertain)
        end = Bound("", s.lo - 1, s.lo - 1, s.uncertain)
        if end.hi >= start.lo:
            found.append(Spell(Edge(start, "observed"), Edge(end, "observed"), gap=True))
    return found


def tellings_of(view, attribute, claims):
    pair = complement_pair(view, attribute)
    multi = attribute.get("cardinality") == "multi"
    found = []
    for claim in claims:
        value, denies = view.value(claim), claim.deny
        if denies:
            # A denial of v: if w is v's complement (or the other Bool) it is a claim of w.
            other = None
            if pair:
                other = pair[1] if equal(pair[0], value) else pair[0] if equal(pair[1], value) else None
            if other is None and not multi and value.kind == "bool":
                other = Value("bool", text=not value.text, core=not value.core)
            if other is not None:
                value, denies = other, False
        spells = list(claim.spells)
        if claim.is_list and pair and not denies and any(equal(p, value) for p in pair):
            spells += gaps(spells)
        found.append(Telling(claim, value, denies, spells))
    return found


# ---------------------------------------------------------------------------------------------------------------
# Step 4: read the table
# ---------------------------------------------------------------------------------------------------------------


class Answer:
    def __init__(self, row, status, sides, flags=(), values=None):
        self.row, self.status, self.sides, self.flags = row, status, sides, set(flags)
        self.values = values  # the values told in order, where that is not one for each side
        self.run = []
        self.backing = {}  # sides of a complement beside v: the N that back it

    def deciding(self):
        found = []
        for side in self.sides:
            for mark in side.marks:
                if mark not in found:
                    found.append(mark)
        return found


def read_day(one):
    """The first row that fits."""
    one.reduce()
    answer = rows(one)
    if not one.fixed:
        return answer
    answer.flags &= {"denied"}
    return answer


def rows(one):
    D = one.D
    y_sides = one.sides(one.of("YF"))
    carries, perhaps, denials = one.of("K"), one.of("y"), one.of("N")
    kept, _ = one.newest(carries)
    denials = one.without_rated_n(denials, kept)

    if len(y_sides) >= 2:
        order = meet(one, y_sides)
        if order is not None:
            return Answer(1, "stated", y_sides, ["changed that day"], order)
        lasting = [s for s in y_sides if any(not m.gap for m in s.marks)]
        return Answer(2, "contested", y_sides, ["timing"] if len(lasting) <= 1 else [])

    if len(y_sides) == 1:
        side = y_sides[0]
        since = since_marks(one, side, carries)
        if since:
            return Answer(3, "contested", [side] + one.sides(since), ["since"])
        against = one.n_against(side.value, side.marks, denials)
        if against:
            return against_answer(one, 4, side, against, carries)
        return vaguer(one, stated(one, side, carries, perhaps, kept), carries, perhaps, denials)

    if kept:
        sides = one.sides(kept)
        if len(sides) > 1:
            if all(m.tentative for m in kept):
                firm, _ = one.newest([m for m in carries if not m.tentative])
                return Answer(6, "possible", one.sides(kept + firm))
            return Answer(6, "contested", sides)
        return rows_7_to_10(one, carries, perhaps, denials)
    return rows_11_on(one, perhaps, denials)


def meet(one, sides):
    """Row 1. None if they do not meet, else the values in order."""
    if one.fixed or one.multi:
        return None
    D = one.D
    alone = []
    for side in sides:
        own = [m for m in side.marks if not any(m in other.marks for other in sides if other is not side)]
        if not own:
            return None
        alone.append(own)
    if len(sides) == 2:
        fits = []
        for first, second in ((0, 1), (1, 0)):
            if edges_meet(alone[first], alone[second], D) or all_before(one, alone[first], alone[second]):
                fits.append((first, second))
        if len(fits) == 2:
            # If both orders fit, the lower seq is first.
            low = [min(m.claim.seq for m in own) for own in alone]
            fits = [(0, 1) if low[0] <= low[1] else (1, 0)]
        if fits:
            return [sides[i].value for i in fits[0]]
    # More than two, or one that comes back: by their order in time.
    marks = [(m, number) for number, own in enumerate(alone) for m in own]
    before = one.before_table([m for m, _ in marks], D)
    for i, (_, side) in enumerate(marks):
        for j, (_, other) in enumerate(marks):
            if side != other and not (before[i, j] or before[j, i]):
                return None
    place = sorted(range(len(marks)), key=lambda i: sum(before[j, i] for j in range(len(marks)) if j != i))
    told = []
    for i in place:
        if not told or told[-1] != marks[i][1]:
            told.append(marks[i][1])
    return [sides[number].value for number in told]


def edges_meet(first, second, D):
    """Every claim of the first is a day claim or ends exactly on D, every one of the second is a day claim or starts
    exactly on D, and at least one of those edges is a transition."""
    transition = False
    for m in first:
        if m.spell is None:
            return False
        if m.spell.day_kind:
            continue
        end = m.spell.end
        if end is None or not (end.bound.exact and end.bound.lo == D):
            return False
        transition = transition or end.kind == "transition"
    for m in second:
        if m.spell is None:
            return False
        if m.spell.day_kind:
            continue
        start = m.spell.start
        if start is None or not (start.bound.exact and start.bound.lo == D):
            return False
        transition = transition or start.kind == "transition"
    return transition


def all_before(one, first, second):
    marks = first + second
    before = one.before_table(marks, one.D)
    return all(before[i, len(first) + j] for i in range(len(first)) for j in range(len(second)))


def since_marks(one, side, carries):
    """Row 3: every Y claim of v is a closed period, and a newest K, or a K of the run, is another value's open
    transition start with a >= each s.latest."""
    if one.only is not None:
        return []
    if not all(m.spell is not None and m.spell.closed() for m in side.marks):
        return []
    latest = max(m.spell.start.bound.hi for m in side.marks)
    return [m for m in one.run(carries) if m.opens and m.at >= latest and not agree(m.value, side.value)]


def against_answer(one, row, side, against, carries):
    """Rows 4 and 7: v (and its complement). Reading: one flag; denied where any N is from a denial."""
    flags = {"denied" if any(n.denial for n in against) else "timing"}
    sides = [side]
    other = one.complement(side.value)
    if other is not None:
        sides.append(Side(other, against))
    answer = Answer(row, "contested", sides, flags)
    answer.run = one.run(carries, side.value)
    return answer


def stated(one, side, carries, perhaps, kept):
    """Row 5."""
    D, flags, value = one.D, set(), side.value
    periods = [m.spell for m in side.marks if m.spell is not None and not m.spell.day_kind]
    if any(not agree(m.value, value) for m in perhaps):
        flags.add("perhaps already")
    # began: a sure, exact transition start of v on D, and no Y period of v started earlier (by its latest day), and v
    # is not among the newest K.
    begins = any(p.start and p.start.kind == "transition" and p.start.bound.sure and p.start.bound.exact
                 and p.start.bound.lo == D for p in periods)
    earlier = any(p.start and p.start.bound.hi < D for p in periods)
    if begins and not earlier and not any(agree(m.value, value) for m in kept):
        flags.add("began")
    # ended: an exact transition end of v on D, and no Y period of v goes on.
    ends = any(p.end and p.end.kind == "transition" and p.end.bound.exact and p.end.bound.lo == D for p in periods)
    if ends and not goes_on(side.marks, D):
        flags.add("ended")
    # between stated periods: the deciding Y is a gap.
    if all(m.gap for m in side.marks):
        flags.add("between stated periods")
    flags |= told_differently(one, value, side.marks, row=5)
    status = "presumed" if all(m.kind == "F" for m in side.marks) else "stated"
    answer = Answer(5, status, [side], flags)
    answer.run = one.run(carries, value)
    return answer


def goes_on(marks, D):
    """Reading: a period goes on past D if it has no end, or may end after D; what is timeless goes on."""
    return any(m.spell is None and m.kind == "Y" or m.spell is not None and not m.spell.day_kind
               and (m.spell.end is None or m.spell.end.bound.hi > D) for m in marks)


def told_differently(one, value, deciding, row):
    """later start, earlier end: the start or the end is told differently, or something in between is missing."""
    D, flags = one.D, set()
    mine = [m.claim for m in deciding]
    live = [(t, p) for t in one.tellings if not t.denies for p in t.spells if not p.gap]
    if one.only is not None:
        live = [(t, p) for t, p in live if equal(t.value, one.only)]
    others = [b for t, p in live if not agree(t.value, value) for b in p.bounds()]
    own = [p for t, p in live if agree(t.value, value) and not p.day_kind]
    if row != 5 or not goes_on(deciding, D):
        for t, p in live:
            start = None if p.day_kind else p.start
            if t.claim in mine or not agree(t.value, value) or start is None or start.kind != "transition":
                continue
            at = start.bound.lo
            if at <= D or any(has_day_between(b, D, at) for b in others):
                continue
            # Reading: an end is a transition end; on D or between, by any of its days.
            if any(q.end and q.end.kind == "transition" and has_day_between(q.end.bound, D - 1, at) for q in own):
                continue
            flags.add("later start")
    if row == 5:
        roots = {one.view.root(claim) for claim in mine}
        for t, p in live:
            end = None if p.day_kind else p.end
            if t.claim in mine or not agree(t.value, value) or end is None or end.kind != "transition":
                continue
            at = end.bound.hi
            if at >= D or one.view.root(t.claim) in roots or any(has_day_between(b, at, D) for b in others):
                continue
            if any(q.start and q.start.kind == "transition" and has_day_between(q.start.bound, at, D + 1) for q in own):
                continue
            flags.add("earlier end")
    return flags


def rows_7_to_10(one, carries, perhaps, denials):
    kept, _ = one.newest(carries)
    side = one.sides(kept)[0]
    against = one.n_against(side.value, side.marks, denials)
    if against:
        return against_answer(one, 7, side, against, carries)
    others = [m for m in perhaps if not agree(m.value, side.value)] if one.only is None else []
    if others:
        return Answer(8, "possible", [side] + one.sides(others), ["change window"])
    if all(m.tentative for m in kept):
        firm, _ = one.newest([m for m in carries if not m.tentative])
        together = one.sides(kept + firm)
        answer = Answer(9, "presumed" if firm and len(together) == 1 else "possible", together)
    else:
        answer = Answer(10, "presumed", [side], changed_before(one, side.value))
        answer.flags |= told_differently(one, side.value, side.marks, row=10)
    answer.run = one.run(carries, answer.sides[0].value)
    answer.newest = side.value
    return vaguer(one, answer, carries, perhaps, denials)


def changed_before(one, value):
    """changed some time before: the nearest later claim (gaps and denials aside) is a day claim, an observed start or an
    end without a start, of another value. Of several nearest any one sets it."""
    later = []
    for telling in one.tellings:
        if telling.denies or (one.only is not None and not equal(telling.value, one.only)):
            continue
        for spell in telling.spells:
            at = spell.bounds()[0].lo
            if not spell.gap and at > one.D:
                later.append((at, telling, spell))
    if not later:
        return set()
    nearest = min(at for at, _, _ in later)
    for at, telling, spell in later:
        seen = spell.day_kind or spell.start is None or spell.start.kind == "observed"
        if at == nearest and seen and not agree(telling.value, value):
            return {"changed some time before"}
    return set()


def vaguer(one, answer, carries, perhaps, denials):
    """A vaguer word hides nothing: rows 5, 9 and 10."""
    if one.only is not None or answer.row not in (5, 9, 10):
        return answer
    value = getattr(answer, "newest", None) or answer.sides[0].value
    if value.kind not in ("some", "date"):
        return answer
    def narrower(v):
        if value.kind == "some":
            return v.kind not in ("some", "none")
        return v.ranged() and within_stated(v, value) and not equal(v, value)
    own = [m for m in carries if narrower(m.value)]
    kept, _ = one.newest(own)
    if not kept or len(one.sides(kept)) != 1:
        return answer
    return rows_7_to_10(one, own, [m for m in perhaps if narrower(m.value)], denials)


def rows_11_on(one, perhaps, denials):
    back = one.of("B")
    instead = []  # complements of an N
    for n in denials:
        other = one.complement(n.value)
        if other is not None:
            instead.append(Mark("N", other, n.telling, n.spell))
    firm = back + instead
    def stands_with(y):
        for m in firm:
            # A B of SomeValue agrees only with SomeValue.
            if m.value.kind == "some" and y.value.kind != "some":
                continue
            if one.only is not None or agree(m.value, y.value):
                return True
        return False
    firm_sides = one.sides(firm)
    if any(not stands_with(y) for y in perhaps) or len(firm_sides) > 1:
        return Answer(11, "possible", one.sides(perhaps + firm))
    if firm_sides:
        tentative = all(m.kind == "B" and m.tentative for m in firm)
        return Answer(12, "possible" if tentative else "presumed", firm_sides, ["carried back"])
    ends = one.of("X") + denials
    undated = [m for m in one.of("U") if not any(acts_on(x.value, m.value, one.multi) for x in ends)]
    if undated:
        return Answer(13, "possible", one.sides(undated), ["undated"])
    if one.stale:
        return Answer(14, "unknown", [], ["stale"])
    if ends:
        return Answer(15, "unknown", [])
    return Answer(16, "unknown", [])


# ---------------------------------------------------------------------------------------------------------------
# Behind the table: disputes, verdicts, support
# ---------------------------------------------------------------------------------------------------------------


def finish(one, answer):
    view = one.view
    claims = {m.claim.id: m.claim for m in answer.deciding()}
    disputed = differ = False
    for claim in claims.values():
        rated = view.ratings(claim)
        disputed = disputed or (view.disputed(claim) and not rated & {"true", "false"})
        differ = differ or {"true", "false"} <= rated
    if answer.sides:
        for is_so, flag in ((disputed, "disputed"), (differ, "verdicts differ")):
            if is_so:
                answer.flags.add(flag)
        if (disputed or differ) and answer.status in ("stated", "presumed"):
            answer.status = "contested"
        if any(view.not_reviewed(claim) for claim in claims.values()):
            answer.flags.add("not reviewed")
    for side in answer.sides:
        supporting(one, answer, side)
    if answer.sides and weak(view, answer):
        answer.flags.add("weak sources only")
    values = answer.values if answer.values is not None else [side.value for side in answer.sides]
    if len(values) == 1 and answer.status in ("stated", "presumed"):
        if values[0].kind == "some":
            answer.status, values = "unknown", []
            answer.flags.add("some value")
            answer.flags.discard("weak sources only")  # Reading: it is said of an answer that has a value, or none
        elif values[0].kind == "none":
            answer.status, values = "none", []
    answer.values = values
    if one.fixed:
        # No flag but these arises for a fixed attribute. Reading: to the letter, so no "some value" and no "weak
        # sources only"; that an answer was not reviewed is said of every attribute.
        answer.flags &= {"denied", "disputed", "verdicts differ", "not reviewed"}
    return answer


def supporting(one, answer, side):
    """Distinct named roots of the claims on whose value the answer rests; the others fit it."""
    view = one.view
    deciding = list(side.marks)
    more = []
    if len(answer.sides) == 1:
        more = [m for m in answer.run if m not in deciding and agree(m.value, side.value)]
    resting, fitting = [], []
    for m in deciding + more:
        rests = within_stated(m.value, side.value)
        if not rests and m.value.kind != "some":
            # Without it (whoever says it) the part would be another.
            without = [other.value for other in deciding if not equal(other.value, m.value)]
            if not without or not any(v.kind != "some" for v in without):
                rests = True
            else:
                rests = not equal(common_part(without), side.value)
        if m.kind == "N":
            rests = True  # the complement shown beside v is backed by the N claims
        (resting if rests else fitting).append(m.claim)
    side.claims = unique(resting)
    side.fitting = [c for c in unique(fitting) if c not in side.claims]
    side.support = len(named_roots(view, side.claims))
    side.fits = len(side.fitting)  # claims


def unique(claims):
    found = []
    for claim in claims:
        if claim not in found:
            found.append(claim)
    return found


def named_roots(view, claims):
    """Roots joined by a shared evidence digest among one value's claims count once."""
    groups = []  # (roots, digests)
    for claim in claims:
        roots, digests = {view.root(claim)}, view.evidence(claim)
        rest = []
        for other_roots, other_digests in groups:
            if roots & other_roots or digests & other_digests:
                roots, digests = roots | other_roots, digests | other_digests
            else:
                rest.append((other_roots, other_digests))
        groups = rest + [(roots, digests)]
    return [roots for roots, _ in groups if any(kind == "named" for kind, _ in roots)]


def weak(view, answer):
    """Every root is rated D, E or F, or none is named. Reading: asked of the origins of all supporting claims."""
    named = []
    for side in answer.sides:
        for claim in side.claims:
            if view.root(claim)[0] == "named":
                named.append(claim.chain[0]["who"])
    return all(view.reliability(key) in ("D", "E", "F") for key in named)


STRONGEST = ["contested", "stated", "presumed", "possible", "none", "unknown"]


def answer(ledger, subject, attribute, on, reported_by=None, recorded_by=None):
    """The answer for one key on one day. `on`: a day as text; `reported_by`: a date, or a day with a time;
    `recorded_by`: how many commits."""
    view = View(ledger, moment_of(reported_by), recorded_by)
    declared = view.attribute(attribute)
    claims = view.live(subject, attribute)
    tellings = tellings_of(view, declared, claims)
    if declared.get("cardinality") != "multi":
        done = finish(*both(Day(view, declared, tellings, day(on))))
        return as_json(done)
    values = []
    for telling in tellings:
        if not any(equal(telling.value, value) for value in values):
            values.append(telling.value)
    parts = []
    for value in values:
        own = []
        for telling in tellings:
            own.append(telling)
            if telling.denies:
                continue
            # A claim of NoValue is a denial of every other value too, and a claim of any value one of NoValue.
            if (telling.value.kind == "none") != (value.kind == "none"):
                own.append(Telling(telling.claim, value, True, telling.spells))
        parts.append((value, finish(*both(Day(view, declared, own, day(on), only=value)))))
    status = min((part.status for _, part in parts), key=STRONGEST.index, default="unknown")
    shown = [(value, part) for value, part in parts if part.status in ("contested", "stated", "presumed", "possible")]
    flags = set()
    for _, part in parts:
        if part.status == status or part.status != "unknown":
            flags |= part.flags
    return {
        "status": status,
        "values": [show(value) for value, _ in shown],
        "each": [part.status for _, part in shown],
        "sides": [side for _, part in shown for side in side_json(part)],
        "flags": sorted(flags),
        "row": None,
    }


def both(one):
    return one, read_day(one)


def side_json(done):
    return [{"value": show(side.value), "support": side.support, "fits": side.fits,
             "claims": [claim.id for claim in side.claims], "fitting": [claim.id for claim in side.fitting]}
            for side in done.sides]


def as_json(done):
    return {"status": done.status, "values": [show(v) for v in done.values], "sides": side_json(done),
            "flags": sorted(done.flags), "row": done.row}


# ---------------------------------------------------------------------------------------------------------------
# Worked cases
# ---------------------------------------------------------------------------------------------------------------


def scenarios(path):
    wrong = cases = 0
    for text in open(path, encoding="utf-8"):
        case = json.loads(text)
        ledger = Ledger(case["events"])
        for want in case["expect"]:
            cases += 1
            got = answer(ledger, want["subject"], want["attribute"], want["on"], want.get("reported_by"),
                         want.get("recorded_by_line"))
            problems = []
            if got["status"] != want["status"]:
                problems.append("status")
            ordered = "changed that day" in got["flags"]
            key = (lambda values: [json.dumps(v, sort_keys=True) for v in values])
            if (key(got["values"]) != key(want["values"])) if ordered else sorted(key(got["values"])) != sorted(key(want["values"])):
                problems.append("values")
            if "support" in want and got["sides"][0]["support"] != want["support"]:
                problems.append("support")
            if not set(want.get("flags", [])) <= set(got["flags"]):
                problems.append("flags")
            if problems:
                wrong += 1
                print(case["name"], want["on"], ", ".join(problems), "\n  want", want, "\n  got ", got)
    print("{} answers, {} otherwise".format(cases, wrong))
    return wrong


def main(arguments):
    if arguments[:1] == ["--scenarios"]:
        return 1 if scenarios(arguments[1]) else 0
    if arguments[:1] == ["--ledger"]:
        lines = [json.loads(text) for text in open(arguments[1], encoding="utf-8") if text.strip()]
        options = dict(zip(arguments[5::2], arguments[6::2]))
        recorded = options.get("--recorded-by")
        got = answer(Ledger(lines), *arguments[2:5], options.get("--reported-by"), int(recorded) if recorded else None)
        print(json.dumps(got, ensure_ascii=False, indent=1))
        return 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
