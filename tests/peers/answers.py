#!/usr/bin/env python3
"""Writes worked cases of the second reading of the model (model.py): small random ledgers of every profile, and what it
answers. Ledgers on which the program refuses a line lose that line; where the two readings differ nothing is written.

    answers.py BINARY FILE [CASES-A-PROFILE]
"""

import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import compare  # noqa: E402
import model  # noqa: E402
import random_ledgers  # noqa: E402


def cases(program, profile, seed):
    made = random_ledgers.make(seed, profile)
    one_by_one = [{"actor": "ann", "lines": [line]} for commit in made["commits"] for line in commit["lines"]]
    taken, _ = program.load(one_by_one)
    events = [line for commit in taken for line in commit["lines"]]
    ledger = model.Ledger([[dict(line, actor="ann")] for line in events])
    first = random_ledgers.FIRST.toordinal()
    asked = [(model.day_text(first + n), None, None) for n in range(-1, random_ledgers.DAYS + 3, 2)]
    asked += [(model.day_text(first + 5), horizon, None) for horizon in made["horizons"][:2]]
    expect = []
    for question in asked:
        for subject, attribute, ours, theirs in compare.ask_both(program, ledger, question):
            if ours["status"] == "(no line)" or theirs["status"] == "(no line)":
                continue
            if compare.differences(ours, theirs):
                program.end()
                return None
            want = {"subject": subject, "attribute": attribute, "on": question[0], "status": ours["status"],
                    "values": theirs["values"], "all_flags": ours["flags"]}
            if theirs.get("sides") and len(theirs["sides"]) == 1:
                want["support"] = theirs["sides"][0]["support"]
            if question[1]:
                want["reported_by"] = question[1]
            expect.append(want)
    program.end()
    return {"name": "{}-{}".format(profile, seed), "events": events, "expect": expect}


def main():
    program = compare.Program(sys.argv[1])
    each = int(sys.argv[3]) if len(sys.argv) > 3 else 4
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        for profile in random_ledgers.PROFILES:
            written, seed = 0, 50000
            while written < each:
                case = cases(program, profile, seed)
                seed += 1
                if case:
                    out.write(json.dumps(case, ensure_ascii=False, separators=(",", ":")) + "\n")
                    written += 1


main()
