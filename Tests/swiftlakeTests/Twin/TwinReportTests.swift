import EventSources
import Testing

@testable import swiftlake

@Suite struct TwinReportTests {
    private func report(fault: String? = nil, _ change: (inout TwinStatus) -> Void) -> TwinReport {
        var status = TwinStatus(lake: ".lake", seconds: 60)
        status.streams = [TwinStatus.Stream(name: "a", made: 100), TwinStatus.Stream(name: "b")]
        status.consumers = [TwinStatus.Consumer(stream: "a", job: "kinesis-ingest", taken: 100)]
        status.tables = [TwinStatus.Table(name: "d.a", rows: 99, newRows: 99, commits: 3)]
        status.deadLetters = 1
        change(&status)
        return TwinReport(status: status, failures: "/l/twin/failures", command: "swiftlake up", fault: fault)
    }

    @Test func everythingTakenIsSaidSo() {
        let report = report { _ in }
        #expect(report.isComplete)
        #expect(
            report.lines == [
                "100 records made: a 100.",
                "100 records taken by kinesis-ingest: 99 new rows in 3 commits, 1 dead letter, 0 alerts.",
                "Nothing is left in the streams.",
            ])
    }

    @Test func whatIsLeftIsSaidWithHowToGoOn() {
        let report = report { $0.consumers[0].lag = 7 }
        #expect(!report.isComplete)
        #expect(
            report.lines.last
                == "7 records left: 7 of a for kinesis-ingest. They are safe in their streams: `swiftlake up` goes on with "
                + "them.")
    }

    @Test func recordsThatTwoFunctionsTookAreSaidOfEach() {
        let twice = report {
            $0.consumers.append(TwinStatus.Consumer(stream: "a", job: "detect-anomalies", taken: 100))
            $0.consumers.append(TwinStatus.Consumer(stream: "b", job: "kinesis-ingest", taken: 7))
        }
        #expect(
            twice.lines[1].hasPrefix(
                "207 records taken by 2 functions (detect-anomalies 100, kinesis-ingest 107): 99 new rows"))
        #expect(report { $0.consumers[0].taken = 0 }.lines[1].hasPrefix("0 records taken: 99 new rows"))
    }

    @Test func streamThatCouldNotBeReadIsNotSaidToBeEmpty() {
        // Nothing was left when it was read last, or one record that a source supposes: neither is known.
        for lag: Int64 in [0, 1] {
            let report = report {
                $0.consumers[0].lag = lag
                $0.consumers[0].sourceFault = "no broker answers"
            }
            #expect(!report.isComplete)
            #expect(
                report.lines.last
                    == "a could not be read to its end for kinesis-ingest: no broker answers. What is left there is not "
                    + "known: `swiftlake up` goes on with it.")
            #expect(report.lines.count == 3)
        }
    }

    @Test func recordsThatWereStillMadeAreSaid() {
        let report = report { $0.isCutShort = true }
        #expect(!report.isComplete)
        #expect(report.lines.last?.hasPrefix("Records were still being made at the end") == true)
    }

    @Test func givenUpRecordsAndFaultsAreNotComplete() {
        #expect(!report { $0.consumers[0].discarded = 1 }.isComplete)
        #expect(
            report { $0.consumers[0].discarded = 1 }.lines.contains("1 record given up: /l/twin/failures has them."))
        #expect(!report(fault: "full") { _ in }.isComplete)
    }

    @Test func unsettledRecordsTellTheAgeOfTheOldest() {
        var unsettled = UnsettledRecords()
        #expect(unsettled.oldestMs == nil)
        unsettled.add(
            (0..<5).map { StreamRecord(shard: "a-0", offset: $0, key: nil, value: [], timestampMs: 100 + $0) })
        unsettled.add([StreamRecord(shard: "a-1", offset: 9, key: nil, value: [], timestampMs: 103)])
        #expect(unsettled.oldestMs == 100)
        unsettled.settle(["a-0": 4, "a-1": 0])
        #expect(unsettled.oldestMs == 103)
        unsettled.settle(["a-0": 5, "a-1": 10])
        #expect(unsettled.oldestMs == nil)
    }
}
