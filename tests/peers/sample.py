#!/usr/bin/env python3
"""Puts a ledger that is given as lines to the program and to model.py, and compares a sample of the answers.

    sample.py BINARY LINES [--answers N] [--seed N]

The lines are imported in four commits. Keys, days and horizons are drawn by the seed: of the days, half lie close to a day
that a claim of the key names. Differences are printed; the last line says how many answers were compared.
"""

import argparse
import json
import os
import random
import re
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import compare  # noqa: E402
import model  # noqa: E402

COMMITS = 4
FIRST, LAST = "1900-01-01", "2099-12-31"


def remember_names():
    """The canonical entity hangs on the ledger and the recorded horizon alone: it is worked out once for each key."""
    found, slow = {}, model.View.canonical

    def canonical(view, key):
        place = (id(view.ledger), view.limit, key)
        if place not in found:
            found[place] = slow(view, key)
        return found[place]

    model.View.canonical = canonical


def in_commits(lines):
    size = -(-len(lines) // COMMITS)
    return [{"actor": "ann", "lines": lines[start:start + size]} for start in range(0, len(lines), size)]


def keys_of(ledger):
    """Every key, with the days that its claims name."""
    view, keys = model.View(ledger), {}
    for claim in ledger.claims.values():
        days = re.findall(r"\d{4}-\d\d-\d\d", json.dumps([claim.line.get(name) for name in
                                                          ("from", "until", "on", "as_of", "periods", "said_on")]))
        keys.setdefault((view.canonical(claim.subject), claim.attribute), []).extend(days)
    return sorted(keys.items())


def day_for(chance, named):
    if named and chance.random() < 0.7:
        near = model.day(chance.choice(named)) + chance.randint(-2, 2)
    else:
        near = chance.randint(model.day(FIRST), model.day(LAST))
    return model.day_text(min(max(near, model.day(FIRST)), model.day(LAST)))


def sample(chance, keys, count, commits):
    """Questions, and what keys are compared in each."""
    for number in range(count):
        (subject, attribute), named = keys[number % len(keys)]
        on = day_for(chance, named)
        reported = chance.choice([None, None, day_for(chance, named), day_for(chance, named) + "T12:00"])
        recorded = chance.choice([None, None, None, chance.randint(1, commits)])
        yield subject, attribute, on, reported, recorded


def asked(program, subject, attribute, on, reported, recorded):
    arguments = ["--json", "state", subject, attribute, "--on", on]
    if reported:
        arguments += ["--reported-by", reported]
    if recorded is not None:
        arguments += ["--recorded-by", "#{}".format(program.sizes[recorded - 1])]
    done = program.run(arguments)
    for text in done.stdout.splitlines():
        answer = json.loads(text)
        if answer.get("type") == "state":
            return answer
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("lines")
    parser.add_argument("--answers", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    lines = [json.loads(text) for text in open(options.lines, encoding="utf-8")]
    remember_names()
    program, wrong, statuses = compare.Program(options.binary), 0, {}
    try:
        taken, refused = program.load(in_commits(lines))
        for line, why in refused:
            print("refused: {} {}".format(json.dumps(line), " ".join(why.split())))
        ledger = model.Ledger(compare.as_lines(taken))
        keys, chance = keys_of(ledger), random.Random(options.seed)
        for question in sample(chance, keys, options.answers, len(taken)):
            subject, attribute, on, reported, recorded = question
            ours = model.answer(ledger, subject, attribute, on, reported, recorded)
            theirs = asked(program, *question)
            known = model.View(ledger, model.moment_of(reported), recorded).live(subject, attribute)
            if theirs is None:
                what = ["no answer"] if known else []
            else:
                what = compare.differences(ours, theirs) if known else []
                statuses[ours["status"]] = statuses.get(ours["status"], 0) + 1
            if what:
                wrong += 1
                print("{}: {}\n  model.py {}\n  program  {}".format(
                    "; ".join(what), question, json.dumps(ours), json.dumps(theirs)))
    finally:
        shutil.rmtree(program.folder, ignore_errors=True)
    told = ", ".join("{} {}".format(count, status) for status, count in sorted(statuses.items()))
    print("{} answers of {} keys ({}); {} differ, {} lines refused".format(
        options.answers, len(keys), told, wrong, len(refused)))
    return 1 if wrong or refused else 0


if __name__ == "__main__":
    sys.exit(main())
