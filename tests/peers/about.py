"""What an event is about: the table of that name in docs/format.md."""

from payloads import FormError, Reader, read_payload

TARGETS = (13, 14, 15, 16, 17, 21, 22, 24)


class Abouts:
    def __init__(self):
        self.pairs, self.keys, self.erased, self.wrong = {}, {}, {}, []
        self.kinds, self.strangers = {}, []

    def frame(self, frame):
        """Takes a frame; notes its place and number, and the place on which that hangs, if it names other things."""
        found = frame.subject, frame.attribute
        self.pairs[frame.seq] = found, frame.place
        self.kinds[frame.seq] = frame.kind
        # The genesis names nobody; of an actor whose event was lost nothing is known.
        known = frame.actor in self.kinds or frame.actor > frame.seq or frame.actor == 0
        wrong = frame.actor != 0 if frame.seq == 1 else known and self.kinds.get(frame.actor) != 2
        if wrong and frame.seq == frame.due:
            self.strangers.append((frame.place, frame.seq, self.pairs.get(frame.actor, (None, None))[1]))
        if frame.erased:
            self.erased[frame.seq] = frame.kind
        if not frame.fits or not 1 <= frame.kind <= 25:
            return
        try:
            fields = read_first_fields(frame.kind, frame.payload)
        except FormError:
            return
        due, on = self.due(frame, fields)
        if due is not None and due != found:
            self.wrong.append((frame.place, frame.seq, on))

    def due(self, frame, fields):
        kind = frame.kind
        if kind in (11, 12, 6, 9):
            return (fields[0], fields[1]), None
        if kind in TARGETS or kind == 18:
            target = fields[0]
            if target is None:
                return (0, 0), None
            return self.pairs.get(target, (None, None))
        if kind in (5, 8):
            return (fields[0], 0), None
        if kind in (3, 4, 7):
            named = frame.attribute if kind == 3 else frame.subject
            believed = self.erased.get(named) == kind
            first = self.keys.setdefault((kind, fields[0]), named if believed else frame.seq)
            place = self.pairs.get(first, (None, None))[1]
            return ((0, first) if kind == 3 else (first, 0)), place
        return (0, 0), None


def read_first_fields(kind, payload):
    """The fields of a payload, as far as they say what the event is about; it must have the form of its kind."""
    read_payload(kind, payload)
    reader = Reader(payload)
    if kind in (11, 12, 6, 9):
        return reader.uint(), reader.uint()
    if kind == 18:
        return (reader.uint() if reader.bool() else None,)
    if kind in (3, 4, 7):
        return (reader.text(),)
    return (reader.uint(),) if kind in TARGETS or kind in (5, 8) else ()
