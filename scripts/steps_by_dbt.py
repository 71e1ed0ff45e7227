"""Runs the steps of one project with dbt, in one process, and keeps what each of them wrote; then reads all tables.

Called by compare-with-dbt.ts:  python steps_by_dbt.py PLAN, where PLAN is a JSON file {project, out, file, steps: [{args, changes}]}.
Into OUT go for each step a folder with its artifacts and `exit`, and, for DuckDB, `tables.json` with the contents of FILE.
"""

import json
import shutil
import sys
from pathlib import Path

# dbt takes every module dbt_* that it can import for a plugin: what lies beside this file is none.
sys.path.pop(0)

from dbt.cli.main import dbtRunner

ARTIFACTS = ["manifest.json", "run_results.json", "sources.json", "catalog.json"]

with open(sys.argv[1]) as file:
    plan = json.load(file)
project, out = Path(plan["project"]), Path(plan["out"])
target = project / "target"


def take(step, number):
    for change in step["changes"]:
        shutil.copytree(project / change, project, dirs_exist_ok=True)
    for name in ARTIFACTS:
        (target / name).unlink(missing_ok=True)
    folders = ["--project-dir", str(project), "--profiles-dir", str(project)]
    outcome = dbtRunner().invoke(["--quiet", *step["args"], *folders])
    kept = out / str(number)
    kept.mkdir(parents=True)
    for name in ARTIFACTS:
        if (target / name).exists():
            shutil.copy(target / name, kept / name)
    answer = {
        "exit": 0 if outcome.success else 2 if outcome.exception is not None else 1,
        "error": str(outcome.exception or ""),
    }
    (kept / "exit.json").write_text(json.dumps(answer))


def tables(path):
    import duckdb

    connection = duckdb.connect(path)
    rows = lambda sql: connection.execute(sql).fetchall()
    return {
        query["name"]: {
            "columns": [list(column) for column in rows(query["columns"])],
            "rows": [list(row) for row in rows(query["rows"])],
        }
        for query in (
            relation_queries(schema, name, kind, rows) for schema, name, kind in rows(plan["relations"])
        )
    }


def relation_queries(schema, name, kind, rows):
    columns = plan["columns"].replace("$schema", schema).replace("$name", name)
    texts = ", ".join(f'cast("{column}" as varchar)' for column, _ in rows(columns))
    return {
        "name": f"{schema}.{name} ({kind})",
        "columns": columns,
        "rows": f'select {texts} from "{schema}"."{name}"',
    }


for number, step in enumerate(plan["steps"]):
    take(step, number)
if plan["file"]:
    (out / "tables.json").write_text(json.dumps(tables(plan["file"])))
