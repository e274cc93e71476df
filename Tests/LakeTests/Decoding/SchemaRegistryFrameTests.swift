import Columnar
import Testing

@testable import Lake

@Suite struct SchemaRegistryFrameTests {
    private static let confluent: [UInt8] = [0, 0xFF, 0, 1, 2]
    private static let glue: [UInt8] = [3, 0] + (1...16).map { UInt8($0 * 15) }
    private static let uuid = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"

    private static func error(_ record: [UInt8]) -> RecordError? {
        do throws(RecordError) {
            _ = try SchemaRegistryFrame(of: record.span.bytes)
            return nil
        } catch { return error }
    }

    @Test func namesRegistryAndSchema() throws {
        let confluent = try #require(try SchemaRegistryFrame(of: (Self.confluent + Array("{}".utf8)).span.bytes))
        #expect(confluent.registry == .confluent && confluent.schemaID == "4278190338" && confluent.length == 5)
        let glue = try #require(try SchemaRegistryFrame(of: (Self.glue + Array(" \n{}".utf8)).span.bytes))
        #expect(glue.registry == .glue && glue.schemaID == Self.uuid && glue.length == 18)
    }

    @Test(arguments: ["", "{}", " {}", "[0]", "\u{1}{}", "\u{2}", "\u{4}", "x"])
    func whatHasNoFrameIsLeftAlone(text: String) throws {
        let bytes = Array(text.utf8)
        #expect(try SchemaRegistryFrame(of: bytes.span.bytes) == nil)
    }

    @Test func aFrameThatIsCutShortIsRefused() {
        for frame in [Self.confluent, Self.glue] {
            for length in 1..<frame.count {
                let error = Self.error(Array(frame[..<length]))
                #expect(error?.code == .unsupportedPayload && error?.reason.contains("cut short") == true)
            }
            #expect(Self.error(frame)?.reason.contains("no JSON") == true)
            #expect(Self.error(frame + [0x20, 0x0A])?.reason.contains("no JSON") == true)
        }
    }

    @Test func whatIsNoJSONIsRefusedByNameAndSchema() {
        // A Protobuf message behind its index, an Avro record, and Glue's zlib.
        for (payload, frame, id) in [
            ([0, 0x0A, 3, 0x42], Self.confluent, "4278190338"), ([0x06, 0x42, 0x54, 0x43], Self.glue, Self.uuid),
            ([0x78, 0x9C, 0x03, 0], [3, 5] + Self.glue[2...], Self.uuid),
            (Array("{}".utf8), [3, 7] + Self.glue[2...], Self.uuid),
        ] as [([UInt8], [UInt8], String)] {
            let error = Self.error(frame + payload)
            #expect(error?.code == .unsupportedPayload && error?.offset == frame.count)
            #expect(error?.reason.contains(id) == true)
            #expect(error?.reason.contains(frame[0] == 0 ? "Confluent" : "Glue") == true)
        }
    }

    @Test func recordsBehindFramesBecomeRows() throws {
        var decoder = RecordDecoder([column(.int)])
        let batch = RecordBatch([column(.int).field])
        let plain = Array(#"{"a":7}"#.utf8)
        for record in [plain, Self.confluent + plain, plain, Self.glue + plain, Self.glue + [0x20] + plain] {
            try decoder.decode(json: record.span.bytes, into: batch)
        }
        #expect((0..<5).map { batch.columns[0].value($0, as: Int32.self) } == [7, 7, 7, 7, 7])
    }

    @Test(arguments: [
        ("{\"a\":1", RecordError.Code.badJSON, 6, true), ("[1]", .notAnObject, 0, true),
        ("{\"a\":\"x\"}", .wrongType, 5, false), ("{\"a\":null}", .missingField, 5, false),
    ])
    func placesCountFromTheRecordsStart(_ text: String, _ code: RecordError.Code, _ offset: Int, _ names: Bool) {
        for frame in [Self.confluent, Self.glue] {
            var decoder = RecordDecoder([column(.int, required: true)])
            let record = frame + Array(text.utf8)
            do throws(RecordError) {
                try decoder.decode(json: record.span.bytes, into: RecordBatch([column(.int, required: true).field]))
                Issue.record("\(text) became a row")
            } catch {
                #expect(error.code == code && error.offset == frame.count + offset)
                #expect(error.reason.contains("under schema") == names)
            }
        }
    }

    @Test func mutatedFramesNeverTrap() {
        var state: UInt64 = 5
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        var decoder = RecordDecoder([column(.int)])
        let batch = RecordBatch([column(.int).field])
        for round in 0..<20_000 {
            var record = (round & 1 == 0 ? Self.confluent : Self.glue) + Array(#" {"a":7, "b":[]} "#.utf8)
            for _ in 0...random(3) where !record.isEmpty {
                let place = random(record.count)
                switch random(4) {
                case 0: record[place] = UInt8(random(8))
                case 1: record[place] = UInt8(random(256))
                case 2: record.remove(at: place)
                default: record = Array(record[..<place])
                }
            }
            let rows = batch.count
            do throws(RecordError) {
                try decoder.decode(json: record.span.bytes, into: batch)
                #expect(batch.count == rows + 1)
            } catch {
                #expect(batch.count == rows && (0...record.count).contains(error.offset))
            }
        }
        #expect(batch.count > 500)
    }
}
