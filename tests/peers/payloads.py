"""The form of payloads, as docs/format.md has it under "Payloads". What texts mean to the model is not looked at."""


class FormError(Exception):
    pass


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        if count > len(self.data) - self.at:
            raise FormError("too short")
        self.at += count
        return self.data[self.at - count : self.at]

    def u8(self):
        return self.take(1)[0]

    def uint(self):
        first = self.u8()
        if first <= 250:
            return first
        if first > 253:
            raise FormError("no integer")
        value = int.from_bytes(self.take({251: 2, 252: 4, 253: 8}[first]), "little")
        if value < {251: 251, 252: 1 << 16, 253: 1 << 32}[first]:
            raise FormError("not the shortest")
        return value

    def bytes(self):
        return self.take(self.uint())

    def text(self):
        try:
            return self.bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            raise FormError("no UTF-8") from error

    def bool(self):
        value = self.u8()
        if value > 1:
            raise FormError("no bool")
        return value == 1


def word(count):
    def read(r):
        if r.u8() >= count:
            raise FormError("no such word")

    return read


def maybe(read):
    return lambda r: r.bool() and read(r)


def many(read):
    def all_of(r):
        for _ in range(r.uint()):
            read(r)

    return all_of


def link(r):
    return r.take(32)


def struct(*fields):
    def read(r):
        return [field(r) for field in fields][0] if fields else None

    return read


def enum(*variants):
    def read(r):
        number = r.uint()
        if number >= len(variants):
            raise FormError("no such variant")
        variants[number](r)

    return read


def one(r):
    if r.uint() != 1:
        raise FormError("a later format")


u8, uint, text, data, yes = Reader.u8, Reader.uint, Reader.text, Reader.bytes, Reader.bool
moment = struct(text, maybe(text))
edge = struct(text, word(2), maybe(text))
value = enum(text, text, yes, uint, struct(maybe(text), maybe(text), maybe(text), yes), text, text, struct(), struct())
valid = enum(
    moment, moment, struct(maybe(edge), maybe(edge)), many(struct(text, text)), struct(), struct()
)
how, reliability = word(10), word(6)
claim = struct(
    uint, uint, value, word(2), valid, many(struct(uint, how, maybe(text))), maybe(text), maybe(text), maybe(text),
    many(text), maybe(text), maybe(text), maybe(text), maybe(text), yes,
)  # fmt: skip
act = struct(uint, maybe(uint), maybe(text), text, maybe(text))
complement = enum(struct(), struct(value, value), struct())


def first(r):
    """Who entered an event first, if that was in another ledger."""
    if r.bool():
        uint(r), uint(r), link(r)
        if uint(r) >= 1 << 63:
            raise FormError("a time that cannot be")
        maybe(uint)(r)


def two(r):
    if uint(r) == uint(r):
        raise FormError("one entity twice")


def of(r):
    if r.bool() and uint(r) == 0:
        raise FormError("no ledger")


def reference(r):
    claim_seq, url, quote = uint(r), r.bool() and (text(r), True), r.bool() and (text(r), True)
    copies = uint(r)
    for _ in range(copies):
        text(r)
    for _ in range(3):
        maybe(text)(r)
    if not (url or quote or copies):
        raise FormError("no reference")
    return claim_seq


def setting(r):
    name, given = r.u8(), text(r)
    if name > 5 or not given or name == 5 and given not in ("off", "claims", "verdicts", "all"):
        raise FormError("no such setting")


KINDS = {
    1: struct(text, one, many(text)),
    2: struct(text, of),
    3: struct(text, maybe(text), word(7), word(2), complement, maybe(uint), maybe(text), yes, maybe(text)),
    4: struct(text, maybe(text), many(text), maybe(text)),
    5: struct(uint, many(text), maybe(text)),
    6: struct(two, word(3), maybe(text), maybe(text)),
    7: struct(text, word(4), maybe(text), maybe(reliability), maybe(text), yes),
    8: struct(uint, reliability, maybe(text), maybe(text), maybe(text)),
    9: struct(uint, uint, word(5), maybe(text)),
    10: struct(text, uint, maybe(text), maybe(text), maybe(text), maybe(text), maybe(text), yes),
    11: claim,
    12: claim,
    13: act,
    14: struct(act, uint),
    15: act,
    16: struct(act, text, maybe(text), maybe(u8)),
    17: act,
    18: struct(maybe(uint), text, maybe(text), yes),
    19: struct(text, u8, data, many(text)),
    20: struct(uint, text),
    21: struct(uint, text, maybe(link)),
    22: reference,
    23: setting,
    24: act,
    25: struct(text, link),
}
# The kinds whose events can come from another ledger.
HAVE_FIRST = set(KINDS) - {1, 19, 20, 21, 23, 25}


def read_payload(kind, payload):
    """The first field of a payload, if all of it has the form of its kind."""
    if len(payload) > 16 << 20:
        raise FormError("too long")
    reader = Reader(payload)
    field = KINDS[kind](reader)
    if kind in HAVE_FIRST:
        first(reader)
    if reader.at != len(payload):
        raise FormError("too long")
    return field
