internal import Columnar
internal import Foundation
internal import TestSupport
internal import JSON

/// One value of a matrix file.
enum MatrixValue {
    case boolean(Bool)
    case word(UInt32)
    case doubleWord(UInt64)
    case bytes([UInt8])

    /// A value of a type; one in eight is an extreme.
    /// - Parameter isDistinct: whether values should seldom repeat.
    static func random(_ type: ColumnType, isDistinct: Bool, _ random: inout SeededGenerator) -> MatrixValue {
        let isExtreme = Int.random(in: 0..<8, using: &random) == 0
        switch type {
        case .boolean: return .boolean(Bool.random(using: &random))
        case .int:
            let extremes = [Int32.min, -1, 0, 1, Int32.max]
            return .word(
                UInt32(
                    bitPattern: pick(extremes, isExtreme, &random) ?? Int32.random(in: .min ... .max, using: &random)))
        case .date:
            // Readers give the ends of the range a meaning of their own, such as infinity.
            return .word(UInt32(bitPattern: Int32.random(in: -1_000_000...1_000_000, using: &random)))
        case .float:
            let extremes: [Float] = [
                .nan, -.nan, 0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
            ]
            return .word(
                (pick(extremes, isExtreme, &random) ?? Float.random(in: -1e6...1e6, using: &random)).bitPattern)
        case .long:
            let extremes = [Int64.min, -1, 0, 1, Int64.max]
            return .doubleWord(
                UInt64(
                    bitPattern: pick(extremes, isExtreme, &random) ?? Int64.random(in: .min ... .max, using: &random)))
        case .timestamp, .timestamptz:
            let range: ClosedRange<Int64> = -60_000_000_000_000_000...250_000_000_000_000_000
            return .doubleWord(UInt64(bitPattern: Int64.random(in: range, using: &random)))
        case .double:
            let extremes: [Double] = [
                .nan, -.nan, 0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
            ]
            return .doubleWord(
                (pick(extremes, isExtreme, &random) ?? Double.random(in: -1e9...1e9, using: &random)).bitPattern)
        case .string:
            let extremes = [
                "", "\u{0}", "ä", String(repeating: "ü", count: 100), String(repeating: "\u{10FFFF}", count: 40),
            ]
            if let text = pick(extremes, isExtreme, &random) { return .bytes(Array(text.utf8)) }
            let alphabet = Array("abcdefghé€😀\u{7F}\u{7FF}\u{FFFF}")
            let length = Int.random(in: isDistinct ? 6...90 : 0...90, using: &random)
            return .bytes(Array(String((0..<length).compactMap { _ in alphabet.randomElement(using: &random) }).utf8))
        case .binary:
            if isExtreme {
                return .bytes([[], [0], [0xFF], Array(repeating: 0xFF, count: 90)].randomElement(using: &random) ?? [])
            }
            return .bytes(
                (0..<Int.random(in: isDistinct ? 6...90 : 0...90, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                })
        }
    }

    private static func pick<Value>(_ extremes: [Value], _ isExtreme: Bool, _ random: inout SeededGenerator) -> Value? {
        isExtreme ? extremes.randomElement(using: &random) : nil
    }

    func append(to column: Column) {
        switch self {
        case .boolean(let value): column.append(value)
        case .word(let value): column.append(value)
        case .doubleWord(let value): column.append(value)
        case .bytes(let value): value.withUnsafeBytes { _ = column.append(bytes: $0) }
        }
    }

    /// Writes a row's value so that nothing is lost.
    static func write(_ column: Column, _ row: Int, _ json: inout JSONWriter) {
        guard !column.isNull(row) else { return json.null() }
        switch column.type {
        case .boolean: json.bool(column.boolean(row))
        case .int, .date: json.string(String(column.value(row, as: Int32.self)))
        case .long, .timestamp, .timestamptz: json.string(String(column.value(row, as: Int64.self)))
        case .float: json.string(String(column.value(row, as: UInt32.self), radix: 16))
        case .double: json.string(String(column.value(row, as: UInt64.self), radix: 16))
        case .string: json.string(column.string(row))
        case .binary: json.string(column.withBytes(row) { ParquetMatrix.hexadecimal($0) })
        }
    }
}

/// A check that cannot run.
struct ConformanceError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
