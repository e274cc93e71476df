internal import Columnar
internal import Foundation
internal import Lake

/// `decode-speed COLUMNS FILE ROUNDS [json]`: decodes FILE's lines, each a record in base64 (or JSON), ROUNDS times, and
/// writes the nanoseconds of each round.
enum DecodingSpeed {
    static func run(_ arguments: [String]) throws {
        guard arguments.count >= 3, let rounds = Int(arguments[2]) else {
            throw RecordDecoding.Fault("expected COLUMNS FILE ROUNDS [json]")
        }
        let columns = try RecordDecoding.parse(arguments[0])
        let isJSON = arguments.dropFirst(3).first == "json"
        let text = [UInt8](try Data(contentsOf: URL(fileURLWithPath: arguments[1])))
        let lines = text.indices.split { text[$0] == 0x0A }
        var decoder = RecordDecoder(columns)
        let clock = ContinuousClock()
        for _ in 0..<rounds {
            let batch = RecordBatch(columns.map(\.field), capacity: lines.count)
            let bytes = text.span.bytes
            let start = clock.now
            for line in lines {
                let record = bytes.extracting(line.startIndex..<line.endIndex)
                if isJSON {
                    try decoder.decode(json: record, into: batch)
                } else {
                    try decoder.decode(base64: record, into: batch)
                }
            }
            let spent = clock.now - start
            guard batch.count == lines.count else { throw RecordDecoding.Fault("rows are missing") }
            print(spent.components.attoseconds / 1_000_000_000)
        }
    }
}
