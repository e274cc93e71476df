import ArgumentParser
import Testing

@testable import swiftlake

@Suite struct InvocationTextTests {
    private func report(_ outcome: InvocationReport.Outcome) -> InvocationReport {
        InvocationReport(
            requestID: "r", outcome: outcome, durationMilliseconds: 12.34, initialisationMilliseconds: 3,
            peakMemoryBytes: 3 << 20, logLines: ["hello"])
    }

    private func reply(_ text: String) -> InvocationReport { report(.response(Array(text.utf8))) }

    @Test(arguments: [
        (#"{"batchItemFailures":[]}"#, 0 as Int32), ("null", 0), ("", 0), (#"{"rows":1}"#, 0),
        (#"{"batchItemFailures":[{"itemIdentifier":"49"}]}"#, 3), (#"{"batchItemFailures":[{}]}"#, 3),
        (#"{"batchItemFailures":[{"itemIdentifier":{"partition":"t-0","offset":5}}]}"#, 3),
    ])
    func repliesExitWithZeroUnlessRecordsAreLeft(_ text: String, _ code: Int32) {
        #expect(reply(text).exitCode.rawValue == code)
    }

    @Test(arguments: [
        InvocationReport.Outcome.functionError(type: "T", message: "m"), .initialisationError(type: "T", message: "m"),
        .exit(status: 0), .crash(signal: 9), .timeout(seconds: 3),
    ])
    func everythingElseExitsWithOne(_ outcome: InvocationReport.Outcome) {
        #expect(report(outcome).exitCode == .failure)
    }

    @Test func theSentenceNamesWhatIsLeft() {
        #expect(
            reply(#"{"batchItemFailures":[{"itemIdentifier":"49"}]}"#).sentence("job")
                == "job left records to be sent again, from 49 on")
        #expect(
            reply(#"{"batchItemFailures":[{"itemIdentifier":{"partition":"t-0","offset":5}}]}"#).sentence("job")
                == "job left records to be sent again, from t-0 offset 5 on")
        #expect(reply(#"{"batchItemFailures":[{}]}"#).sentence("job") == "job left the whole batch to be sent again")
        #expect(report(.functionError(type: "T", message: "m")).sentence("job") == "job reported an error: m (T)")
        #expect(report(.timeout(seconds: 3)).sentence("job") == "job took longer than 3.00 s and was ended")
    }

    @Test func everyPartIsShown() {
        #expect(
            reply("{}").lines("job") == [
                "logs", "  hello", "reply", "  {}", "duration  12.3 ms, after a cold start of 3.0 ms",
                "memory    3.0 MiB at most",
            ])
    }
}
