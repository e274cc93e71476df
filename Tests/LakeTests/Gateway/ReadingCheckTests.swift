import JSON
import TestSupport
import Testing

@testable import Lake

/// What the gateway takes, and what kinesis-ingest makes of it, for the same bytes.
@Suite struct ReadingCheckTests {
    private static let seeds = [
        #"{"id":7,"cpu":12.5,"at":"2026-11-20T10:15:30.5+01:00","name":"é\u00e9","small":3e2,"raw":"AAE="}"#,
        #"{ "id" : 7.0, "x":{"y":[1,null,{}]}, "cpu":-1e-3, "small":2147483647, "at":null }"#,
        #"{"name":"7","id":7,"id":7}"#,
    ]

    private static func definition(_ format: String) -> (String) -> String {
        { text in
            text.replacing(
                #"{"name":"sensors_db.readings","columns":[{"name":"id","type":"long"},{"name":"name","type":"string"}]}"#,
                with: #"{"name":"sensors_db.readings",\#(format)"columns":[\#(GatewayRun.columns)]}"#
            ).replacing(#""decoder":"json","#, with: #""decoder":"json","gateway":{"device":"id"},"#)
        }
    }

    /// Payloads of which some are good, some are other devices', and most are broken somehow.
    private func payloads(_ count: Int, _ random: inout SeededGenerator) -> [String] {
        let alphabet = Array("{}[]:,\"\\u0123456789eE+-.tfnZT ".utf8)
        return (0..<count).map { _ in
            var text = Array(Self.seeds[Int.random(in: 0..<Self.seeds.count, using: &random)].utf8)
            for _ in 0..<Int.random(in: 0...3, using: &random) where text.count > 1 {
                let place = Int.random(in: 0..<text.count, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0, 1, 2: text[place] = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
                case 3: text.remove(at: place)
                default: text.removeSubrange(place...)
                }
            }
            return String(decoding: text, as: UTF8.self)
        }.filter { text in !text.allSatisfy { $0 == " " } }
    }

    @Test(arguments: ["", #""format":"parquet","partition":["name"],"#])
    func whatIsTakenBecomesRowsAndWhatIsNotWouldBeDeadLetters(format: String) throws {
        let edit = Self.definition(format)
        let lake = try TemporaryLake(edit: edit)
        let run = try GatewayRun(["EDGE_DEVICE_RATE": "0"], definition: edit(TemporaryLake.definition("dead-letter")))
        var random = SeededGenerator(seed: 5)
        var (refused, foreign) = ([String](), 0)
        for _ in 0..<(format.isEmpty ? 20 : 2) {
            var sent = payloads(format.isEmpty ? 200 : 40, &random)
            if !format.isEmpty { sent.append(#"{"id":7,"name":"\#(String(repeating: "x", count: 300))"}"#) }
            let reply = try run.send(sent.joined(separator: "\n"), "application/x-ndjson")
            #expect(reply.status == 202)
            for reading in reply.body["rejected"]?.elements ?? [] {
                let text = sent[Int(reading["index"]?.integer ?? -1)]
                // The lake takes readings without a device, or of another; the gateway does not.
                if reading["reason"]?.string == "device" || reading["field"]?.string == "id" {
                    foreign += 1
                } else {
                    refused.append(text)
                }
            }
        }
        let taken = run.payloads
        #expect(taken.count > 20 && refused.count > 10 && (foreign > 20 || !format.isEmpty))
        #expect(run.kinesis.records.allSatisfy { $0.key == "7" })
        #expect(try lake.ingest(TemporaryLake.event(taken)) == nil)
        if format.isEmpty { #expect(try lake.rows() == taken.count) }
        #expect((try? lake.rows("lake_db.dead_letters")) ?? 0 == 0)
        #expect(try lake.ingest(TemporaryLake.event(refused, first: 100_000)) == nil)
        #expect(try lake.rows("lake_db.dead_letters") == refused.count)
        if format.isEmpty { #expect(try lake.rows() == taken.count) }
    }

    @Test(arguments: [
        ("string", #""7""#, "7"), ("string", #""\u0037""#, "7"), ("string", "\"é\"", "é"), ("int", "7e0", "7"),
        ("int", "-7", "-7"),
    ])
    func theDeviceIsComparedAsTheLakeReadsIt(type: String, written: String, device: String) throws {
        let definition = GatewayRun.definition.replacing(#""id","type":"long""#, with: #""id","type":"\#(type)""#)
        let run = try GatewayRun(definition: definition)
        #expect(try run.send(#"{"id":\#(written)}"#, device: device).status == 202)
        #expect(try run.send(#"{"id":\#(written)}"#, device: device + "0").status == 403)
        // Of two members the last holds, here as in the lake.
        #expect(
            try run.send(#"{"id":\#(written),"id":\#(type == "string" ? "\"x\"" : "9")}"#, device: device).status == 403
        )
        #expect(run.kinesis.records.map(\.key) == [device])
    }
}
