import Columnar
import Iceberg
@testable import Lake
import Testing

@Suite("Folders as Hive names them")
struct HiveFolderTests {
    @Test(arguments: [
        ("2026-11-20 10", "2026-11-20 10"), ("a/b", "a%2Fb"), ("10:30", "10%3A30"), ("100%", "100%25"),
        ("a=b", "a%3Db"), ("\"#'*?\\{[]^", "%22%23%27%2A%3F%5C%7B%5B%5D%5E"), ("\u{1}\n\u{7F}\0", "%01%0A%7F%00"),
        ("}<>|+&,;@!~`$().-_", "}<>|+&,;@!~`$().-_"), ("ü€", "ü€"), ("..", ".."),
    ])
    func escapesWhatHiveEscapes(text: String, escaped: String) {
        #expect(HiveFolder.name("c", text) == "c=" + escaped)
        #expect(HiveFolder.value(text) == text)
    }

    @Test func nullAndEmptyHaveTheFolderOfNull() {
        #expect(HiveFolder.name("c", nil) == "c=__HIVE_DEFAULT_PARTITION__")
        #expect(HiveFolder.name("c", "") == "c=__HIVE_DEFAULT_PARTITION__")
    }

    @Test(arguments: [
        (TimeFormat.hour, "2026-11-20 10"), (.day, "2026-11-20"), (.second, "2026-11-20 10:20:30.000456"),
        (.iso8601, "2026-11-20T10:20:30.000456"), (.epochSeconds, "1795170030"),
        (.epochMilliseconds, "1795170030000"), (.epochMicroseconds, "1795170030000456"),
    ])
    func timesAreWrittenInTheirFormat(format: TimeFormat, text: String) {
        #expect(format.text(1_795_170_030_000_456) == text)
    }

    @Test func timesBeforeTheEpochAreToo() {
        #expect(TimeFormat.hour.text(-1) == "1969-12-31 23")
        #expect(TimeFormat.iso8601.text(-62_135_596_800_000_000) == "0001-01-01T00:00:00")
        #expect(TimeFormat.epochSeconds.text(-1) == "-1")
    }
}
