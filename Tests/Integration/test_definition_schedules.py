"""docs/lake.schema.json and the parser must agree about thousands of schedules."""

import json
import random
from importlib.metadata import version

from test_definition_schema import VALIDATOR, check

LETTERS = "0123456789*,-/?LW#() SUNMOacdehimnorsty"
GOOD = [
    "rate(1 minute)", "rate(5 minutes)", "rate(12 hours)", "rate(30  days)", "cron(0 2 ? * SUN *)", "cron(* * * * ? *)",
    "cron(0/15 8-17 ? JAN-MAR,12 MON-FRI 2026)", "cron(15 10 ? * 6L 2022-2023)", "cron(0 9 ? * 3#2 *)",
    "cron(05 09 15W */2 ? 2026/2)", "cron(0 0 L * ? *)", "cron(10-30/5,59 0,12 1,15-20,*/9 * ? 1970-2199/10)",
]  # fmt: skip


def definition(schedule: str) -> dict:
    column = {"name": "id", "type": "int"}
    source = {"kind": "kinesis", "name": "s"}
    return {
        "databases": [{"name": "db"}],
        "tables": [{"name": "db.t", "columns": [column]}],
        "streams": [{"name": "s", "source": source, "table": "db.t", "onBadRecord": "drop"}],
        "schedules": [{"name": "s", "job": "optimize-tables", "schedule": schedule}],
    }


def damaged(text: str, numbers: random.Random) -> str:
    for _ in range(numbers.choice([0, 1, 1, 1, 2, 3])):
        place = numbers.randrange(len(text))
        text = text[:place] + numbers.choice([*LETTERS, ""]) + text[place + numbers.choice([0, 1]) :]
    return text


def test_schema_and_parser_agree_on_schedules(tmp_path):
    numbers = random.Random(1)
    texts = {}
    for index in range(3000):
        path = tmp_path / f"{index}.json"
        texts[str(path)] = damaged(numbers.choice(GOOD), numbers)
        path.write_text(json.dumps(definition(texts[str(path)])))
    good = 0
    for path, problems in check(texts).items():
        # That a range runs upwards is more than the schema says.
        if not any("as a range runs upwards" in problem for problem in problems):
            assert VALIDATOR.is_valid(definition(texts[path])) == (problems == []), f"{texts[path]!r}: {problems}"
        assert all(problem.startswith("$.schedules[0].schedule: ") for problem in problems), problems
        good += problems == []
    print(f"3000 schedules, {good} good to both; checked against jsonschema {version('jsonschema')}")
    assert 300 < good < 2700


def test_what_is_wrong_with_a_schedule_is_said_with_its_place(tmp_path):
    expected = {
        '"rate(5 minute)" is no schedule: expected minutes, hours or days, as the value is 5, at character 8': "rate(5 minute)",
        '"cron(0 2 * * SUN *)" is no schedule: expected ?, as the day of the month is given, at character 14': "cron(0 2 * * SUN *)",
    }
    for index, (problem, text) in enumerate(expected.items()):
        path = tmp_path / f"{index}.json"
        path.write_text(json.dumps(definition(text)))
        assert check([path])[str(path)] == [f"$.schedules[0].schedule: {problem}"]
