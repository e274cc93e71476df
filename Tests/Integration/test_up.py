"""`swiftlake up`: the whole lake on one machine, with functions killed at their work, against the producers' own log. The
scenarios run side by side; each is judged in a test of its own."""

import re
import shutil
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from servers import Moto
from support import binary
from twin import Check, Up, run, short_windows
from twin_sources import MockKafka, kinesis_records


def number(text: str, pattern: str) -> int:
    """The last number that the text has at this place."""
    return int(re.findall(pattern, text)[-1].replace(",", ""))


def is_taken(text: str) -> bool:
    """Whether just what was made was taken, sensor readings by two functions: nothing of an earlier run came again."""
    made, taken = (number(text, rf"([\d,]+) records {what}") for what in ("made", "taken"))
    return made <= taken <= made + number(text, r"made: .*sensor-readings ([\d,]+)")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("up")


@pytest.fixture(scope="module", autouse=True)
def nothing_is_left():
    yield
    Up.end_all()


@pytest.fixture(scope="module")
def definition(folder) -> Path:
    return short_windows(folder)


@pytest.fixture(scope="module")
def scenarios(folder, definition):
    """What takes its time, begun at once."""
    with ThreadPoolExecutor(8) as pool:
        yield {
            scenario.__name__: pool.submit(scenario, folder / scenario.__name__, definition)
            for scenario in (one_minute_with_kills, interrupted, killed_itself, left_behind, from_kafka, from_kinesis)
        }


def one_minute_with_kills(lake: Path, definition: Path):
    """The issue's own words: a minute at 200 records a second, a function killed every 20 s on average."""
    first = run(lake, "--rate", 200, "--seconds", 60, "--kill-every", 20, definition=definition)
    made = Check(lake).all()
    second = run(lake, "--rate", 200, "--seconds", 5, "--seed", 2, definition=definition)
    return first, made, second, Check(lake).all()


def interrupted(lake: Path, definition: Path):
    """Ctrl-C: nothing more is made, and everything that was made is taken, however long batches are gathered."""
    up = Up(lake, "--rate", 100, "--batch-window", 20, "--kill-every", 5, definition=definition)
    time.sleep(12)
    up.interrupt()
    began = time.monotonic()
    code = up.wait()
    return code, up.text, time.monotonic() - began, Check(lake).all()


def killed_itself(lake: Path, definition: Path):
    """`up` itself is killed half-way, and what it started lives on for a while; then another begins at once."""
    up = Up(lake, "--rate", 200, definition=definition)
    time.sleep(10)
    up.kill()
    text = run(lake, "--rate", 50, "--seconds", 5, definition=definition)
    return text, Check(lake).all()


def left_behind(lake: Path, definition: Path):
    """Somebody holds the catalog, so that nothing can be drained: the second Ctrl-C ends it, and says what is left."""
    up = Up(lake, "--rate", 100, definition=definition)
    time.sleep(8)
    catalog = sqlite3.connect(lake / "catalog.db", isolation_level=None, timeout=30)
    catalog.execute("BEGIN EXCLUSIVE")
    time.sleep(3)
    up.interrupt()
    time.sleep(2)
    assert up.process.poll() is None, up.text
    up.interrupt()
    code = up.wait()
    catalog.execute("ROLLBACK")
    catalog.close()
    rest = run(lake, "--no-simulators", "--seconds", 1, definition=definition)
    return code, up.text, rest, Check(lake).all()


def from_kafka(lake: Path, definition: Path):
    """Topics of a cluster: what librdkafka's mock of one holds in the end, as another client reads it, is in the tables."""
    with MockKafka({"coinbase-trades": 3, "coinbase-currencies": 3}) as kafka:
        text = run(lake, "--kafka", kafka.bootstrap_servers, "--rate", 100, "--seconds", 12, "--kill-every", 6, definition=definition)
        again = run(lake, "--kafka", kafka.bootstrap_servers, "--rate", 100, "--seconds", 3, definition=definition)
        check = Check(lake, cluster=kafka.bootstrap_servers)
        check.take("trades", kafka.records("coinbase-trades"))
        check.take("quotes", kafka.records("coinbase-currencies"))
        return text, again, check.all()


def from_kinesis(lake: Path, definition: Path):
    """A stream of two shards in moto, as boto3 reads it in the end. Then one is split, and the lake goes on with four shards;
    another begins with them. (moto goes on to put records into a closed shard: none are made then.)"""
    with Moto() as moto:
        client = moto.client("kinesis")
        client.create_stream(StreamName="sensor-readings", ShardCount=2)
        options = {
            "definition": definition,
            "environment": {
                "AWS_ENDPOINT_URL_KINESIS": moto.endpoint, "AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "id",
                "AWS_SECRET_ACCESS_KEY": "secret",
            },
        }  # fmt: skip
        text = run(lake, "--kinesis", "--rate", 100, "--seconds", 12, "--kill-every", 6, **options)
        first = client.list_shards(StreamName="sensor-readings")["Shards"][0]["HashKeyRange"]
        middle = (int(first["StartingHashKey"]) + int(first["EndingHashKey"])) // 2
        client.split_shard(StreamName="sensor-readings", ShardToSplit="shardId-000000000000", NewStartingHashKey=str(middle))
        again = run(lake, "--kinesis", "--no-simulators", "--seconds", 1, **options)
        other = lake.with_name("from_kinesis_anew")
        anew = run(other, "--kinesis", "--no-simulators", "--seconds", 1, **options)
        arn = client.describe_stream_summary(StreamName="sensor-readings")["StreamDescriptionSummary"]["StreamARN"]
        records = kinesis_records(client, "sensor-readings")
    checks = [Check(each, kinesis=arn) for each in (lake, other)]
    for check in checks:
        check.take("readings", records)
    made = checks[0].all()
    checks[1].readings()
    return text, again, anew, made, len(records)


def test_every_record_is_in_the_tables_once_though_functions_are_killed(scenarios):
    first, made, second, all_made = scenarios["one_minute_with_kills"].result()
    print(first.splitlines()[-4:])
    assert number(first, r"([\d,]+) functions? killed") >= 1
    assert number(first, r"([\d,]+) records made") == made >= 200 * 50
    assert "Nothing is left in the streams." in first
    # The second start takes what it makes, and nothing again.
    new = number(second, r"([\d,]+) records made")
    assert all_made == made + new and is_taken(second)


def test_ctrl_c_drains(scenarios):
    code, text, seconds, made = scenarios["interrupted"].result()
    assert code == 0 and "Nothing is left in the streams." in text, text
    assert number(text, r"([\d,]+) records made") == made > 100 * 6
    assert seconds < 15, f"it took {seconds:.1f} s, though batches need not be gathered any more"


def test_a_twin_that_was_killed_goes_on(scenarios):
    text, made = scenarios["killed_itself"].result()
    assert "Nothing is left in the streams." in text
    # The second took what the first had left.
    assert number(text, r"([\d,]+) records taken") >= number(text, r"([\d,]+) records made") and made > 200 * 5


def test_second_ctrl_c_ends_at_once_and_says_what_is_left(scenarios):
    code, text, rest, made = scenarios["left_behind"].result()
    assert code == 3, text
    left = number(text, r"([\d,]+) records? left: ")
    assert left > 0 and "up --lake" in text and "goes on with them" in text
    assert "no-simulators" in rest and number(rest, r"([\d,]+) records? taken") > 0 and made > 100 * 5


def test_topics_of_a_cluster(scenarios):
    text, again, made = scenarios["from_kafka"].result()
    assert number(text, r"([\d,]+) records made") + number(again, r"([\d,]+) records made") == made > 100 * 9
    assert is_taken(again)


def test_shards_of_a_service(scenarios):
    text, again, anew, made, readings = scenarios["from_kinesis"].result()
    assert "2 shards to kinesis-ingest" in text and "4 shards to kinesis-ingest" in again
    assert number(text, r"([\d,]+) records made") == made > 100 * 7
    assert number(again, r"([\d,]+) records taken") == 0 and "Nothing is left in the streams." in again
    # Taken by kinesis-ingest, and by detect-anomalies.
    assert number(anew, r"([\d,]+) records taken") == 2 * readings


def test_a_cluster_that_does_not_answer_is_said(tmp_path, definition):
    text = run(tmp_path / "lake", "--kafka", "127.0.0.1:1", definition=definition, expected=1)
    assert "the topic coinbase-currencies cannot be read" in text and "127.0.0.1:1" in text


def test_a_stream_that_the_service_does_not_have_is_said(tmp_path, definition):
    with Moto() as moto:
        environment = {
            "AWS_ENDPOINT_URL_KINESIS": moto.endpoint, "AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "id",
            "AWS_SECRET_ACCESS_KEY": "secret",
        }  # fmt: skip
        text = run(tmp_path / "lake", "--kinesis", definition=definition, environment=environment, expected=1)
    assert "the Kinesis stream sensor-readings cannot be read" in text and "aws kinesis create-stream" in text


def test_one_twin_has_a_lake_at_a_time(folder, definition):
    lake = folder / "busy"
    up = Up(lake, "--rate", 10, definition=definition)
    up.wait_for("0:00:0")
    text = run(lake, expected=1, definition=definition)
    assert f"another swiftlake up, process {up.process.pid} uses this lake" in text
    up.interrupt()
    assert up.wait() == 0, up.text


@pytest.mark.parametrize(
    "arguments",
    [("--rate", "0"), ("--seconds", "0"), ("--kill-every", "0"), ("--kafka", "nowhere"), ("--kafka", "a:0"), ("--devices", "0"),
     ("--batch-size", "10001"), ("--batch-window", "301"), ("--retries", "10001"), ("--maximum-age", "59"), ("--pollers", "0"),
     ("--drain", "-1"), ("--rate", "many"), ("--what",)],
)  # fmt: skip
def test_wrong_use_is_told(tmp_path, arguments):
    text = run(tmp_path / "lake", *arguments, expected=64)
    assert arguments[0] in text and not (tmp_path / "lake").exists()


def test_missing_programs_are_said_with_how_to_build_them(tmp_path, definition):
    program = shutil.copy(binary("swiftlake"), tmp_path / "swiftlake")
    text = run(tmp_path / "lake", program=str(program), definition=definition, expected=1)
    for job in ("bootstrap-tables", "kinesis-ingest", "kafka-ingest"):
        assert f"swift build --product {job}" in text


def test_a_folder_that_cannot_be_made_is_said(tmp_path, definition):
    (tmp_path / "file").write_text("")
    text = run(tmp_path / "file" / "lake", definition=definition, expected=1)
    assert "file/lake cannot be made: Not a directory" in text and "--lake DIR" in text


def test_a_log_that_cannot_grow_ends_the_twin(tmp_path, definition):
    """As on a full disk: the system refuses what comes behind half a megabyte of a file."""
    limit = ["bash", "-c", 'trap "" XFSZ; ulimit -f 488; exec "$@"', "bash"]
    up = Up(tmp_path / "lake", "--rate", 4000, "--drain", 3, definition=definition, prefix=limit)
    assert up.wait(60) == 1, up.text
    assert "File too large" in up.text and "sensor-readings" in up.text


def test_streams_that_were_deleted_are_missed(tmp_path, definition):
    lake = tmp_path / "lake"
    run(lake, "--rate", 100, "--seconds", 2, definition=definition)
    shutil.rmtree(lake / "twin" / "streams")
    text = run(lake, definition=definition, expected=1)
    assert "was deleted or is another lake's" in text


@pytest.mark.long
def test_ten_minutes_with_kills(tmp_path):
    """The same for ten minutes, with the repository's own lake.json: windows of a minute, two minutes late."""
    lake = tmp_path / "lake"
    text = run(lake, "--rate", 200, "--seconds", 600, "--kill-every", 20)
    made = Check(lake, length=60, delay=120).all()
    assert number(text, r"([\d,]+) functions? killed") >= 10
    assert number(text, r"([\d,]+) records made") == made >= 200 * 590
