"""Verifies annals ledgers, written from docs/format.md alone.

For each line on standard input, the path of a ledger's folder and maybe a tab and a head SIZE:TIP that it must
contain, one line of JSON on standard output: {"findings": [[code, seq, segment, offset], …]}, in order; null if it is none.
"""

import hashlib
import json
import os
import re
import sys

from blake3 import blake3

ZERO = bytes(32)
RECORD_MAX = 64 << 20
CODES = """segment-name segment-header segment-format segment-ledger segment-prev segment-missing segment-overlap guard
record-length record-type record-form envelope prev envelope-version kind payload-length seq events-missing recorded-at
actor genesis payload payload-form about seal seal-unexpected seal-size seal-head seal-root seal-empty seal-missing seal-signature
seal-role key-erased key-twice setting-erased ledger-id erased-unnamed erasure-unfinished expected-head""".split()


def derive(context, data):
    return blake3(data, derive_key_context=context).digest()


def u(data):
    return int.from_bytes(data, "little")


class Frame:
    def __init__(self, place, body):
        env = body[:112]
        self.place = place
        self.version, self.flags, self.kind, self.payload_len = env[0], env[1], u(env[2:4]), u(env[4:8])
        self.seq = u(env[8:16])
        self.at = int.from_bytes(env[16:24], "little", signed=True)
        self.actor = u(env[24:32])
        self.subject, self.attribute, self.env = u(env[32:40]), u(env[40:48]), env
        self.prev, self.commitment, self.first = env[48:80], env[80:112], bool(env[1] & 2)
        self.salt, self.payload = body[112:128], body[128:]
        self.link = derive("annals v1 link", env)
        self.leaf = hashlib.sha256(b"\0" + env).digest()
        self.fits = derive("annals v1 payload", self.salt + self.payload) == self.commitment
        self.erased = not self.fits and not any(self.salt)
        self.due = self.opened = None
        self.named = self.doubtful = False

    def link_with_prev(self, prev):
        return derive("annals v1 link", self.env[:48] + prev + self.env[80:])


class Seal:
    def __init__(self, place, end, body):
        self.place, self.end = place, end
        self.size, self.head, self.root, self.body, self.tip = u(body[:8]), body[8:40], body[40:72], body[:-32], body[-32:]
        self.digest = derive("annals v1 seal", self.body)
        self.computed_root = self.due = None

    def fits_with(self, at, value):
        """Whether the tip would be right with other bytes at an offset of the body."""
        return derive("annals v1 seal", self.body[:at] + value + self.body[at + len(value) :]) == self.tip

    def has_root_of_leaves(self):
        return self.computed_root == self.root

    def vouches_for(self, link):
        return self.head == link or self.has_root_of_leaves() or self.digest != self.tip and self.fits_with(8, link)

    def fits(self, link):
        return (
            self.digest == self.tip
            and link in (None, self.head)
            and self.size == self.due
            and self.computed_root in (None, self.root)
        )


def seal_form(body):
    """Whether signatures and tip fill a seal's body exactly."""
    if len(body) < 105 or body[72] > 4:
        return False
    at, total = 73, 0
    for _ in range(body[72]):
        if len(body) < at + 11 or u(body[at + 9 : at + 11]) > 8192:
            return False
        total += u(body[at + 9 : at + 11])
        at += 11 + u(body[at + 9 : at + 11])
    return at + 32 == len(body) and total <= 16384


def cut(data, at, length=None):
    """The record at an offset: ("frame" or "seal", end), or (code or "short", end where its length says)."""
    if length is None:
        if len(data) - at < 8:
            return "short", None
        length = u(data[at : at + 4])
        if length ^ 0xFFFFFFFF != u(data[at + 4 : at + 8]):
            return "guard", None
    if not 1 <= length <= RECORD_MAX:
        return "record-length", None
    end = at + 8 + length
    if end > len(data):
        return "short", None
    body = data[at + 9 : end]
    if data[at + 8] == 0x46:
        return ("frame", end) if len(body) >= 128 else ("record-form", end)
    if data[at + 8] == 0x53:
        return ("seal", end) if seal_form(body) else ("record-form", end)
    return "record-type", end


def seems_to_begin(data, at):
    if len(data) - at < 9:
        return False
    length = u(data[at : at + 4])
    if length ^ 0xFFFFFFFF != u(data[at + 4 : at + 8]) or not 1 <= length <= RECORD_MAX:
        return False
    if data[at + 8] == 0x53:
        return length >= 106
    return data[at + 8] == 0x46 and len(data) - at >= 121 and data[at + 9] == 1 and u(data[at + 13 : at + 17]) == length - 129


def despite_guard(data, at):
    """The record at an offset whose guard is bad, with either copy of its length."""
    for length in (u(data[at : at + 4]), u(data[at + 4 : at + 8]) ^ 0xFFFFFFFF):
        what, end = cut(data, at, length)
        if what == "seal" or what == "frame" and data[at + 9] == 1 and u(data[at + 13 : at + 17]) == length - 129:
            return what, end
    return None, None


def items(segment, data):
    """The records of a segment, and the faults between them."""
    at = 120
    while at < len(data):
        what, end = cut(data, at)
        place = (segment, at)
        if what not in ("frame", "seal"):
            yield "fault", place, "record-length" if what == "short" else what
            if what == "guard":
                what, end = despite_guard(data, at)
            elif end is None or not seems_to_begin(data, end):
                end = None
            if end is None:
                at = next((k for k in range(at + 1, len(data)) if seems_to_begin(data, k)), len(data))
                continue
        if what == "frame":
            yield "frame", place, Frame(place, data[at + 9 : end])
        elif what == "seal":
            yield "seal", place, Seal(place, end, data[at + 9 : end])
        at = end


def zeros_from_sector(data, at):
    """Whether from some multiple of 512 behind an offset there are only zeros, and more than one: the last such tells."""
    lost = max(len(data) - 2, 0) // 512 * 512
    return lost > at and not any(data[lost:])


def torn_tail(data, end):
    """Whether the bytes behind the last seal are what an interrupted append leaves."""
    at = end
    while True:
        what, then = cut(data, at)
        if what != "frame":
            break
        at = then
    if what in ("guard", "record-type") and any(data[at + 8 :]):
        return False
    if what == "record-form" and not zeros_from_sector(data, at):
        return False
    if what == "record-length":
        return False
    allowed = end > 120
    for k in range(end, len(data) - 113):
        what, then = cut(data, k)
        if what == "seal":
            seal = Seal((0, k), then, data[k + 9 : then])
            if not (allowed and then == len(data) and seal.digest != seal.tip and zeros_from_sector(data, k)):
                return False
            allowed = False
    return True


def root_of(leaves):
    """RFC 6962, from the widest subtrees: leaves are appended to a stack of (width, hash)."""
    stack = []
    for leaf in leaves:
        width, node = 1, leaf
        while stack and stack[-1][0] == width:
            node = hashlib.sha256(b"\1" + stack.pop()[1] + node).digest()
            width *= 2
        stack.append((width, node))
    if not stack:
        return hashlib.sha256(b"").digest()
    node = stack.pop()[1]
    while stack:
        node = hashlib.sha256(b"\1" + stack.pop()[1] + node).digest()
    return node


def main():
    from fitting import verify  # here, for it needs what stands above

    for line in sys.stdin:
        path, _, expected = line.rstrip("\n").partition("\t")
        found = verify(path, expected or None)
        findings = None if found is None else [[code, seq, *place] for place, code, seq in found]
        print(json.dumps({"findings": findings}), flush=True)


def listing(path):
    """The segments by number, and the names that are none."""
    numbers, misnamed = [], []
    for name in os.listdir(os.path.join(path, "log")):
        if name.endswith(".seg"):
            digits = name[:-4]
            good = re.fullmatch("[0-9]+", digits) and int(digits) > 0 and f"{int(digits):012}" == digits
            numbers.append(int(digits)) if good and int(digits) < 1 << 64 else misnamed.append(name)
    return sorted(numbers), misnamed


if __name__ == "__main__":
    sys.modules["verify"] = sys.modules["__main__"]
    main()
