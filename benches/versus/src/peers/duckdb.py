"""DuckDB's part: one step a call, its answer one JSON object on a line. DB, step, and what the step needs."""

import hashlib
import json
import statistics
import sys
import time

import duckdb

CLAIMS = """CREATE OR REPLACE TABLE claims AS
WITH said AS (SELECT rowid AS seq, coalesce(claim.id, id) AS id, coalesce(claim.subject, subject) AS subject,
  coalesce(claim.attribute, attribute) AS attribute, coalesce(claim.value, value) AS value,
  coalesce(claim."from", "from") AS start FROM lines WHERE "type" <> 'retraction'),
ended AS (SELECT rowid AS dead, coalesce(corrects, retracts) AS id FROM lines WHERE "type" <> 'claim')
SELECT seq, subject, attribute, value, start::DATE AS start, dead FROM said LEFT JOIN ended USING (id) ORDER BY seq"""
LIVE = "start <= ?::DATE AND seq <= 9223372036854775807 AND (dead IS NULL OR dead > 9223372036854775807)"
WHOLE = f"""SELECT subject, attribute, arg_max(value, start) AS value, max(start) AS since
FROM claims WHERE {LIVE} GROUP BY subject, attribute"""
POINT = f"""SELECT arg_max(value, start) FROM claims WHERE subject = ? AND attribute = 'electricity' AND {LIVE}"""
HISTORY = """SELECT l.*, c.dead FROM lines l JOIN claims c ON c.seq = l.rowid
WHERE c.subject = ? AND c.attribute = 'electricity' ORDER BY c.seq"""


def timed(run):
    start = time.perf_counter()
    done = run()
    return time.perf_counter() - start, done


def main():
    path, step, *rest = sys.argv[1:]
    if step == "version":
        return print(json.dumps(duckdb.__version__))
    connection = duckdb.connect(path)
    connection.execute("SET threads = 2")
    ask = lambda sql, *values: connection.execute(sql, values).fetchall()
    if step in ("import", "load"):
        load = f"CREATE TABLE lines AS SELECT * FROM read_json('{rest[0]}', format = 'newline_delimited')"
        took, _ = timed(lambda: (ask(load), ask("CHECKPOINT")))
        if step == "import":
            ask(CLAIMS)
            ask("CHECKPOINT")
        return print(json.dumps(took))
    if step == "digest":
        rows = sorted((subject, value) for subject, _, value, _ in ask(WHOLE, rest[0]))
        hasher = hashlib.sha256()
        for subject, value in rows:
            hasher.update(f"{subject}\t{value}\n".encode())
        return print(json.dumps(f"{len(rows)} keys {hasher.hexdigest()}"))
    if step == "whole":
        # Aggregated once more, so that all is computed and nothing need be handed to Python.
        sql = f"SELECT count(*), bit_xor(hash(subject, attribute, value, since)) FROM ({WHOLE})"
        ask(sql, rest[0])
        return print(json.dumps(statistics.median(timed(lambda: ask(sql, rest[0]))[0] for _ in range(5))))
    if step == "printed":
        sql = f"COPY ({WHOLE}) TO '{rest[1]}' (FORMAT json)"
        return print(json.dumps(statistics.median(timed(lambda: ask(sql, rest[0]))[0] for _ in range(3))))
    if step == "points":
        first, again, answers = [], [], []
        ask(POINT, "", rest[0])
        for key in rest[1:]:
            took, rows = timed(lambda: ask(POINT, key, rest[0]))
            first.append(took)
            answers.append(rows[0][0])
            again.append(timed(lambda: ask(POINT, key, rest[0]))[0])
        return print(json.dumps({"first": first, "again": again, "answers": answers}))
    if step == "history":
        ask(HISTORY, rest[0])
        took, rows = timed(lambda: ask(HISTORY, rest[0]))
        return print(json.dumps([took, len(rows)]))
    raise SystemExit(f"no step {step}")


main()
