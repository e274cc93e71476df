import Testing

@testable import swiftlake

@Suite struct StatusTextTests {
    private static let status: TwinStatus = {
        var status = TwinStatus(lake: ".lake", seconds: 65)
        status.streams = [
            TwinStatus.Stream(name: "sensor-readings", made: 7800, madePerSecond: 120.2),
            TwinStatus.Stream(name: "quiet"),
        ]
        var ingest = TwinStatus.Consumer(stream: "sensor-readings", job: "kinesis-ingest")
        ingest.taken = 7766
        ingest.takenPerSecond = 119
        ingest.lag = 34
        ingest.oldestMs = 800
        ingest.invocations = 66
        ingest.failures = 2
        ingest.restarts = 2
        ingest.kills = 2
        ingest.memoryBytes = 12 << 20
        status.consumers = [ingest, TwinStatus.Consumer(stream: "sensor-readings", job: "detect-anomalies")]
        status.tables = [TwinStatus.Table(name: "iot_db.sensor_readings", rows: 17_760, newRows: 7760, commits: 64)]
        status.deadLetters = 6
        status.alerts = 3
        status.events = ["killed kinesis-ingest"]
        return status
    }()

    @Test func screenHasStreamsFunctionsTablesAndWhatHappened() {
        #expect(
            StatusText(status: Self.status).screen == [
                Console.heading("swiftlake up  .lake"),
                "0:01:05  Ctrl-C ends it once everything is in the tables",
                "",
                "STREAM           IN/S  FUNCTION          OUT/S  LAG  OLDEST  TAKEN  BATCHES  RETRIES  RESTARTS  KILLS    MEMORY",
                "───────────────  ────  ────────────────  ─────  ───  ──────  ─────  ───────  ───────  ────────  ─────  ────────",
                "sensor-readings   120  kinesis-ingest      119   34   0.8 s  7,766       66        2         2      2  12.0 MiB",
                "                       detect-anomalies      0    0       –      0        0        0         0      0         –",
                "quiet               0",
                "",
                "TABLE                     ROWS    NEW  COMMITS",
                "──────────────────────  ──────  ─────  ───────",
                "iot_db.sensor_readings  17,760  7,760       64",
                "",
                "dead letters 6   alerts 3",
                "  killed kinesis-ingest",
            ])
    }

    @Test func lineHasTheSums() {
        #expect(
            StatusText(status: Self.status).line
                == "0:01:05  in 120/s  out 119/s  lag 34 (0.8 s)  rows 7,760  commits 64  dead letters 6  alerts 3  "
                + "retries 2  restarts 2  kills 2")
    }

    @Test func drainingSaysWhatIsLeft() {
        var status = Self.status
        status.phase = .draining
        status.consumers[0].discarded = 5
        #expect(StatusText(status: status).screen[1] == "0:01:05  draining: 34 records left; Ctrl-C ends it now")
        #expect(StatusText(status: status).line.hasSuffix("kills 2  given up 5  draining"))
    }

    @Test(arguments: [
        (-5, "0.0 s"), (800, "0.8 s"), (9_999, "10.0 s"), (12_345, "12 s"), (119_999, "119 s"), (120_000, "2 min"),
        (7_199_999, "119 min"), (7_200_000, "2 h"), (864_000_000_000, "240,000 h"),
    ])
    func agesAreShort(_ milliseconds: Int64, _ text: String) { #expect(StatusText.age(milliseconds) == text) }

    @Test func ratesLookBackAFewSeconds() {
        var meter = RateMeter()
        #expect(meter.rate(0, atSeconds: 0) == 0)
        #expect(meter.rate(100, atSeconds: 1) == 100)
        for second in 2...20 { _ = meter.rate(100, atSeconds: Double(second)) }
        #expect(meter.rate(100, atSeconds: 21) == 0)
        #expect(abs(meter.rate(160, atSeconds: 22) - 60.0 / 6) < 3)
    }
}
