#!/usr/bin/env python3
"""Small random ledgers, the same for the same seed, in which every clause of the model is met often.

Days lie in a window of twelve, so that they collide; there are few subjects, few values and few sources. A ledger is a
list of commits {"actor", "lines"}. Lines that the program may refuse (a second correction, a judgement that contradicts)
are made too, but seldom.

    random_ledgers.py SEED [PROFILE]     prints one
"""

import datetime
import json
import random
import sys

FIRST = datetime.date(2024, 5, 1)
DAYS = 12

PROFILES = [
    "symbol", "pair", "bool", "bool-none", "quantity", "quantity-daily", "date", "fixed", "fixed-date", "fixed-bool",
    "multi", "multi-quantity", "lists", "clocks", "sayings", "vague", "some-none", "corrections", "retractions",
    "horizons", "identity", "links", "verdicts", "review", "far",
    "meeting", "since", "everything",
]


def day_text(number):
    return (FIRST + datetime.timedelta(days=number)).isoformat()


class Maker:
    def __init__(self, seed, profile=None):
        self.random = random.Random("{}/{}".format(seed, profile or ""))
        self.profile = profile or PROFILES[seed % len(PROFILES)]
        self.lines, self.claims, self.acts, self.successors = [], [], [], set()
        self.number = 0

    # -- small choices

    def chance(self, of):
        return self.random.random() < of

    def pick(self, choices):
        return self.random.choice(choices)

    def weighted(self, table):
        return self.random.choices(list(table), list(table.values()))[0]

    def name(self, letter):
        self.number += 1
        return "{}{}".format(letter, self.number)

    def add(self, line):
        self.lines.append((self.pick(self.actors), line))
        return line

    # -- dates

    def day(self):
        return self.random.randrange(self.width)

    def exact(self):
        return day_text(self.day())

    def date(self, vague=None):
        """One date as text. Mostly an exact day."""
        vague = self.vague if vague is None else vague
        if not self.chance(vague):
            return self.exact()
        low = self.day()
        high = min(DAYS - 1, low + self.random.randrange(1, 5))
        form = self.weighted({"range": 6, "pair": 3, "uncertain": 4, "wide": 2, "both": 1, "open-low": 1, "open-high": 1,
                              "month": 1, "part": 1, "set": 1, "year": 0.5, "no-year": 0.5})
        return {
            "range": "[{}..{}]".format(day_text(low), day_text(high)),
            "pair": "[{},{}]".format(day_text(low), day_text(high)),
            "set": "[{},{},{}]".format(day_text(low), day_text((low + high + 1) // 2 if high > low + 1 else low), day_text(high))
                   if high > low + 1 else "[{},{}]".format(day_text(low), day_text(high)),
            "uncertain": day_text(low) + "?",
            "wide": day_text(low) + "~",
            "both": day_text(low) + "%",
            "open-low": "[..{}]".format(day_text(low)),
            "open-high": "[{}..]".format(day_text(low)),
            "month": "2024-05",
            "part": day_text(low)[:4] + "?" + day_text(low)[4:],
            "year": "2024",
            "no-year": "XXXX" + day_text(low)[4:],
        }[form]

    def far_date(self):
        return self.pick(["2023-04-20", "2023-05-06", "2022-01-01", "2025-05-05", "2025-07-01", "[2025-05-01..2025-05-12]"])

    def period(self, vague=None):
        """Two dates, the first not behind the second, as [from, until]."""
        low, high = sorted([self.day(), self.day()])
        if self.chance(0.7) and low == high:
            high = min(DAYS - 1, low + self.pick([1, 2, 4]))
        vague = self.vague if vague is None else vague
        start, end = day_text(low), day_text(high)
        if self.chance(vague):
            start = self.pick(["[{}..{}]".format(day_text(max(0, low - self.random.randrange(1, 4))), start), start + "?", start + "~"])
        if self.chance(vague):
            end = self.pick(["[{}..{}]".format(end, day_text(min(high + self.random.randrange(1, 4), DAYS + 2))), end + "?", end + "~"])
        return start, end

    def clock(self):
        begin, end = self.pick([("06:00", "08:00"), ("08:00", "10:00"), ("09:00", "11:00"), ("12:00", "12:30"),
                                ("10:00", "12:00"), ("18:00", "24:00"), ("20:00", "20:10")])
        return "{}..{}{}".format(begin, end, self.offset())

    def offset(self):
        return self.weighted({"": 6, "-04:00": 2, "+03:00": 1, "Z": 1}) if self.offsets else ""

    def time(self):
        return "T{}{}".format(self.pick(["07:00", "09:00", "12:00", "15:30", "21:00"]), self.offset())

    def when(self):
        """The fields of valid time."""
        form = self.weighted(self.forms)
        if form == "on":
            return {"on": self.date()}
        if form == "as_of":
            return {"as_of": self.date()}
        if form == "open":
            return dict({"from": self.date()}, **self.kind("from"))
        if form == "end":
            return dict({"until": self.date()}, **self.kind("until"))
        if form == "closed":
            start, end = self.period()
            fields = {"from": start, "until": end}
            return dict(fields, **self.kind("from"), **self.kind("until"))
        if form == "on-and-on":
            return {"from": self.date(self.vague / 2) + "/.."}
        if form == "far":
            far = self.far_date()
            return self.pick([{"from": far}, {"until": far}, {"as_of": far}])
        return {form: True}

    def kind(self, side):
        return {side + "_kind": "observed"} if self.chance(self.observed) else {}

    # -- values

    def value(self):
        special = self.random.random()
        if special < self.some:
            return {"some": True}
        if special < self.some + self.none:
            return {"none": True}
        kind = self.attribute["value_type"]
        if kind == "bool":
            return self.chance(0.6)
        if kind == "entity":
            return {"entity": self.pick(self.people)}
        if kind == "date":
            return {"date": self.pick(["1944", "1944-10", "1944-10-16", "1944-11-02", "[1944-10-10..1944-10-20]",
                                       "[1944-10-16..1944-10-25]", "1945-01", "[1944-09-01..]", "1944-10-16~", "XXXX-10-16"])}
        if kind == "quantity":
            form = self.pick([("6", "6"), ("5", None), ("5", "8"), ("7", "10"), ("12", "12"), (None, "7"), ("6", "6"),
                              ("10", "10"), ("9.5", "9.5"), ("100", "100"), ("91", "91"), ("7", "8")])
            value = {"lower": form[0], "upper": form[1], "unit": "person"}
            if self.chance(self.approx):
                value["approx"] = True
            return value
        if self.attribute.get("complement") and self.chance(0.95):
            return self.pick(self.attribute["complement"])
        if self.attribute.get("complement"):
            return {"some": True}
        return self.pick(["open", "closed", "burnt"] if not self.chance(0.1) else ["Open", " closed "])

    # -- events

    def chain(self):
        if self.chance(0.06):
            return []
        links = [{"who": self.pick(self.sources), "how": self.pick(["stated", "witnessed", "reported"])}]
        if self.chance(self.dated_chain):
            links[0]["on"] = self.exact()
        if self.chance(0.25):
            second = self.pick(self.sources)
            if second != links[0]["who"]:
                links.append({"who": second, "how": "relayed"})
        return links

    def said_on(self, near=None):
        if not self.chance(self.says):
            return {}
        if self.chance(self.times):
            return {"said_on": (near or self.exact()) + self.time()}
        if self.chance(0.15):
            low = self.day()
            return {"said_on": "[{}..{}]".format(day_text(low), day_text(low + 2))}
        return {"said_on": self.exact()}

    def body(self):
        """A claim's fields, or a closed list's."""
        self.attribute = self.pick(self.attributes)
        line = {"subject": self.pick(self.subjects), "attribute": self.attribute["key"], "value": self.value()}
        chain = self.chain()
        if chain:
            line["chain"] = chain
        if self.chance(self.denies):
            line["polarity"] = "deny"
        if self.chance(self.lists):
            line["type"] = "periods"
            line["periods"] = self.list_periods()
            line.update(self.said_on())
            return line
        line["type"] = "claim"
        line.update(self.when())
        exact = next((line[name] for name in ("on", "as_of", "from") if name in line and len(line[name]) == 10 and "/" not in line[name]), None)
        line.update(self.said_on(exact if self.chance(0.7) else None))
        if self.chance(self.clocks) and ("on" in line or "as_of" in line or "from" in line or "until" in line):
            if not any("/" in str(line.get(name)) for name in ("on", "as_of", "from", "until")):
                line["clock"] = self.clock()
        if self.chance(self.captures):
            line["evidence"] = self.pick(self.digests)
        return line

    def list_periods(self):
        """Windows that do not overlap, counted from earliest to latest."""
        places = sorted(self.random.sample(range(DAYS + 2), self.pick([2, 4, 4, 6])))
        windows = []
        for low, high in zip(places[::2], places[1::2]):
            start, end = day_text(low), day_text(high)
            if high - low >= 2 and self.chance(self.vague):
                start = "[{}..{}]".format(start, day_text(low + 1))
            if high - low >= 3 and self.chance(self.vague):
                end = "[{}..{}]".format(day_text(high - 1), end)
            if self.chance(self.vague / 4):
                end += "?" if not end.startswith("[") else ""
            windows.append({"from": start, "until": end})
        return windows

    def claim(self):
        line = self.body()
        line["id"] = self.name("c")
        if self.claims and self.chance(self.repeats):
            # The same words by another source, or another time.
            old = dict(self.pick(self.claims))
            if self.chance(0.8):
                old["id"] = line["id"]
                if self.chance(0.7) or "chain" not in line:
                    old.pop("chain", None)
                    old["chain"] = [{"who": self.pick(self.sources), "how": "stated"}]
                else:
                    old["chain"] = line["chain"]
                if "said_on" in line and self.chance(0.5):
                    old["said_on"] = line["said_on"]
                line = old
        ordered = {"type": "periods" if "periods" in line else "claim", "id": line["id"]}
        ordered.update((name, field) for name, field in line.items() if name not in ordered)
        self.add(ordered)
        self.claims.append(ordered)
        return ordered

    def by(self, claim, own=0.5):
        names = [link["who"] for link in claim.get("chain", [])]
        if names and self.chance(own):
            return {"by": self.pick(names)}
        return self.pick([{}, {"by": "desk"}])

    def act(self):
        form = self.weighted(self.act_forms)
        if not self.claims:
            return
        claim = self.pick(self.claims)
        if form == "correction":
            open_claims = [c for c in self.claims if c["id"] not in self.successors]
            if not open_claims:
                return
            claim = self.pick(open_claims)
            inner = self.body() if self.chance(0.6) else dict(claim)
            inner["subject"], inner["attribute"] = claim["subject"], claim["attribute"]
            inner["value"] = claim["value"] if self.chance(0.6) else self.like(claim)
            if self.chance(0.8):
                inner.pop("chain", None)
                if "chain" in claim:
                    inner["chain"] = [dict(link) for link in claim["chain"]]
                    if self.chance(0.5):
                        inner["chain"][0].pop("on", None)
            if self.chance(0.5):
                inner.pop("said_on", None)
            inner["id"] = self.name("c")
            inner.pop("type", None) if not inner.get("periods") else None
            line = {"type": "correction", "id": self.name("k"), "corrects": claim["id"], "reason": "mended", "claim": inner}
            line.update(self.by(claim))
            line.update(self.said_on())
            self.add(line)
            self.successors.add(claim["id"])
            self.claims.append(inner)
            self.acts.append(line)
        elif form == "retraction":
            target = self.pick(self.claims + self.acts * 2)
            line = {"type": "retraction", "id": self.name("r"), "retracts": target["id"], "reason": "taken back"}
            about = target
            if target["type"] == "correction" if "type" in target else False:
                about = next((c for c in self.claims if c["id"] == target["corrects"]), target)
                if target.get("by") not in (None, "desk") and self.chance(0.7):
                    line["by"] = target["by"]
                    about = None
            elif target in self.acts:
                if target.get("by") not in (None, "desk") and self.chance(0.6):
                    line["by"] = target["by"]
                about = None
            if about is not None:
                line.update(self.by(about))
            line.update(self.said_on())
            self.add(line)
            self.acts = [act for act in self.acts if act is not target]
            if "type" in target and target["type"] == "correction":
                self.successors.discard(target["corrects"])
        elif form == "dispute":
            line = {"type": "dispute", "id": self.name("d"), "disputes": claim["id"], "grounds": "not so"}
            if self.chance(0.7):
                line["by"] = self.pick(self.sources)
            line.update(self.said_on())
            self.acts.append(self.add(line))
        elif form == "assessment":
            line = {"type": "assessment", "id": self.name("a"), "claim": claim["id"],
                    "rating": self.weighted({"true": 5, "false": 4, "unproven": 1}), "rationale": "looked at"}
            if self.chance(0.4):
                line["by"] = self.pick(self.sources[:2] + ["desk"])
            line.update(self.said_on())
            self.acts.append(self.add(line))
        elif form == "judgement":
            pair = self.random.sample(self.people if self.chance(0.6) or len(self.subjects) < 2 else self.subjects, 2)
            line = {"type": "judgement", "id": self.name("j"), "entities": pair,
                    "verdict": self.weighted({"same": 5, "different": 1, "unsure": 1}), "reason": "names"}
            self.acts.append(self.add(line))
        elif form == "link":
            pair = self.random.sample(self.sources, 2)
            line = {"type": "link", "id": self.name("l"), "source": pair[0], "to": pair[1],
                    "how": self.pick(["owned-by", "republishes", "same-wire", "copies", "same-as"])}
            self.acts.append(self.add(line))
        elif form == "rating":
            line = {"type": "rating", "id": self.name("g"), "source": self.pick(self.sources),
                    "reliability": self.pick("ABCDEF"), "reason": "seen"}
            self.acts.append(self.add(line))
        elif form == "reference":
            self.acts.append(self.add({"type": "reference", "id": self.name("e"), "claim": claim["id"],
                                       "url": "https://example.org/" + self.name("p"), "evidence": self.pick(self.digests)}))
        elif form == "setting":
            self.add({"type": "setting", "name": "four_eyes", "value": self.pick(["claims", "verdicts", "all", "off"])})
        elif form == "approval":
            target = self.pick(self.claims + [act for act in self.acts if act["type"] == "assessment"])
            self.acts.append(self.add({"type": "approval", "id": self.name("o"), "approves": target["id"]}))
        elif form == "return":
            self.acts.append(self.add({"type": "return", "id": self.name("t"), "event": claim["id"], "reason": "look again"}))

    def like(self, claim):
        self.attribute = next(a for a in self.attributes if a["key"] == claim["attribute"])
        return self.value()

    # -- profiles

    def settings(self):
        """The ordinary: everything a little. Then what the profile asks for."""
        self.actors = ["ann"]
        self.width = 5 if self.profile == "quantity-daily" or self.chance(0.15) else DAYS
        if self.profile in ("clocks", "sayings", "meeting"):
            self.width = self.pick([1, 2, 4])
        self.vague, self.observed, self.some, self.none, self.approx = 0.2, 0.2, 0.03, 0.02, 0.15
        self.denies, self.lists, self.clocks, self.says, self.times = 0.12, 0.08, 0.1, 0.3, 0.2
        self.dated_chain, self.captures, self.repeats, self.offsets = 0.1, 0.0, 0.15, False
        self.forms = {"on": 2, "as_of": 4, "open": 5, "end": 2, "closed": 4, "on-and-on": 0.6, "undated": 0.5, "timeless": 0.1}
        self.act_forms = {"correction": 1, "retraction": 2, "dispute": 1, "assessment": 2}
        self.how_many, self.how_many_acts = (2, 6), (0, 1)
        self.subjects, self.people = ["embassy"], ["ana", "ben", "eva"]
        self.sources = ["ministry", "daily", "police", "agency"]
        self.kinds = {"ministry": "organisation", "daily": "organisation", "police": "organisation", "agency": "organisation"}
        self.digests = [letter * 64 for letter in "abc"]
        self.by_commit = False
        symbol = {"key": "gate", "value_type": "symbol", "cardinality": "single"}
        pair = {"key": "gate", "value_type": "symbol", "cardinality": "single", "complement": ["open", "closed"]}
        self.attributes = [pair if self.chance(0.5) else symbol]
        if self.chance(0.25):
            self.kinds["police"] = "unnamed"
        if self.chance(0.2):
            self.kinds["agency"] = "unnamed"
        profile = self.profile
        if profile == "symbol":
            self.attributes = [symbol]
        elif profile == "pair":
            self.attributes = [pair]
        elif profile == "bool":
            self.attributes = [{"key": "siege", "value_type": "bool", "cardinality": "single"}]
        elif profile == "bool-none":
            self.attributes = [{"key": "siege", "value_type": "bool", "cardinality": "single", "complement": "none"}]
            self.denies = 0.3
        elif profile == "quantity":
            self.attributes = [{"key": "inside", "value_type": "quantity", "cardinality": "single", "unit": "person"}]
            self.denies, self.repeats = 0.2, 0.1
        elif profile == "quantity-daily":
            self.attributes = [{"key": "inside", "value_type": "quantity", "cardinality": "single", "unit": "person"}]
            self.forms = {"on": 6, "as_of": 6, "closed": 1, "open": 1}
            self.approx = 0.3
        elif profile == "date":
            self.attributes = [{"key": "due", "value_type": "date", "cardinality": "single"}]
            self.some = 0.1
        elif profile == "fixed":
            self.attributes = [{"key": "cause", "value_type": self.pick(["text", "entity"]), "cardinality": "single", "fixed": True}]
            self.forms.update(undated=3, timeless=0.5)
            self.lists, self.denies, self.some = 0, 0.2, 0.1
        elif profile == "fixed-date":
            self.attributes = [{"key": "born", "value_type": "date", "cardinality": "single", "fixed": True}]
            self.forms.update(undated=5)
            self.lists = 0
        elif profile == "fixed-bool":
            self.attributes = [{"key": "signed", "value_type": "bool", "cardinality": "single", "fixed": True}]
            if self.chance(0.4):
                self.attributes[0]["complement"] = "none"
            self.lists = 0
        elif profile == "multi":
            self.attributes = [{"key": "inside", "value_type": "entity", "cardinality": "multi"}]
            self.none, self.some, self.denies = 0.12, 0.1, 0.2
            if self.chance(0.2):
                self.attributes[0]["fixed"] = True
                self.lists = 0
        elif profile == "multi-quantity":
            self.attributes = [{"key": "seen", "value_type": self.pick(["quantity", "symbol", "bool", "date"]), "cardinality": "multi"}]
            if self.attributes[0]["value_type"] == "quantity":
                self.attributes[0]["unit"] = "person"
            self.none, self.denies = 0.08, 0.2
        elif profile == "lists":
            self.attributes = [self.pick([pair, symbol, {"key": "siege", "value_type": "bool", "cardinality": "single"}])]
            self.lists, self.says, self.times = 0.5, 0.6, 0
        elif profile == "clocks":
            self.clocks, self.vague, self.offsets = 0.8, 0.05, self.chance(0.4)
            self.forms = {"on": 3, "as_of": 3, "open": 5, "end": 3, "closed": 2}
        elif profile == "sayings":
            self.attributes = [self.pick([symbol, {"key": "dead", "value_type": "quantity", "cardinality": "single", "unit": "person"}])]
            self.clocks, self.vague, self.says, self.times = 0.05, 0.05, 0.95, 0.9
            self.offsets = self.chance(0.3)
            self.forms = {"on": 3, "as_of": 6, "open": 1}
            self.sources = ["ministry", "daily", "police"]
        elif profile == "vague":
            self.vague = 0.7
        elif profile == "meeting":
            # Ends and starts on one day.
            self.vague, self.observed, self.how_many = 0.05, 0.15, (2, 5)
            self.forms = {"on": 1, "as_of": 2, "open": 4, "end": 4, "closed": 3}
            self.clocks, self.says, self.times = self.pick([0, 0.4]), 0.5, 0.6
        elif profile == "since":
            self.forms = {"closed": 6, "open": 5, "as_of": 2}
            self.vague, self.lists = 0.1, 0.05
        elif profile == "some-none":
            self.attributes = [{"key": "guard", "value_type": self.pick(["entity", "symbol", "date"]), "cardinality": "single"}]
            self.some, self.none = 0.3, 0.15
        elif profile in ("corrections", "retractions"):
            self.how_many, self.how_many_acts, self.says = (2, 4), (2, 4), 0.6
            self.vague = 0.1
            self.act_forms = ({"correction": 5, "retraction": 2, "dispute": 1, "assessment": 1} if profile == "corrections"
                              else {"correction": 2, "retraction": 5, "dispute": 1, "assessment": 2})
        elif profile == "horizons":
            self.by_commit, self.says, self.times = True, 0.8, 0.4
            self.how_many, self.how_many_acts = (2, 4), (1, 4)
            self.offsets = self.chance(0.4)
            self.act_forms = {"correction": 3, "retraction": 3, "dispute": 2, "assessment": 3, "link": 1}
        elif profile == "identity":
            self.attributes = [{"key": "held", "value_type": "entity", "cardinality": self.pick(["single", "multi"])}]
            self.subjects = ["cell", "ward"]
            self.how_many_acts, self.by_commit = (1, 3), self.chance(0.5)
            self.act_forms = {"judgement": 5, "retraction": 2, "correction": 1}
        elif profile == "links":
            self.captures, self.repeats, self.how_many = 0.4, 0.5, (3, 6)
            self.how_many_acts, self.by_commit = (1, 3), self.chance(0.5)
            self.act_forms = {"link": 4, "rating": 3, "reference": 2, "retraction": 2, "assessment": 1}
        elif profile == "verdicts":
            self.actors = ["ann", "bob"]
            self.how_many, self.how_many_acts = (2, 5), (1, 5)
            self.act_forms = {"assessment": 6, "dispute": 3, "retraction": 1, "correction": 1}
        elif profile == "review":
            self.actors = ["ann", "bob"]
            self.how_many, self.how_many_acts = (2, 4), (2, 6)
            self.act_forms = {"setting": 3, "approval": 4, "return": 1, "assessment": 2, "retraction": 1, "correction": 0.5}
        elif profile == "far":
            self.forms["far"] = 5
            self.forms["end"] = 4
            if self.chance(0.4):
                self.attributes = [dict(self.attributes[0], stale_after_days=self.pick([0, 2, 5, 400]))]
        elif profile == "everything":
            self.actors = ["ann", "bob"]
            self.how_many, self.how_many_acts, self.captures, self.some = (3, 7), (1, 5), 0.1, 0.08
            self.act_forms = {"correction": 2, "retraction": 3, "dispute": 1, "assessment": 2, "link": 1, "rating": 1}
            self.offsets = self.chance(0.3)
            self.times = 0.4
        if self.profile not in ("far",) and self.chance(0.2) and not self.attributes[0].get("fixed"):
            self.attributes = [dict(a, stale_after_days=self.pick([0, 1, 3, 6])) for a in self.attributes]

    def make(self):
        self.settings()
        head = []
        for attribute in self.attributes:
            head.append(dict({"type": "attribute"}, **attribute))
        for key in self.subjects + self.people:
            head.append({"type": "entity", "key": key})
        for key in self.sources:
            line = {"type": "source", "key": key, "kind": self.kinds[key]}
            if self.chance(0.3):
                line["reliability"] = self.pick("ABCDEF")
            head.append(line)
        if self.captures or "reference" in self.act_forms:
            for digest in self.digests:
                head.append({"type": "evidence", "digest": digest, "media_type": "text/html", "len_bytes": 3})
        steps = ["claim"] * self.random.randint(*self.how_many) + ["act"] * self.random.randint(*self.how_many_acts)
        last = steps[1:]
        self.random.shuffle(last)
        for step in [steps[0]] + last:
            self.claim() if step == "claim" else self.act()
        commits = [{"actor": self.actors[0], "lines": head}]
        for actor, line in self.lines:
            if self.by_commit or len(commits) == 1 or commits[-1]["actor"] != actor:
                commits.append({"actor": actor, "lines": []})
            commits[-1]["lines"].append(line)
        return {"profile": self.profile, "commits": commits, "horizons": self.horizons()}

    def horizons(self):
        """Reported horizons to ask at: days, and days with a time."""
        found = []
        for _ in range(2):
            text = self.exact()
            if self.chance(0.5):
                text += self.time()
            found.append(text)
        return found


def make(seed, profile=None):
    return Maker(seed, profile).make()


if __name__ == "__main__":
    ledger = make(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)
    print("//", ledger["profile"], ledger["horizons"])
    for commit in ledger["commits"]:
        print("// commit of", commit["actor"])
        for line in commit["lines"]:
            print(json.dumps(line, ensure_ascii=False))
