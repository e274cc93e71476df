internal import Columnar
internal import Foundation
internal import TestSupport
internal import Parquet

/// `parquet-bench FILE [ROUNDS]`: encodes one batch of sensor readings again and again, writes it to a file, and prints
/// the fastest and the median round, in seconds.
enum ParquetBench {
    static func run(_ arguments: [String]) throws {
        guard let path = arguments.first else { throw ConformanceError("parquet-bench needs a file") }
        let rounds = max(1, arguments.count > 1 ? Int(arguments[1]) ?? 200 : 200)
        var options = WriterOptions()
        if arguments.count > 2, arguments[2] == "zstd" { options.compression = .zstd(level: 3) }
        let batch = sensorReadings()
        var times: [Double] = []
        var file: WrittenFile?
        for _ in 0..<rounds {
            let start = DispatchTime.now().uptimeNanoseconds
            var writer = try ParquetWriter(fields: batch.fields, options: options)
            try writer.write(batch)
            file = try writer.finish()
            times.append(Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9)
        }
        times.sort()
        if let file { try Data(file.bytes).write(to: URL(fileURLWithPath: path)) }
        print("{\"rows\": \(batch.count), \"fastest\": \(times[0]), \"median\": \(times[times.count / 2])}")
    }

    /// As many readings as an event of 6 MB holds.
    static func sensorReadings(rows: Int = 7_894) -> RecordBatch {
        var random = SeededGenerator(seed: 42)
        let batch = RecordBatch([
            Field(name: "temperature", type: .int, id: 1), Field(name: "cpu", type: .double, id: 2),
            Field(name: "ram", type: .double, id: 3), Field(name: "hd", type: .double, id: 4),
            Field(name: "timestamp", type: .timestamp, id: 5), Field(name: "timestamp_sent", type: .timestamp, id: 6),
            Field(name: "id_device", type: .int, id: 7),
        ])
        var time: Int64 = 1_700_000_000_000_000
        for _ in 0..<rows {
            time += Int64.random(in: 1...900_000, using: &random)
            batch.columns[0].append(Int32.random(in: 15...90, using: &random))
            for column in 1...3 {
                batch.columns[column].append((Double.random(in: 0..<100, using: &random) * 100).rounded() / 100)
            }
            batch.columns[4].append(time)
            batch.columns[5].append(Int64(1_699_999_200_000_000))
            batch.columns[6].append(Int32.random(in: 1...1000, using: &random))
            batch.finishRow()
        }
        return batch
    }
}
