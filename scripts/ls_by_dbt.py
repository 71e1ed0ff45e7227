"""Asks dbt for its answer to each of many `ls`, in one process and with one --vars: a list of argument lists in,
one answer for each out.

An answer is {"lines": [...]} or {"error": "..."}. Called by record-dbt-ls.ts.
"""

import json
import sys

from dbt.cli.main import dbtRunner

project, variables, asked, answers = sys.argv[1:]
folders = ["--project-dir", project, "--profiles-dir", project]


def ask(manifest, arguments):
    outcome = dbtRunner(manifest=manifest).invoke(["--quiet", "ls", *arguments, *folders])
    if outcome.exception is not None:
        return {"error": str(outcome.exception).strip()}
    return {"lines": outcome.result or []}


with open(asked) as file:
    cases = json.load(file)
given = ["--vars", variables] if variables else []
parsed = dbtRunner().invoke(["--quiet", "parse", "--no-partial-parse", *folders, *given])
if parsed.exception:
    raise parsed.exception
results = [ask(parsed.result, case) for case in cases]
with open(answers, "w") as file:
    json.dump(results, file)
