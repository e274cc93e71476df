"""What docs/lake-definition.md shows must be what the program takes."""

import json
import re
import subprocess
from importlib.metadata import version

import jsonschema

from support import ROOT, binary

TEXT = (ROOT / "docs/lake-definition.md").read_text()
SCHEMA = json.loads((ROOT / "docs/lake.schema.json").read_text())


def examples():
    return re.findall(r"^```json\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)


def check(folder, text):
    path = folder / "lake.json"
    path.write_text(text)
    return subprocess.run([binary("swiftlake"), "definition", "check", str(path)], capture_output=True, text=True)


def test_every_example_is_good_as_it_stands(tmp_path):
    assert examples()
    for text in examples():
        done = check(tmp_path, text)
        assert done.returncode == 0, done.stderr
        jsonschema.validate(json.loads(text), SCHEMA, jsonschema.Draft202012Validator)
    print("checked against jsonschema", version("jsonschema"))


def test_every_member_of_the_schema_is_documented():
    for where in (SCHEMA, *SCHEMA["$defs"].values()):
        for member in where.get("properties", {}):
            assert f"`{member}`" in TEXT or f'"{member}":' in TEXT, member
    for member in SCHEMA["$defs"]["column"]["properties"]["type"]["enum"]:
        assert f"`{member}`" in TEXT, member


def rows_of_properties():
    """Name, values and default of every row of the table of properties."""
    section = TEXT.split("### Properties")[1].split("\n## ")[0]
    for line in re.findall(r"^\| `.*", section, re.MULTILINE):
        names, values, default, _ = (cell.strip() for cell in line.strip("|").split("|"))
        defaults = [re.sub(r" .*|`", "", part) for part in default.split(", ")]
        yield from zip(re.findall(r"`([^`]+)`", names), [values, values], defaults, strict=False)


def test_every_property_is_documented_and_its_default_is_the_schemas():
    known = SCHEMA["$defs"]["table"]["properties"]["properties"]["properties"]
    documented = {name: default for name, _, default in rows_of_properties()}
    del documented["write.metadata.metrics.column.NAME"]
    assert sorted(documented) == sorted(known)
    for name, schema in known.items():
        if "default" in schema:
            assert documented[name] == schema["default"], name


def test_documented_defaults_can_be_written_and_what_lies_below_cannot(tmp_path):
    definition = json.loads(examples()[0])
    del definition["tables"][0]["retention"]
    for name, values, default in rows_of_properties():
        if not re.match(r"\d", values):
            continue
        lowest = int(re.match(r"\d+", values)[0])
        for value, code in [(default, 0), (str(lowest), 0), (str(lowest - 1), 1), ("x", 1)]:
            definition["tables"][0]["properties"] = {name: value}
            done = check(tmp_path, json.dumps(definition))
            assert done.returncode == code, f"{name} = {value}: {done.stdout}{done.stderr}"
