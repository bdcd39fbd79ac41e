#!/usr/bin/env python3
"""Puts random ledgers to the program and to model.py, and shows where they answer differently.

    compare.py BINARY --seeds A..B [--profile NAME] [--stop N] [--seconds N] [--few] [--no-shrink]

Each ledger is imported into a fresh folder, commit by commit, and asked for on every day of its window: as it stands, at
reported horizons, and (where each line is its own commit) at recorded ones. Of each kind of difference the first is
printed, shrunk to the fewest lines and fields, with both answers.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from fractions import Fraction

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import model  # noqa: E402
import random_ledgers  # noqa: E402

SOFT = set()  # flags that are not compared


class Refused(Exception):
    pass


class Program:
    def __init__(self, binary):
        self.binary = os.path.abspath(binary)
        self.folder = tempfile.mkdtemp(prefix="annals-peers-")
        self.number = 0

    def run(self, arguments, actor="ann", text=None):
        env = dict(os.environ, ANNALS_ACTOR=actor, ANNALS_LEDGER=self.ledger, ANNALS_CACHE=self.ledger + "-cache")
        done = subprocess.run([self.binary] + arguments, input=text, capture_output=True, text=True, env=env)
        return done

    def begin(self):
        self.number += 1
        self.ledger = os.path.join(self.folder, "l{}".format(self.number))
        done = self.run(["init"])
        if done.returncode:
            raise SystemExit("init: " + done.stderr)
        self.sizes = []

    def end(self):
        shutil.rmtree(self.ledger, ignore_errors=True)
        shutil.rmtree(self.ledger + "-cache", ignore_errors=True)

    def load(self, commits):
        """Imports; gives the commits as they were taken, and why lines were refused."""
        taken, refused = self.load_by(commits, False)
        if taken is None:
            self.end()
            taken, refused = self.load_by(commits, True)
        return taken, refused

    def load_by(self, commits, by_line):
        self.begin()
        taken, refused = [], []
        for commit in commits:
            if not commit["lines"]:
                continue
            why = "by line" if by_line else self.commit(commit["actor"], commit["lines"])
            if why is None:
                taken.append(commit)
                continue
            if why.startswith("skipped") and len(commit["lines"]) > 1:
                return None, None  # a part was taken
            for line in commit["lines"]:  # one by one, leaving out what is refused
                why = self.commit(commit["actor"], [line])
                if why is None:
                    taken.append({"actor": commit["actor"], "lines": [line]})
                else:
                    refused.append((line, why))
        return taken, refused

    def commit(self, actor, lines):
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        done = self.run(["--json", "import", "-"], actor, text)
        if done.returncode:
            return done.stderr
        summary = json.loads(done.stdout.strip().splitlines()[-1])
        if summary.get("skipped"):
            return "skipped: " + done.stderr
        self.sizes.append(summary["size"])
        return None

    def state(self, on, reported=None, commits=None):
        arguments = ["--json", "state", "--on", on]
        if reported:
            arguments += ["--reported-by", reported]
        if commits is not None:
            arguments += ["--recorded-by", "#{}".format(self.sizes[commits - 1])]
        done = self.run(arguments)
        if done.returncode not in (0, 1):
            raise Refused("state: " + done.stderr)
        found = {}
        for text in done.stdout.splitlines():
            answer = json.loads(text)
            if answer.get("type") == "state":
                found[answer["subject"], answer["attribute"]] = answer
        return found


    def timeline(self, subject, attribute, days):
        """The answer on each of these days, as the timeline tells it; None where it tells nothing of a day."""
        done = self.run(["--json", "timeline", subject, attribute])
        if done.returncode not in (0, 1):
            raise Refused("timeline: " + done.stderr)
        stretches = [json.loads(text) for text in done.stdout.splitlines()]
        stretches = [s for s in stretches if s.get("type") == "stretch"]
        return {on: next((s for s in stretches if (s["from"] is None or s["from"] <= on)
                          and (s["until"] is None or on <= s["until"])), None) for on in days}


def value_key(value):
    """Values that mean the same have the same key, however they are spelled."""
    if isinstance(value, dict):
        if "lower" in value or "upper" in value:
            part = (lambda number: None if number is None else str(Fraction(number)))
            return json.dumps(["quantity", part(value.get("lower")), part(value.get("upper")), value.get("unit"), bool(value.get("approx"))])
        if "date" in value:
            bound = model.edtf(value["date"])
            return json.dumps(["date", str(bound.lo), str(bound.hi), None if bound.placed else bound.text])
        return json.dumps(value, sort_keys=True)
    if isinstance(value, str):
        return json.dumps(" ".join(value.split()).casefold())
    return json.dumps(value)


def without_approx(key):
    form = json.loads(key)
    return json.dumps(form[:4]) if isinstance(form, list) and form[0] == "quantity" else key


def differences(ours, theirs):
    """What differs between two answers, in one word each."""
    found = []
    if ours["status"] != theirs["status"]:
        found.append("status")
    mine, other = [value_key(v) for v in ours["values"]], [value_key(v) for v in theirs["values"]]
    if [without_approx(v) for v in mine] != [without_approx(v) for v in other] if "changed that day" in ours["flags"] else (
            sorted(map(without_approx, mine)) != sorted(map(without_approx, other))):
        found.append("values")
    elif sorted(mine) != sorted(other):
        found.append("approx")
    flags, flags2 = set(ours["flags"]) - SOFT, set(theirs["flags"]) - SOFT
    if flags != flags2:
        found.append("flags: " + " ".join(sorted("-" + f for f in flags - flags2) + sorted("+" + f for f in flags2 - flags)))
    if theirs.get("type") == "stretch":
        return found  # days of one status, values and flags are one stretch; it shows the first day's row and support
    if ours["row"] is not None and ours["row"] != theirs.get("row"):
        found.append("row {} {}".format(ours["row"], theirs.get("row")))
    if "status" not in found and "values" not in found:
        supports = (lambda sides, name: sorted((without_approx(value_key(side["value"])), side.get(name, 0)) for side in sides))
        shown = {without_approx(v) for v in mine}
        def of_shown(sides):
            return [side for side in sides if without_approx(value_key(side["value"])) in shown]
        mine_s, their_s = of_shown(ours["sides"]), of_shown(theirs.get("sides", []))
        if supports(mine_s, "support") != supports(their_s, "support"):
            found.append("support")
        if any("fits" in side for side in their_s) and supports(mine_s, "fits") != supports(their_s, "fits"):
            found.append("fits")
        if ours.get("each") is not None:
            each = sorted(zip(map(without_approx, mine), ours["each"]))
            each2 = sorted((without_approx(value_key(s["value"])), s.get("status")) for s in their_s)
            if each != each2:
                found.append("each")
    return found


def all_days():
    first = random_ledgers.FIRST.toordinal()
    return [model.day_text(first + n) for n in range(-1, random_ledgers.DAYS + 3)]


def questions(ledger, taken, few):
    """(day, reported horizon, how many commits); `few`: of some days only."""
    days = all_days()
    if ledger["profile"] == "far":
        days += ["2022-05-01", "2023-04-20", "2023-05-01", "2023-05-07", "2025-05-03", "2025-05-05", "2025-06-10"]
    pick = random.Random(ledger["profile"] + json.dumps(ledger["horizons"]))
    asked = [(on, None, None) for on in (pick.sample(days, 3) if few else days)]
    for horizon in ledger["horizons"]:
        asked += [(on, horizon, None) for on in pick.sample(days, 3 if few else 6)]
    if len(taken) > 4:
        for number in range(2, len(taken)):
            asked += [(on, None, number) for on in pick.sample(days, 2 if few else 5)]
        asked += [(days[5], ledger["horizons"][0], len(taken) - 1)]
    return asked


def as_lines(commits):
    return [[dict(line, actor=commit["actor"]) for line in commit["lines"]] for commit in commits]


def ask_both(program, ledger, question):
    """Pairs of answers of all keys that have a live claim: (subject, attribute, ours, theirs)."""
    on, reported, commits = question
    theirs = program.state(on, reported, commits)
    view = model.View(ledger, model.moment_of(reported), commits)
    keys = {}
    for claim in ledger.claims.values():
        if view.kept(claim):
            keys[view.canonical(claim.subject), claim.attribute] = True
    for subject, attribute in keys:
        live = view.live(subject, attribute)
        other = theirs.pop((subject, attribute), None)
        if other is None and not live:
            continue
        ours = model.answer(ledger, subject, attribute, on, reported, commits)
        if other is None:
            other = {"status": "(no line)", "values": [], "flags": [], "sides": [], "row": None}
        yield subject, attribute, ours, other
    if question[1:] == (None, None) and ledger.ask_timeline:
        ledger.ask_timeline = False
        for subject, attribute in keys:
            if not view.live(subject, attribute):
                continue
            for on, other in program.timeline(subject, attribute, all_days()).items():
                if other is not None:
                    yield subject, attribute, model.answer(ledger, subject, attribute, on), dict(other, on=on)
    for (subject, attribute), other in theirs.items():
        yield subject, attribute, {"status": "(no line)", "values": [], "flags": [], "sides": [], "row": None}, other


def first_difference(program, commits, question):
    """None, or (what differs, subject, attribute, ours, theirs, reason); raises Refused where a line is refused."""
    taken, refused = program.load(commits)
    try:
        if refused:
            raise Refused(refused[0][1])
        ledger = model.Ledger(as_lines(taken))
        ledger.ask_timeline = False
        for subject, attribute, ours, theirs in ask_both(program, ledger, question):
            what = differences(ours, theirs)
            if what:
                return what, subject, attribute, ours, theirs
        return None
    finally:
        program.end()


def shrink(program, commits, question, kind):
    """Leaves out lines, then fields, as long as the same kind of difference stays."""
    def still(candidate):
        # The recorded horizon counts commits: keep them in number, empty ones too, by shrinking lines only.
        kept = [c for c in candidate if c["lines"]]
        number = question[2]
        if number is not None:
            number = len([c for c in candidate[:number] if c["lines"]])
            if number == 0:
                return None
        try:
            found = first_difference(program, kept, (question[0], question[1], number))
        except Refused:
            return None
        except Exception:
            return None
        return found if found and kind_of(found[0]) == kind else None

    best = [dict(c, lines=list(c["lines"])) for c in commits]
    again = True
    while again:
        again = False
        for i in range(len(best) - 1, -1, -1):
            for j in range(len(best[i]["lines"]) - 1, -1, -1):
                candidate = [dict(c, lines=list(c["lines"])) for c in best]
                del candidate[i]["lines"][j]
                if still(candidate):
                    best, again = candidate, True
    for i, commit in enumerate(best):
        for j in range(len(commit["lines"])):
            line = commit["lines"][j]
            for name in list(line):
                if name in ("type", "id", "subject", "attribute", "value", "key"):
                    continue
                candidate = [dict(c, lines=list(c["lines"])) for c in best]
                candidate[i]["lines"][j] = {n: v for n, v in best[i]["lines"][j].items() if n != name}
                if still(candidate):
                    best = candidate
            if len(best[i]["lines"][j].get("chain", [])) > 1:
                candidate = [dict(c, lines=list(c["lines"])) for c in best]
                candidate[i]["lines"][j] = dict(best[i]["lines"][j], chain=best[i]["lines"][j]["chain"][:1])
                if still(candidate):
                    best = candidate
    number = question[2]
    if number is not None:
        number = len([c for c in best[:number] if c["lines"]])
    best = [c for c in best if c["lines"]]
    return best, (question[0], question[1], number)


def kind_of(what):
    return tuple(sorted(what))


def report(out, seed, profile, commits, question, found):
    what, subject, attribute, ours, theirs = found
    print("\n=== seed {} ({}): {}".format(seed, profile, "; ".join(what)), file=out)
    for commit in commits:
        if question[2] is not None or len({c["actor"] for c in commits}) > 1:
            print("  -- commit of", commit["actor"], file=out)
        for line in commit["lines"]:
            print("  " + json.dumps(line, ensure_ascii=False), file=out)
    print("  asked: {} {} on {} reported-by {} recorded-by (commits) {}".format(subject, attribute, *question), file=out)
    for name, answer in (("model.py", ours), ("program ", theirs)):
        sides = [(json.dumps(s["value"], ensure_ascii=False), s.get("status"), "support", s.get("support"), "fits", s.get("fits")) for s in answer["sides"]]
        print("  {}: {} {} flags {} row {}".format(name, answer["status"], json.dumps(answer["values"], ensure_ascii=False),
                                                  answer["flags"], answer["row"]), file=out)
        print("            sides {}".format("; ".join(" ".join(map(str, side)) for side in sides)), file=out)
    print("  reason: {}".format(theirs.get("reason")), file=out)
    out.flush()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--seeds", default="0..99")
    parser.add_argument("--profile")
    parser.add_argument("--stop", type=int, default=1000000, help="stop after so many kinds of difference")
    parser.add_argument("--seconds", type=float, default=1e9)
    parser.add_argument("--few", action="store_true", help="ask for the state on some days only, and the timeline")
    parser.add_argument("--no-shrink", action="store_true")
    parser.add_argument("--soft", default="", help="flags that are not compared, with commas")
    parser.add_argument("--out")
    options = parser.parse_args()
    SOFT.update(flag for flag in options.soft.split(",") if flag)
    out = open(options.out, "a", encoding="utf-8") if options.out else sys.stdout
    first, last = options.seeds.split("..")
    program = Program(options.binary)
    kinds, refusals, asked, ledgers, begun = {}, {}, 0, 0, time.time()
    statuses = {}
    try:
        for seed in range(int(first), int(last) + 1):
            if time.time() - begun > options.seconds or len(kinds) >= options.stop:
                break
            made = random_ledgers.make(seed, options.profile)
            taken, refused = program.load(made["commits"])
            ledgers += 1
            for line, why in refused:
                short = " ".join(why.split())[:150]
                refusals.setdefault((line["type"], made["profile"]), []).append((seed, short))
            ledger = model.Ledger(as_lines(taken))
            ledger.ask_timeline = options.few
            seen = set()
            for question in questions(made, taken, options.few):
                try:
                    for subject, attribute, ours, theirs in ask_both(program, ledger, question):
                        asked += 1
                        statuses[ours["row"], ours["status"]] = statuses.get((ours["row"], ours["status"]), 0) + 1
                        what = differences(ours, theirs)
                        if not what:
                            continue
                        kind = kind_of(what)
                        kinds.setdefault(kind, []).append(seed)
                        if kind in seen or len(set(kinds[kind])) > 1:
                            continue
                        seen.add(kind)
                        found = (what, subject, attribute, ours, theirs)
                        question = (theirs.get("on") or question[0],) + question[1:]
                        small, small_question = taken, question
                        if not options.no_shrink:
                            ledger_folder, sizes = program.ledger, program.sizes
                            small, small_question = shrink(program, taken, question, kind)
                            try:
                                found = first_difference(program, small, small_question) or found
                            except Refused:
                                pass
                            program.ledger, program.sizes = ledger_folder, sizes
                        report(out, seed, made["profile"], small, small_question, found)
                except Refused as problem:
                    kinds.setdefault(("asking failed",), []).append(seed)
                    if len(kinds[("asking failed",)]) < 3:
                        print("seed", seed, question, problem, file=out)
            program.end()
    finally:
        shutil.rmtree(program.folder, ignore_errors=True)
    print("\n{} ledgers, {} answers, {:.0f} s".format(ledgers, asked, time.time() - begun), file=out)
    print("answers by row and status:", dict(sorted(statuses.items(), key=str)), file=out)
    for kind, seeds in sorted(kinds.items(), key=lambda item: -len(item[1])):
        unique = sorted(set(seeds))
        print("{:6} answers, {:4} ledgers: {}   (seeds {})".format(len(seeds), len(unique), "; ".join(kind), unique[:6]), file=out)
    for (kind, profile), whys in sorted(refusals.items()):
        print("refused {} in {}: {} times, e.g. seed {}: {}".format(kind, profile, len(whys), *whys[0]), file=out)
    out.flush()
    return 1 if kinds else 0


if __name__ == "__main__":
    sys.exit(main())
