import Testing

@testable import AWS

@Suite struct TimestampTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2030-01-01T00:00:00Z", 1_893_456_000_000),
            ("2030-01-01T00:00:00.5Z", 1_893_456_000_500), ("2030-01-01T00:00:00.123456Z", 1_893_456_000_123),
            ("2030-01-01T02:30:00+02:30", 1_893_456_000_000), ("2029-12-31T16:00:00-08:00", 1_893_456_000_000),
            ("2000-02-29T23:59:60Z", 951_868_800_000),
        ] as [(String, Int64)])
    func readsTimesOfRFC3339(_ text: String, _ milliseconds: Int64) {
        #expect(Timestamp.milliseconds(text) == milliseconds)
    }

    @Test(arguments: [
        "", "2030-01-01", "2030-01-01T00:00:00", "2030-13-01T00:00:00Z", "2030-02-30T00:00:00Z", "2030-01-01 00:00:00Z",
        "2030-01-01T24:00:00Z", "2030-01-01T00:00:00.Z", "2030-01-01T00:00:00+0200", "2030-01-01T00:00:00+24:00",
        "2030-01-01T00:00:00.1234567890Z", "-030-01-01T00:00:00Z", "2030-01-01T00:00:00ZZ",
    ])
    func refusesAllElse(_ text: String) { #expect(Timestamp.milliseconds(text) == nil) }

    @Test func noTextTraps() {
        for text in ["2030-01-01T00:00:00.123Z", "2029-12-31T16:00:00-08:00"] {
            for bytes in mutations(of: text, count: 3_000, seed: 5) + truncations(of: text) {
                _ = Timestamp.milliseconds(String(decoding: bytes, as: UTF8.self))
            }
        }
    }
}
