"""The shipped bootstrap-tables under AWS's Runtime Interface Emulator."""

import json

from bootstraps import LAKE, VIEW, actions, edited, evolve
from emulator import Emulator, emulator_path
from isolation import unpacked
from support import ROOT, sql_catalog


def test_sample_events_make_and_evolve_a_lake_under_the_emulator(tmp_path):
    job, lake = tmp_path / "function", tmp_path / "lake"
    unpacked("bootstrap-tables", job)
    lake.mkdir()
    changed = tmp_path / "evolved.json"
    changed.write_text(json.dumps(edited(evolve)))
    place = {"LAKE_CATALOG": f"sqlite:///{lake}/catalog.db", "LAKE_WAREHOUSE": f"file://{lake}/warehouse"}

    def invoke(name: str, **environment) -> dict:
        emulator = Emulator(tmp_path, str(job / "bootstrap"), **place, **environment)
        try:
            return json.loads(emulator.invoke(json.loads((ROOT / "events" / name).read_text())))
        finally:
            emulator.close()

    plan = invoke("bootstrap-tables-dry-run.json")["plan"]
    assert f"+ view {VIEW}" in plan and not list(lake.iterdir())
    made = invoke("bootstrap-tables.json")
    assert set(actions(made).values()) == {"created"}
    again = invoke("bootstrap-tables.json", LAKE_DEFINITION=str(changed))
    assert actions(again)["iot_db.sensor_readings"] == "evolved"
    assert "site" in sql_catalog(lake).load_table("iot_db.sensor_readings").schema().column_names
    assert {f"{a}.{b}" for d in LAKE["databases"] for a, b in sql_catalog(lake).list_tables(d["name"])} == {
        table["name"] for table in LAKE["tables"]
    }
    print(f"checked against {emulator_path()}")
