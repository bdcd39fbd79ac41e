"""Fitting records to each other, and naming what does not fit: "Naming the damaged place" of docs/format.md."""

import os

from about import Abouts
from payloads import FormError, read_payload
from verify import CODES, ZERO, derive, items, listing, root_of, torn_tail, u

MAGIC = bytes.fromhex("89414e4c0d0a1a0a")
PROTECTED = (1, 19, 20, 21, 23)


class Draft(Exception):
    """A ledger of the draft that came before this format: no damage."""


def header_of(data):
    """The code of what is wrong with a header, or (ledger, first seq, prev)."""
    if len(data) < 120:
        return "segment-header"
    fits = lambda head: derive("annals v1 segment", head[:88]) == head[88:120]
    known = data[:8] + b"\1\0" + data[10:120]
    if data[:8] != MAGIC:
        return "segment-header"
    if u(data[8:10]) != 1:
        return "segment-header" if fits(known) and not any(data[10:16]) else "segment-format"
    if not fits(data) or any(data[10:16]):
        return "segment-header"
    return data[16:48], u(data[48:56]), data[56:88]


class Gap:
    """What stands between two frames."""

    def __init__(self, base=None):
        self.base, self.seals, self.header, self.foreign, self.lost = base, [], None, False, False

    def leads_to(self, link, frame):
        if self.seals:
            return frame.first and frame.prev in [seal.tip for seal in self.seals]
        if self.base is not None:
            return frame.first and frame.prev == self.base
        return not frame.first and link is not None and link == frame.prev


class Fitting:
    def __init__(self):
        self.found, self.due, self.ledger = [], 1, None
        self.before, self.gap = None, Gap()  # the frame before the waiting one, and what is between
        self.waiting, self.behind = None, Gap(ZERO)
        self.guard_at = None
        self.whole = self.follow = True  # so that roots can be computed: no envelope is changed, and none is lost
        self.unsealed, self.sealed, self.commit, self.size = None, None, None, 0
        self.at, self.leaves, self.frames = -(1 << 63), [], []

    def add(self, code, place, seq=None):
        self.whole &= code != "envelope"
        self.found.append((place, code, seq))

    def here(self, place):
        """A record whose guard was damaged was found all the same, or not."""
        if self.guard_at not in (None, place):
            self.behind.lost = True
        self.guard_at = None

    def fault(self, code, place):
        self.here(place)
        if code == "guard":
            self.guard_at = place
        else:
            self.behind.lost = True
        self.add(code, place, self.due)

    def header(self, number, data):
        place, header = (number, 0), header_of(data)
        self.here(place)
        first, foreign = number, False
        if isinstance(header, str):
            self.add(header, place, number)
        else:
            ledger, first, prev = header
            if first != number:
                self.add("segment-name", place, number)
            self.ledger = self.ledger or ledger
            foreign = ledger != self.ledger
            if foreign:
                self.add("segment-ledger", place, first)
        if not self.behind.lost and first != self.due:
            self.add("segment-missing" if first > self.due else "segment-overlap", place, self.due)
            self.flush()
            self.due = first
        self.behind.foreign = foreign
        self.whole &= not foreign
        if isinstance(header, str):
            self.behind.lost |= header == "segment-format" or len(data) < 120
        elif not self.behind.lost:
            if first == 1 and prev != ZERO:
                self.add("segment-prev", place, 1)
            else:
                self.behind.header = place, prev
        return header

    def move_on(self, frame):
        behind, self.behind = self.behind, Gap()
        if self.waiting:
            self.judge(self.waiting, *self.vouching(self.waiting, behind, frame))
            self.before, self.waiting = self.waiting, None
        self.gap = behind

    def vouching(self, frame, behind, following):
        """Whether the frame is as it was (or nobody knows), and the links that it should have."""
        if behind.seals:
            return any(seal.vouches_for(frame.link) for seal in behind.seals), [seal.head for seal in behind.seals]
        if following and (following.prev == frame.link or not following.first):
            return following.prev == frame.link, [following.prev]
        return None, []

    def flush(self):
        self.move_on(None)
        self.close()
        self.whole = False

    def skip_to(self, seq):
        self.flush()
        self.due = max(self.due, seq)

    def frame(self, frame):
        self.here(frame.place)
        link = self.waiting and self.waiting.link
        if self.behind.lost and not (frame.seq == self.due and self.behind.leads_to(link, frame)):
            self.skip_to(frame.seq)
        if self.waiting:
            seals = self.behind.seals
            proven = any(seal.vouches_for(link) for seal in seals) if seals else frame.first or frame.prev == link
            self.whole &= proven
        self.move_on(frame)
        if frame.first or not self.unsealed:
            self.unsealed = frame.place, self.due
        frame.due, frame.opened, self.waiting = self.due, self.unsealed, frame
        self.follow &= frame.seq == self.due
        self.due += 1
        self.frames.append(frame)
        self.leaves.append(frame.leaf)

    def seal(self, seal):
        self.here(seal.place)
        if self.behind.lost:
            if seal.size == self.due - 1 and self.waiting and self.waiting.link == seal.head and not self.behind.seals:
                self.behind.lost = False
            else:
                self.skip_to(seal.size + 1)
        seal.due = self.due - 1
        if self.whole and self.follow and not self.behind.lost and len(self.leaves) == seal.due:
            seal.computed_root = root_of(self.leaves)
        self.commit = self.sealed.end if self.sealed and self.sealed.place[0] == seal.place[0] else None
        self.sealed, self.unsealed, self.size = seal, None, seal.due
        if self.behind.header or self.behind.base is not None:
            self.add("seal-empty", seal.place, seal.due)
        else:
            self.behind.seals.append(seal)

    def end(self, number, length, is_last):
        self.here((number, length))
        has_seal = self.sealed and self.sealed.place[0] == number
        if self.unsealed and is_last or not self.unsealed and has_seal:
            return
        if not self.behind.lost:
            self.add("seal-missing", *(self.unsealed or ((number, length), self.due)))
        self.unsealed = None

    def judge(self, frame, vouched, dues):
        """Judges a frame and what stands between it and the one before: vouched is None if nothing is known."""
        before, gap, self.before, self.gap = self.before, self.gap, None, Gap()
        blamed, code = (self.judge_sealed if gap.seals else self.judge_unsealed)(before, gap, frame, vouched, dues)
        if before:
            self.settle(before, blamed is not None and blamed != before.link)
        if code:
            self.add(code, frame.place, frame.due)
            frame.named = code in ("envelope", "prev")
        if frame.named:
            return
        if vouched is False:
            frame.doubtful = True
        else:
            self.acquit(frame)

    def settle(self, before, blamed):
        if blamed and not before.named:
            self.add("envelope", before.place, before.due)
        elif not blamed and before.doubtful and not before.named:
            self.alone(before)

    def changed(self, frame, dues, prev):
        return "prev" if prev is not None and frame.link_with_prev(prev) in dues else "envelope"

    def flag(self, frame, vouched):
        return "envelope-version" if vouched and not frame.first else None

    def misplaced(self, frame):
        if frame.seq != frame.due:
            self.add("events-missing" if frame.seq > frame.due else "seq", frame.place, frame.due)
        return frame.seq != frame.due

    def judge_unsealed(self, before, gap, frame, vouched, dues):
        if not before:
            base = gap.base if gap.base is not None else gap.header and gap.header[1]
            if base is None:
                return None, None
            if frame.prev == base:
                return None, self.flag(frame, vouched)
            if vouched is False:
                return None, self.changed(frame, dues, base)
            if gap.header and gap.base is None:
                self.add("segment-prev", gap.header[0], frame.due)
                return None, None
            return None, "prev"
        if frame.first:
            if vouched is False:
                return None, self.changed(frame, dues, None)
            if gap.header and gap.header[1] != frame.prev:
                self.add("segment-prev", gap.header[0], frame.due)
            if not self.misplaced(frame):
                self.add("seal-missing", *before.opened)
            return None, None
        if frame.prev == before.link:
            return None, None
        if vouched is False:
            return None, self.changed(frame, dues, before.link)
        return (None, None) if self.misplaced(frame) else (frame.prev, None)

    def judge_sealed(self, before, gap, frame, vouched, dues):
        prev, tips = frame.prev, [seal.tip for seal in gap.seals]
        own = tips.index(prev) if prev in tips else 0
        for k, seal in enumerate(gap.seals):
            if k != own:
                self.add("seal-unexpected" if k < own else "seal-empty", seal.place, seal.due)
        seal, header = gap.seals[own], gap.header and gap.header[1]
        link = before and before.link
        blame = seal.head if before and not seal.vouches_for(link) else None
        if gap.foreign and gap.header and prev != seal.tip:
            self.add("segment-prev", gap.header[0], frame.due)
            return self.judge_seal(before, seal), None
        if header not in (None, seal.tip, prev):
            self.add("segment-prev", gap.header[0], frame.due)
        if prev == seal.tip:
            if header not in (None, seal.tip):
                self.add("segment-prev", gap.header[0], frame.due)
            return self.judge_seal(before, seal), self.flag(frame, vouched)
        if seal.digest != seal.tip:
            self.add("seal", seal.place, seal.due)
            if prev == seal.digest:
                return blame, None
        backed = vouched or vouched is None and not seal.fits(link) or header == prev
        if not backed:
            return blame if seal.digest == seal.tip else None, self.changed(frame, dues, seal.tip)
        if self.misplaced(frame):
            return None, None
        if frame.first:
            self.add("seal", seal.place, seal.due)
            return None, None
        self.add("seal-unexpected", seal.place, seal.due)
        return prev if vouched else None, None

    def judge_seal(self, before, seal):
        """Judges a seal by itself and the frame before it; gives the link that this should have, if it is to blame."""
        wrong = lambda code: self.add(code, seal.place, seal.due)
        link = before and before.link
        if seal.digest != seal.tip:
            other = link is not None and link != seal.head
            if other and seal.fits_with(8, link):
                wrong("seal-head")
            elif before and seal.fits_with(0, seal.due.to_bytes(8, "little")):
                wrong("seal-size")
            elif seal.computed_root and seal.fits_with(40, seal.computed_root):
                wrong("seal-root")
            else:
                wrong("seal")
                return seal.head if other else None
            return None
        if not before:
            return None
        if seal.head != link:
            if not seal.has_root_of_leaves():
                return seal.head
            wrong("seal-head")
            return None
        if seal.size not in (seal.due, before.seq):
            wrong("seal-size")
        if seal.computed_root not in (None, seal.root):
            wrong("seal-root")
        return None

    def close(self):
        """Nothing is known of what stands behind the last frame but its seal."""
        before, gap, self.before, self.gap = self.before, self.gap, None, Gap()
        blamed = None
        if gap.seals:
            blamed = self.judge_seal(before, gap.seals[0])
            for seal in gap.seals[1:]:
                self.add("seal-empty", seal.place, seal.due)
        if before:
            self.settle(before, blamed is not None)

    def acquit(self, frame):
        told = {(frame.place, "seq", frame.due), (frame.place, "events-missing", frame.due)}
        if frame.seq != frame.due and not told & set(self.found):
            self.add("seq", frame.place, frame.due)
        self.alone(frame)
        if frame.seq != frame.due:
            self.due, self.whole = frame.seq + 1, False
        self.at = max(self.at, frame.at)

    def alone(self, frame):
        """What can be said of a frame whose envelope is as it was written."""
        due, wrong = frame.due, []
        if frame.version != 1 or frame.flags > 3:
            wrong.append("envelope-version")
        if (due == 1) != (frame.kind == 1):
            wrong.append("genesis")
        elif not 1 <= frame.kind <= 25 and frame.kind < 0x8000:
            wrong.append("kind")
        elif frame.kind < 0x8000 and frame.fits and form(frame) is None:
            wrong.append("payload-form")
        if frame.payload_len != len(frame.payload):
            wrong.append("payload-length")
        if not frame.fits and not frame.erased:
            wrong.append("payload")
        if due == 1 and self.ledger and self.ledger != frame.link:
            wrong.append("ledger-id")
        if frame.at < self.at:
            wrong.append("recorded-at")
        for code in wrong:
            self.add(code, frame.place, due)

    def finish(self):
        lost = self.behind.lost or self.guard_at is not None
        self.move_on(None)
        self.close()
        if self.unsealed and not lost:
            self.add("seal-missing", *self.unsealed)
        changed = {place for place, code, _ in self.found if code in ("envelope", "seq")}
        self.erasures()
        abouts = Abouts()
        for frame in self.frames:
            abouts.frame(frame)
        for code, wrong in (("about", abouts.wrong), ("actor", abouts.strangers)):
            self.found += [(place, code, seq) for place, seq, on in wrong if not {place, on} & changed]

    def erasures(self):
        size = self.size if self.sealed else 0
        gone, named = {f.seq: f for f in self.frames if f.erased}, {}
        protected = {f.seq for f in self.frames if f.kind in PROTECTED and f.seq == f.due}
        for frame in self.frames:
            target = form(frame) if frame.kind == 21 and frame.fits else None
            if target is not None and 0 < target < frame.seq <= size and target not in protected:
                named.setdefault(target, frame.place)
        for k, (place, code, seq) in enumerate(self.found):
            if code == "payload" and seq in named:
                self.found[k] = (place, "erasure-unfinished", seq)
        damaged = {place for place, _, _ in self.found}
        changed = {place for place, code, _ in self.found if code == "envelope"}
        erased = {19: "key-erased", 20: "key-erased", 23: "setting-erased"}
        for seq, frame in gone.items():
            if frame.kind in erased:
                if frame.place not in changed:
                    self.add(erased[frame.kind], frame.place, seq)
            elif seq <= size and seq not in named and frame.place not in damaged:
                self.add("erased-unnamed", frame.place, seq)
            elif seq <= size and seq in named and any(frame.payload):
                self.add("erasure-unfinished", frame.place, seq)
        for seq, place in named.items():
            if seq not in gone and seq not in [seq for _, _, seq in self.found]:
                self.add("erasure-unfinished", place, seq)


def form(frame):
    """The first field of a frame's payload; none if it has not the form of its kind."""
    try:
        first = read_payload(frame.kind, frame.payload)
    except FormError:
        return None
    return 0 if first is None else first


def fitted(path, numbers, datas):
    fitting = Fitting()
    for number, data in zip(numbers, datas):
        if fitting.header(number, data) != "segment-format":
            for what, place, item in items(number, data):
                if what == "fault":
                    fitting.fault(item, place)
                else:
                    getattr(fitting, what)(item)
                    if what == "frame" and item.place == (1, 120) and not item.first and item.link == fitting.ledger:
                        raise Draft(path)
        fitting.end(number, len(data), number == numbers[-1])
    return fitting


def doubtful(fitting):
    """Where the last commit begins, if its seal does not fit the frames before it."""
    begin, link = fitting.commit, fitting.waiting and fitting.waiting.link
    unfit = fitting.behind.seals and not fitting.behind.seals[-1].fits(link)
    damaged = begin and any(place >= (fitting.sealed.place[0], begin) for place, _, _ in fitting.found)
    return begin if unfit or damaged else None


def verify(path, expected):
    numbers, misnamed = listing(path)
    if not numbers:
        return None
    datas = [open(os.path.join(path, "log", f"{number:012}.seg"), "rb").read() for number in numbers]
    try:
        fitting = fitted(path, numbers, datas)
    except Draft:
        return None
    if fitting.sealed and fitting.sealed.place[0] == numbers[-1]:
        for end in [doubtful(fitting), fitting.sealed.end]:
            if end and end < len(datas[-1]) and torn_tail(datas[-1], end):
                datas[-1] = datas[-1][:end]
                fitting = fitted(path, numbers, datas)
                break
    seals = {seal.size: seal.tip.hex() for seal in fitting_seals(numbers, datas)} if expected else {}
    fitting.finish()
    for _ in misnamed:
        fitting.add("segment-name", (0, 0))
    if expected:
        size, tip = expected.split(":")
        size, now = int(size), fitting.size if fitting.sealed else 0
        if size > now or seals.get(size) != tip:
            fitting.add("expected-head", fitting.frames[-1].place if fitting.frames else (0, 0), size)
    return sorted(set(fitting.found), key=lambda found: (found[0], CODES.index(found[1])))


def fitting_seals(numbers, datas):
    for number, data in zip(numbers, datas):
        yield from (item for what, _, item in items(number, data) if what == "seal")
