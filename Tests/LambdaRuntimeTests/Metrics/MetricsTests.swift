import JSON
import Synchronization
import Testing

@testable import LambdaRuntime

struct MetricsTests {
    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    private func lines(requestID: String? = nil, _ body: (Metrics) -> Void) -> [String] {
        let lines = Lines()
        let metrics = Metrics(
            namespace: "Lake", requestID: requestID, clock: WallClock { 1_700_000_000_123 },
            writer: LineWriter { line in lines.all.withLock { $0.append(String(decoding: line, as: UTF8.self)) } })
        body(metrics)
        metrics.flush()
        return lines.all.withLock { $0 }
    }

    @Test func aLineIsTheEmbeddedMetricFormat() {
        let lines = lines(requestID: "id-1") { metrics in
            metrics.property("shard", "s-1")
            metrics.put("Rows", 12, dimensions: ["Function": "ingest", "Table": "t"])
            metrics.put("Time", 1.5, unit: .milliseconds, dimensions: ["Function": "ingest", "Table": "t"])
        }
        #expect(
            lines == [
                #"{"_aws":{"Timestamp":1700000000123,"CloudWatchMetrics":[{"Namespace":"Lake","#
                    + #""Dimensions":[["Function","Table"]],"Metrics":[{"Name":"Rows","Unit":"Count"},"#
                    + #"{"Name":"Time","Unit":"Milliseconds"}]}]},"Function":"ingest","Table":"t","#
                    + #""requestId":"id-1","shard":"s-1","Rows":12,"Time":1.5}"# + "\n"
            ])
    }

    @Test func nothingIsWrittenForNothing() {
        #expect(lines { $0.property("a", "b") }.isEmpty)
        #expect(
            lines { metrics in
                metrics.put("Rows", 1)
                metrics.flush()
            }.count == 1)
    }

    @Test func valuesOfOneNameAreSentTogether() throws {
        let line = try #require(lines { metrics in for value in 1...3 { metrics.put("Rows", value) } }.first)
        let value = try JSONValue(parsing: Array(line.utf8))
        #expect(value["Rows"] == .array([.integer(1), .integer(2), .integer(3)]))
        #expect(value["_aws"]?["CloudWatchMetrics"]?.elements?[0]["Dimensions"] == .array([.array([])]))
    }

    @Test func linesKeepToTheFormatsLimits() throws {
        let many = lines { metrics in for index in 0..<250 { metrics.put("Metric\(index)", index) } }
        #expect(many.count == 3)
        let values = lines { metrics in for index in 0..<250 { metrics.put("Rows", index) } }
        #expect(values.count == 3)
        for line in many + values {
            let value = try JSONValue(parsing: Array(line.utf8))
            let metrics = try #require(value["_aws"]?["CloudWatchMetrics"]?.elements?[0]["Metrics"]?.elements)
            #expect(metrics.count <= 100)
            for metric in metrics {
                let name = try #require(metric["Name"]?.string)
                #expect((value[name]?.elements?.count ?? 1) <= 100)
            }
        }
    }

    @Test func dimensionsAndUnitsMakeLinesOfTheirOwn() {
        let lines = lines { metrics in
            metrics.put("Rows", 1, dimensions: ["Table": "a"])
            metrics.put("Rows", 2, dimensions: ["Table": "b"])
            metrics.put("Rows", 3, dimensions: ["Table": "a"])
            metrics.put("Rows", 4, unit: .bytes, dimensions: ["Table": "a"])
        }
        #expect(lines.count == 3 && lines[0].contains(#""Rows":[1,3]"#))
    }

    @Test func whatTheFormatCannotSayIsLeftOut() {
        var dropped = 0
        let lines = lines { metrics in
            metrics.put("Rows", .nan)
            metrics.put("Rows", .infinity)
            metrics.put("", 1)
            metrics.put(" ", 1)
            metrics.put("_aws", 1)
            metrics.put(String(repeating: "x", count: 251), 1)
            metrics.put("Rows", 1, dimensions: ["Rows": "a"])
            metrics.put("Rows", 1, dimensions: ["A": ""])
            metrics.put("Rows", 1, dimensions: ["A": "1", "A": "2"])
            metrics.put("Rows", 1, dimensions: ["A": String(repeating: "x", count: 1025)])
            metrics.property("_aws", "x")
            dropped = metrics.dropped
        }
        #expect(lines.isEmpty && dropped == 11)
    }

    @Test func aPropertyNeverHidesAMetric() throws {
        let line = lines { metrics in
            metrics.property("Rows", "text")
            metrics.property("Table", "text")
            metrics.put("Rows", 1, dimensions: ["Table": "a\nb"])
        }[0]
        #expect(line.hasSuffix(#""Table":"a\nb","Rows":1}"# + "\n"))
    }
}
