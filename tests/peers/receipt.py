"""Checks receipts, written from docs/trust.md and docs/format.md alone: takes names of files, answers "ok" or "no"."""

import base64
import hashlib
import re
import struct
import sys
import blake3
import payloads
NAME = r"[^\s+\x00-\x1f\x7f-\x9f]+"

def need(holds, why):
    if not holds:
        raise ValueError(why)

def b64(data):
    return base64.b64encode(data).decode()

def unb64(text):
    return base64.b64decode(text, validate=True)

def parent(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()

def vouched(signatures):
    names = [line.split(" ")[1] for line in signatures]
    names = [name for place, name in enumerate(names) if place == 0 or names[place - 1] != name]
    if not names:
        return "Nobody signed that: compare it with a head that was kept elsewhere."
    return f"It is signed by {' and '.join(names)}."

def parse_head(text):
    head, _, signatures = text.partition("\n\n")
    origin, size, root = head.split("\n")[:3]
    need(re.fullmatch(NAME, origin), "origin")
    signatures = signatures.split("\n")[:-1] if signatures else []
    for line in signatures:
        _, name, signature = line.split(" ")
        need(re.fullmatch(NAME, name) and len(unb64(signature)) > 4 and len(signatures) <= 100, "signature")
        need(line == f"— {name} {b64(unb64(signature))}", "spelling of a signature")
    text = f"{origin}\n{int(size)}\n{root}\n" + "".join(["\n"] * bool(signatures) + [line + "\n" for line in signatures])
    return origin, int(size), root, signatures, text

def erased_in(events):
    """The events that an erasure names which is shown."""
    erased = set()
    for event in events:
        fields = dict(line.split(" ") for line in event.split("\n") if line not in ("erased", "not shown"))
        _, _, kind, _, seq = struct.unpack_from("<BBHIQ", unb64(fields["envelope"]))
        if kind == 21 and "payload" in fields:
            target = payloads.read_payload(kind, unb64(fields["payload"]))
            erased |= {target} if target < seq else set()
    return erased

def envelope_of(event, erased):
    """The envelope's bytes and number; the event must be what it commits to."""
    fields = dict(line.split(" ") for line in event.split("\n") if line not in ("erased", "not shown"))
    envelope = unb64(fields["envelope"])
    need(len(envelope) == 112, "envelope")
    version, flags, kind, length, seq = struct.unpack_from("<BBHIQ", envelope)
    need(version == 1 and flags <= 3 and 1 <= kind <= 25 and (kind == 1) == (seq == 1), "envelope")
    if "payload" in fields:
        salt, payload = unb64(fields["salt"]), unb64(fields["payload"])
        commitment = blake3.blake3(salt + payload, derive_key_context="annals v1 payload").digest()
        need(len(salt) == 16 and len(payload) == length and commitment == envelope[80:], "commitment")
        payloads.read_payload(kind, payload)
        again = f"envelope {b64(envelope)}\nsalt {b64(salt)}\npayload {b64(payload)}"
    else:
        again = f"envelope {b64(envelope)}\n" + ("erased" if seq in erased and kind not in (1, 19, 20, 21, 23) else "not shown")
    need(again == event, "spelling of an event")
    return envelope, seq

def root(shown, start, count, hashes):
    if count == 1:
        return shown[0][1]
    half = 1 << ((count - 1).bit_length() - 1)
    lower, upper = [s for s in shown if s[0] < start + half], [s for s in shown if s[0] >= start + half]
    left = lower and root(lower, start, half, hashes)
    right = upper and root(upper, start + half, count - half, hashes)
    left = left or hashes.pop(0)
    return parent(left, right or hashes.pop(0))

def check(text):
    heading, body = text.split("\n\n", 1)
    title, rest, events = heading.split("\n")[0], body, []
    while rest.startswith("envelope "):
        event, rest = rest.split("\n\n", 1)
        events.append(event)
    proof, head = rest.split("\n\n", 1)
    origin, size, root_text, signatures, head_again = parse_head(head)
    lines = proof.split("\n")
    erased = erased_in(events)
    shown = [envelope_of(event, erased) for event in events]
    seqs = [seq for _, seq in shown]
    hashes = [unb64(line) for line in lines[1 + len(events):]]
    need(all(len(hash) == 32 for hash in hashes), "hash")
    need(title == "annals receipt v1" and seqs and seqs == sorted(set(seqs)) and seqs[-1] <= size, "numbers")
    start = ["c2sp.org/tlog-proof@v1" if len(seqs) == 1 else "annals.tlog-proofs@v1"]
    start += [f"index {seq - 1}" for seq in seqs]
    which = f"event{'s' * (len(seqs) > 1)} {', '.join(f'#{seq}' for seq in seqs)}"
    sentence = f"held {which} as below when it had {size} events and the root {root_text}."
    left = list(hashes)
    leaves = [(seq - 1, hashlib.sha256(b"\0" + envelope).digest()) for envelope, seq in shown]
    need(root(leaves, 0, size, left) == unb64(root_text) and not left, "root")
    body = "".join(event + "\n\n" for event in events) + "\n".join(start + [b64(hash) for hash in hashes])
    body += "\n\n" + head_again
    checksum = blake3.blake3(body.encode()).hexdigest()
    need(b64(unb64(root_text)) == root_text and len(unb64(root_text)) == 32, "spelling of the root")
    again = f"{title}\nThe ledger {origin} {sentence} {vouched(signatures)}\nchecksum {checksum}\n\n{body}"
    need(again == text, "spelling")


for name in sys.stdin:
    try:
        with open(name.rstrip("\n"), "rb") as file:
            check(file.read().decode())
        print("ok", flush=True)
    except (payloads.FormError, ValueError, LookupError, struct.error, RecursionError) as error:
        print(f"no {error!r}".replace("\n", " "), flush=True)
