"""What crypto_quote must hold after a topic's records, computed by DuckDB alone, from the issue's words: no line of this
knows how the function does it. `records` are (partition, offset, Kafka timestamp in ms, payload)."""

import pyarrow

TIME = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d(:?\d\d)?)?"

# Every bar of a record that is an object with an object `bars`; of any other record there is one row without a symbol.
BARS = """
CREATE TABLE bars AS
WITH read AS (
    SELECT partition, "offset", timestamp, value,
        coalesce(CASE WHEN json_valid(value) THEN json_type(value, '$.bars') END = 'OBJECT', false) AS is_record
    FROM records
), exploded AS (
    SELECT partition, "offset", timestamp, bar.key AS symbol, bar.value AS bar
    FROM read, json_each(CASE WHEN is_record THEN value ELSE '{"bars":{}}' END, '$.bars') AS bar
), parsed AS (
    SELECT *,
        CASE WHEN json_type(bar, '$.t') = 'VARCHAR' AND regexp_full_match(bar ->> '$.t', '{time}')
            THEN epoch_us(try_cast(bar ->> '$.t' AS TIMESTAMPTZ)) END AS t,
        CASE WHEN json_type(bar, '$.c') IN ('DOUBLE', 'UBIGINT', 'BIGINT', 'HUGEINT')
            THEN try_cast(bar ->> '$.c' AS DOUBLE) END AS c
    FROM exploded
), judged AS (
    SELECT *, t - ((t % {length}) + {length}) % {length} AS start_us,
        regexp_full_match(symbol, '[^/]+/[^/]+') AND strlen(symbol) <= 64
        AND t >= epoch_us(TIMESTAMP '0001-01-01 00:00:00') AND t < epoch_us(TIMESTAMP '9999-12-31 23:59:00')
        AND isfinite(c) AND c >= 0
        AND (timestamp <= 0 OR t <= timestamp * 1000 + 600000000) AS is_good
    FROM parsed
)
SELECT *, coalesce(is_good, false) AS good FROM judged
"""

BAD_RECORDS = """
CREATE TABLE bad_records AS
SELECT partition, "offset" FROM records
WHERE coalesce(CASE WHEN json_valid(value) THEN json_type(value, '$.bars') END <> 'OBJECT', true)
UNION
SELECT partition, "offset" FROM bars WHERE NOT good
"""

# A bar is late if its window ends at or before the watermark that the records before its own have made.
JUDGED = """
CREATE TABLE judged AS
WITH moments AS (
    SELECT partition, "offset", max(t) AS largest FROM bars WHERE good GROUP BY ALL
), watermarks AS (
    SELECT partition, "offset", max(largest) OVER (
        PARTITION BY partition ORDER BY "offset" ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) - {delay} AS watermark
    FROM moments
)
SELECT bars.*, start_us + {length} AS end_us, coalesce(start_us + {length} <= watermark, false) AS is_late
FROM bars JOIN watermarks USING (partition, "offset") WHERE good
"""

WINDOWS = """
CREATE TABLE windows AS
WITH ends AS (SELECT partition, max(t) - {delay} AS watermark FROM judged GROUP BY partition)
SELECT partition, symbol, start_us, end_us, max(c) AS price, end_us <= any_value(watermark) AS is_emitted
FROM judged JOIN ends USING (partition) WHERE NOT is_late
GROUP BY partition, symbol, start_us, end_us
"""

QUOTES = """
CREATE TABLE quotes AS
SELECT split_part(symbol, '/', 1) AS asset_id, split_part(symbol, '/', 2) AS asset_type,
    make_timestamp(start_us) AS start_window, make_timestamp(end_us) AS end_window, price AS price_crypto,
    CAST(make_timestamp(start_us) AS DATE) AS ref_date
FROM windows WHERE is_emitted
"""


class Reference:
    """The answers, as tables in a DuckDB connection. Length and delay of windows are in microseconds."""

    def __init__(
        self, connection, records: list[tuple[int, int, int, bytes]], length: int = 60_000_000, delay: int = 120_000_000
    ):
        self.connection = connection
        columns = list(zip(*records)) or [[], [], [], []]
        table = pyarrow.table(
            {
                "partition": pyarrow.array(columns[0], pyarrow.int32()),
                "offset": pyarrow.array(columns[1], pyarrow.int64()),
                "timestamp": pyarrow.array(columns[2], pyarrow.int64()),
                "value": pyarrow.array([_text(value) for value in columns[3]], pyarrow.string()),
            }
        )
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("arriving", table)
        connection.execute("CREATE TABLE records AS FROM arriving")
        for statement in (BARS, BAD_RECORDS, JUDGED, WINDOWS, QUOTES):
            connection.execute(statement.replace("{time}", TIME).replace("{length}", str(length)).replace("{delay}", str(delay)))

    def value(self, query: str):
        return self.connection.execute(query).fetchone()[0]

    def late(self) -> dict[int, int]:
        """Late bars by partition."""
        return dict(
            self.connection.execute("SELECT partition, count(*) FROM judged WHERE is_late GROUP BY ALL").fetchall()
        )

    def bad_records(self) -> list[tuple[int, int]]:
        return self.connection.execute("FROM bad_records ORDER BY ALL").fetchall()

    def open_windows(self) -> list[tuple]:
        """Partition, symbol, start, end and price of what is not emitted yet."""
        return self.connection.execute(
            "SELECT partition, symbol, start_us, end_us, price FROM windows WHERE NOT is_emitted ORDER BY ALL"
        ).fetchall()

    def differences(self, table: str, reference: str = "quotes") -> list[tuple]:
        """Rows that one of two tables has and the other has not, or not as often; both have the same column names."""
        names = ", ".join(row[0] for row in self.connection.execute(f"DESCRIBE {reference}").fetchall())
        return self.connection.execute(
            f"(SELECT 'missing', {names} FROM (SELECT {names} FROM {reference} EXCEPT ALL SELECT {names} FROM {table}))"
            f" UNION ALL "
            f"(SELECT 'too many', {names} FROM (SELECT {names} FROM {table} EXCEPT ALL SELECT {names} FROM {reference}))"
        ).fetchall()


def _text(value: bytes | None) -> str | None:
    """The payload as text; bytes that are no UTF-8 are no JSON for anyone."""
    try:
        return None if value is None else value.decode()
    except UnicodeDecodeError:
        return "no text"
