"""Fitting records to each other, and naming what does not fit: "Verifying" of docs/format.md."""

import os

from payloads import FormError, read_payload
from verify import CODES, ZERO, derive, items, listing, root_of, torn_tail, u, zeros_from_sector

MAGIC = bytes.fromhex("89414e4c0d0a1a0a")


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


class Fitting:
    def __init__(self):
        self.found, self.due, self.anchor, self.ledger = [], 1, ZERO, None
        self.last = self.held = None  # the frame before, and one whose joint behind it is broken
        self.before = {}  # how a frame is joined to the one before: whole, broken or explained
        self.seal_of, self.header_of = {}, {}
        self.lost = False
        self.whole = True  # so that roots can be computed
        self.unsealed, self.sealed, self.commit = None, None, None
        self.at, self.leaves, self.frames = -(1 << 63), [], []

    def add(self, code, place, seq=None):
        self.found.append((place, code, seq))

    def header(self, number, data):
        place, header = (number, 0), header_of(data)
        first = number
        if isinstance(header, str):
            self.add(header, place, number)
        else:
            ledger, first, prev = header
            if first != number:
                self.add("segment-name", place, number)
            self.ledger = self.ledger or ledger
            if ledger != self.ledger:
                self.add("segment-ledger", place, first)
        if not self.lost and first != self.due:
            self.add("segment-missing" if first > self.due else "segment-overlap", place, self.due)
            self.judge_last()
            self.anchor, self.whole, self.due = None, False, first
        if isinstance(header, str):
            self.lost |= header == "segment-format" or len(data) < 120
        elif not self.lost:
            if self.last:
                self.header_of[self.last] = (place, prev)
            else:
                if first == 1 and prev != ZERO:
                    self.add("segment-prev", place, 1)
                self.anchor = self.anchor or prev
        return header

    def skip_to(self, seq):
        self.judge_last()
        self.anchor, self.whole, self.due = None, False, max(self.due, seq)

    def frame(self, frame):
        if self.lost and frame.seq != self.due:
            self.skip_to(frame.seq)
        self.lost = False
        last, self.last = self.last, None
        if last:
            joint = self.judge(last, frame.prev)
        elif self.anchor is None:
            joint = "explained"
        else:
            joint, self.anchor = ("whole" if self.anchor == frame.prev else "broken"), None
        self.unsealed = self.unsealed or (frame.place, self.due)
        frame.due, self.last, self.before[frame] = self.due, frame, joint
        self.due += 1
        self.frames.append(frame)
        self.leaves.append(frame.leaf)

    def seal(self, seal):
        last = self.due - 1
        if self.lost and seal.size != last:
            self.skip_to(seal.size + 1)
            self.anchor = seal.head
        else:
            if not self.unsealed and not self.lost:
                self.add("seal-empty", seal.place, last)
            if seal.size != last and not (self.last and self.last.seq == seal.size):
                self.add("seal-size", seal.place, last)
            if self.last:
                can = self.whole and not self.lost and len(self.leaves) == last
                self.seal_of[self.last] = (seal, root_of(self.leaves) if can else None)
        self.commit = self.sealed.end if self.sealed and self.sealed.place[0] == seal.place[0] else None
        self.sealed, self.unsealed, self.lost = seal, None, False
        self.size = self.due - 1

    def end(self, number, length, is_last):
        has_seal = self.sealed and self.sealed.place[0] == number
        left = self.unsealed if has_seal or self.unsealed else ((number, length), self.due)
        if left and not self.lost and (not is_last or not self.unsealed):
            self.add("seal-missing", *left)
            self.unsealed = None
        elif not is_last:
            self.unsealed = None

    # One broken joint: the frame before it. Two in a row: the prev of the frame between.

    def judge(self, frame, prev):
        """Judges a frame by the prev of the next, and says how that one is joined to it."""
        fits, (seal, root) = prev == frame.link, self.seal_of.get(frame, (None, None))
        vouched = seal and seal.head == frame.link
        if seal and (fits or vouched):
            self.check_seal(frame, seal, root)
        if fits:
            self.acquit(frame)
            return "whole"
        self.whole = False
        if vouched:
            self.acquit(frame)
            return "broken"
        if self.before[frame] == "broken":
            self.convict_prev(frame)
            return "explained"
        if seal and seal.head == prev:
            self.add("envelope", frame.place, frame.due)
            return "explained"
        self.held = frame
        return "broken"

    def judge_last(self):
        """Judges the frame behind which nothing can be known."""
        frame, self.last = self.last, None
        if not frame:
            return
        seal, root = self.seal_of.get(frame, (None, None))
        if not seal or seal.head == frame.link or root == seal.root:
            if seal:
                self.check_seal(frame, seal, root)
            return self.acquit(frame)
        self.whole = False
        if self.before[frame] == "broken":
            self.convict_prev(frame)
        else:
            self.add("envelope", frame.place, frame.due)

    def check_seal(self, frame, seal, root):
        if seal.head != frame.link:
            self.add("seal-head", seal.place, frame.due)
        elif root is not None and root != seal.root:
            self.add("seal-root", seal.place, frame.due)

    def convict_prev(self, frame):
        if self.held:
            self.alone(self.held)
            self.held = None
        self.add("prev", frame.place, frame.due)

    def acquit(self, frame):
        due, misplaced = frame.due, frame.seq != frame.due
        if self.before[frame] == "broken":
            self.whole = False
            held, self.held = self.held, None
            if not misplaced:
                self.add("envelope", held.place, held.due) if held else self.add("prev", frame.place, due)
            else:
                if held:
                    self.alone(held)
                self.add("events-missing" if frame.seq > due else "seq", frame.place, due)
        elif misplaced:
            self.add("seq", frame.place, due)
        if frame in self.header_of and self.header_of[frame][1] != frame.link:
            self.add("segment-prev", self.header_of[frame][0], due + 1)
        self.alone(frame)
        if misplaced:
            self.due = frame.seq + 1
        self.at = max(self.at, frame.at)

    def alone(self, frame):
        """What can be said of a frame whose envelope is as it was written."""
        due, wrong = frame.due, []
        if frame.version != 1 or frame.flags > 1:
            wrong.append("envelope-version")
        if (due == 1) != (frame.kind == 1):
            wrong.append("genesis")
        elif not 1 <= frame.kind <= 21:
            wrong.append("kind")
        elif frame.fits and form(frame) is None:
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
        self.judge_last()
        if self.unsealed and not self.lost:
            self.add("seal-missing", *self.unsealed)
        self.erasures()

    def erasures(self):
        size = self.size if self.sealed else 0
        gone, named = {f.seq: f for f in self.frames if f.erased}, {}
        for frame in self.frames:
            target = form(frame) if frame.kind == 21 and frame.fits else None
            if target is not None and 1 < target < frame.seq <= size:
                named.setdefault(target, frame.place)
        for k, (place, code, seq) in enumerate(self.found):
            if code == "payload" and seq in named:
                self.found[k] = (place, "erasure-unfinished", seq)
        damaged = {place for place, _, _ in self.found}
        for seq, frame in gone.items():
            if seq <= size and seq not in named and frame.place not in damaged:
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
                    fitting.add(item, place, fitting.due)
                    fitting.lost = True
                else:
                    getattr(fitting, what)(item)
        fitting.end(number, len(data), number == numbers[-1])
    return fitting


def doubtful(fitting, data):
    """Where the last commit begins, if its seal does not fit the frames before it, or is cut in its signatures."""
    last = fitting.last
    seal, root = fitting.seal_of.get(last, (None, None))
    unfit = seal and (seal.head != last.link or root is not None and root != seal.root)
    begin = fitting.commit
    damaged = begin and any(place >= (fitting.sealed.place[0], begin) for place, _, _ in fitting.found)
    seal = fitting.sealed
    lost = begin and seal.count and seal.end == len(data) and zeros_from_sector(data, seal.place[1])
    return begin if unfit or damaged or lost else None


def verify(path, expected):
    numbers, misnamed = listing(path)
    if not numbers:
        return None
    datas = [open(os.path.join(path, "log", f"{number:012}.seg"), "rb").read() for number in numbers]
    fitting = fitted(path, numbers, datas)
    if fitting.sealed and fitting.sealed.place[0] == numbers[-1]:
        for end in [doubtful(fitting, datas[-1]), fitting.sealed.end]:
            if end and end < len(datas[-1]) and torn_tail(datas[-1], end):
                datas[-1] = datas[-1][:end]
                fitting = fitted(path, numbers, datas)
                break
    fitting.finish()
    for _ in misnamed:
        fitting.add("segment-name", (0, 0))
    if expected:
        size, head = expected.split(":")
        size, now = int(size), fitting.size if fitting.sealed else 0
        links = [frame.link.hex() for frame in fitting.frames if frame.seq == size]
        if size > now or size and head not in links[-1:]:
            fitting.add("expected-head", fitting.frames[-1].place if fitting.frames else (0, 0), size)
    return sorted(set(fitting.found), key=lambda found: (found[0], CODES.index(found[1])))
