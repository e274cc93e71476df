import JSON
import TestSupport
import Testing

@testable import LambdaRuntime

/// Records recognised by their shape must mean what a careful reading says. The judge here is the whole text as a tree.
struct KinesisRecordTemplateTests {
    struct Fields: Equatable {
        var texts: [String]
        var milliseconds: Int64
    }

    private func record(_ index: Int, data: String = "SGVsbG8sIHRoaXMgaXMgYSB0ZXN0Lg==") -> String {
        #"""
        {"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":"key-\#(index)","sequenceNumber":"495903\#(index)",
        "data":"\#(data)","approximateArrivalTimestamp":15450846\#(index % 90 + 10).\#(index % 900 + 100)},
        "eventSource":"aws:kinesis","eventVersion":"1.0","eventID":"shardId-00\#(index % 7):495903\#(index)",
        "awsRegion":"us-east-2","eventSourceARN":"arn:aws:kinesis:us-east-2:1:stream/s"}
        """#
    }

    private func batch(_ records: [String]) -> [UInt8] {
        Array(#"{"Records":[\#(records.joined(separator: ", "))]}"#.utf8)
    }

    private func shown(_ bytes: [UInt8]) throws -> [Fields] {
        try KinesisEvent(EventBuffer(bytes)).records.map { record in
            Fields(
                texts: [
                    record.partitionKey.string, record.sequenceNumber.string, record.data.encoded.string,
                    record.eventID.string, record.shardID.string, record.streamARN.string,
                ], milliseconds: record.approximateArrivalTimestampMs)
        }
    }

    /// What the tree says; nil if the event must be refused.
    private func expected(_ tree: JSONValue) -> [Fields]? {
        guard let records = tree["Records"]?.elements, !records.isEmpty else { return nil }
        var all: [Fields] = []
        for record in records {
            guard record["eventSource"]?.string == "aws:kinesis", let id = record["eventID"]?.string,
                let arn = record["eventSourceARN"]?.string, let key = record["kinesis"]?["partitionKey"]?.string,
                let number = record["kinesis"]?["sequenceNumber"]?.string,
                let data = record["kinesis"]?["data"]?.string,
                let time = record["kinesis"]?["approximateArrivalTimestamp"]?.double,
                let colon = id.utf8.firstIndex(of: 58), colon != id.startIndex,
                (1...128).contains(number.utf8.count), number.utf8.allSatisfy({ (48...57).contains($0) }),
                abs(time) < 1e15
            else { return nil }
            all.append(
                Fields(
                    texts: [key, number, data, id, String(id[..<colon]), arn],
                    milliseconds: Int64((time * 1000).rounded())))
        }
        return all
    }

    @Test func recordsOfOneShapeAreReadLikeTheFirst() throws {
        let bytes = batch((0..<500).map { record($0) })
        #expect(try shown(bytes) == expected(try JSONValue(parsing: bytes)))
    }

    @Test(arguments: [2, 3, 4, 5, 9])
    func shapesThatAlternateAreReadLikeOne(count: Int) throws {
        let records = (0..<200).map { index in
            record(index).replacing(#""kinesis":{"#, with: #""kinesis":{"shape":"\#(index % count)","#)
        }
        let bytes = batch(records)
        #expect(try shown(bytes) == expected(try JSONValue(parsing: bytes)))
    }

    @Test(arguments: ["\"", "\\", "\u{1F}", "\u{7F}", "é"], 0..<40)
    func everyByteOfAValueIsLookedAt(unusual: String, place: Int) throws {
        let data = String(repeating: "A", count: place) + unusual + String(repeating: "A", count: 40 - place)
        let number = String(repeating: "1", count: place) + unusual + String(repeating: "1", count: 40 - place)
        for (old, new) in [(#""key-1""#, "\"\(data)\""), (#""4959031""#, "\"\(number)\"")] {
            let bytes = batch([record(0), record(1).replacing(old, with: new), record(2)])
            let tree = try? JSONValue(parsing: bytes)
            #expect((try? shown(bytes)) == tree.flatMap(expected))
        }
    }

    @Test func recordsOfOtherShapesAreReadToo() throws {
        var records = (0..<60).map { record($0) }
        records[5] = record(5, data: #"\u0053Gk="#)
        records[9] = records[9].replacing("{\"kinesis\"", with: "{\"new\":[1,{}],\"kinesis\"")
        records[20] = records[20].replacing("key-20", with: "ключ")
        records[21] = records[21].replacing("key-21", with: "")
        records[30] = records[30].replacing("\n", with: " \n ")
        records[31] = records[31].replacing(
            "approximateArrivalTimestamp\":1545084641.131", with: "approximateArrivalTimestamp\":1.5E9")
        records[40] = records[40].replacing(#""data":"SGV"#, with: #""data":"x","data":"SGV"#)
        let bytes = batch(records)
        let shown = try shown(bytes)
        #expect(shown == expected(try JSONValue(parsing: bytes)))
        #expect(
            shown[20].texts[0] == "ключ" && shown[5].texts[2] == "SGk=" && shown[31].milliseconds == 1_500_000_000_000)
    }

    @Test func faultsInLaterRecordsAreNamed() {
        let faults: [(old: String, new: String, path: String)] = [
            ("\"495903", "\"495x03", "Records[2].kinesis.sequenceNumber"),
            ("aws:kinesis\",", "aws:sqs\",", "Records[2].eventSource"),
            ("shardId-002:", "shardId-002", "Records[2].eventID"),
            ("\"SGV", "\"S\u{1}GV", "Records[2].kinesis.data"),
            ("\"SGV", "\"S\\xGV", "Records[2].kinesis.data"),
            (".102", ".", "Records[2].kinesis.approximateArrivalTimestamp"),
            (":1545", ":01545", "Records[2].kinesis.approximateArrivalTimestamp"),
        ]
        for fault in faults {
            var records = (0..<5).map { record($0) }
            records[2] = records[2].replacing(fault.old, with: fault.new)
            let error = #expect(throws: EventError.self) { try shown(batch(records)) }
            #expect(error?.path.hasPrefix(fault.path) == true, "\(fault)")
        }
    }

    @Test func mutatedBatchesMeanWhatTheirTreeSays() throws {
        var random = SeededGenerator(seed: 7)
        let original = batch((0..<6).map { record($0) })
        var accepted = 0
        for _ in 0..<1500 {
            var bytes = original
            bytes.mutate(&random)
            guard let tree = try? JSONValue(parsing: bytes) else {
                // A tree also checks the text of strings that an event passes over.
                _ = try? shown(bytes)
                continue
            }
            let shown = try? shown(bytes)
            #expect(shown == expected(tree), "\(String(decoding: bytes, as: UTF8.self))")
            if shown != nil { accepted += 1 }
        }
        #expect(accepted > 100)
    }

    @Test func truncatedBatchesAreErrors() {
        let bytes = batch((0..<3).map { record($0) })
        for count in 0..<bytes.count {
            #expect(throws: EventError.self) { try KinesisEvent(EventBuffer(Array(bytes[..<count]))) }
        }
    }
}
