"""Runs the steps of projects with dbt, keeps what each of them wrote, and then reads all tables.

Called by tests/dbt/sides.ts:  python steps_by_dbt.py PLANS, where PLANS is a JSON file with a list of
{project, out, env, file, steps: [{args, changes, keep}], queries: {relations, columns, marks}}.
Into OUT go for each step a folder with its artifacts and `exit.json`, and, for DuckDB, `tables.json` with the contents of FILE.
"""

import json
import os
import shutil
import sys
import traceback
from pathlib import Path

# dbt takes every module dbt_* that it can import for a plugin: what lies beside this file is none.
sys.path.pop(0)

# Before the processes of the projects begin, so that the seconds it takes are spent once.
import duckdb
from dbt.cli.main import dbtRunner

ARTIFACTS = ["manifest.json", "run_results.json", "sources.json", "catalog.json"]


def take(plan, step, number):
    project, out = Path(plan["project"]), Path(plan["out"])
    target = project / "target"
    for change in step["changes"]:
        shutil.copytree(project / change, project, dirs_exist_ok=True)
    # What a step wrote is its own; a retry goes on with the one before.
    if step["args"][0] != "retry":
        for name in ARTIFACTS:
            (target / name).unlink(missing_ok=True)
    folders = ["--project-dir", str(project), "--profiles-dir", str(project)]
    outcome = dbtRunner().invoke(["--quiet", *step["args"], *folders])
    kept = out / str(number)
    kept.mkdir(parents=True)
    for name in ARTIFACTS:
        if (target / name).exists():
            shutil.copy(target / name, kept / name)
    if step.get("keep") and target.exists():
        shutil.copytree(target, project / step["keep"], dirs_exist_ok=True)
    answer = {
        "exit": 0 if outcome.success else 2 if outcome.exception is not None else 1,
        "error": str(outcome.exception or ""),
    }
    (kept / "exit.json").write_text(json.dumps(answer))


def tables(plan):
    connection = duckdb.connect(plan["file"])
    queries = plan["queries"]
    rows = lambda sql: [list(row) for row in connection.execute(sql).fetchall()]

    def table(schema, name):
        of = lambda query: query.replace("$schema", schema).replace("$name", name)
        columns = rows(of(queries["columns"]))
        texts = ", ".join(f'cast("{column[0]}" as varchar)' for column in columns)
        return {
            "marks": rows(of(queries["marks"])),
            "columns": columns,
            "rows": rows(f'select {texts} from "{schema}"."{name}"'),
        }

    return {f"{schema}.{name} ({kind})": table(schema, name) for schema, name, kind in rows(queries["relations"])}


def run(plan):
    os.chdir(plan["project"])
    os.environ.update(plan["env"])
    for number, step in enumerate(plan["steps"]):
        take(plan, step, number)
    if plan["file"]:
        (Path(plan["out"]) / "tables.json").write_text(json.dumps(tables(plan)))


def in_a_process(plan):
    """dbt keeps adapters, flags and parsed projects in its process: each project has one of its own."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            run(plan)
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


with open(sys.argv[1]) as file:
    plans = json.load(file)
sys.exit(1 if any([in_a_process(plan) for plan in plans]) else 0)
