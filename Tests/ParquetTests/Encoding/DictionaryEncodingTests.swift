import TestSupport
import Testing

@testable import Parquet

@Suite struct DictionaryEncodingTests {
    /// Distinct values as bytes, and every value's place.
    private func encode(_ values: [UInt64], byteLimit: Int = 1 << 20) -> (page: [UInt8], places: [UInt32])? {
        values.withUnsafeBufferPointer { values in
            guard let dictionary = DictionaryEncoding.of(values, byteLimit: byteLimit) else { return nil }
            let places = UnsafeBufferPointer(start: dictionary.indices.values(as: UInt32.self), count: values.count)
            return (Array(dictionary.page.bytes), Array(places))
        }
    }

    private func encode(_ strings: [String], byteLimit: Int = 1 << 20) -> (page: [UInt8], places: [UInt32])? {
        var ends: [Int] = []
        for text in strings { ends.append((ends.last ?? 0) + text.utf8.count) }
        // A byte more, so that the text has an address even if all strings are empty.
        let text = Array(strings.joined().utf8) + [0]
        return text.withUnsafeBytes { source in
            ends.withUnsafeBufferPointer { ends in
                guard let base = source.baseAddress,
                    let dictionary = DictionaryEncoding.of(strings: ends, of: base, byteLimit: byteLimit)
                else { return nil }
                let places = UnsafeBufferPointer(start: dictionary.indices.values(as: UInt32.self), count: ends.count)
                return (Array(dictionary.page.bytes), Array(places))
            }
        }
    }

    @Test func valuesComeAsTheyFirstAppear() throws {
        let encoded = try #require(encode([9, 7, 9, 9, 7, 0, 9, 7, 0, 9, 9, 9]))
        #expect(encoded.page == [9, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
        #expect(encoded.places == [0, 1, 0, 0, 1, 2, 0, 1, 2, 0, 0, 0])
    }

    @Test func stringsComeAsTheyFirstAppear() throws {
        let encoded = try #require(encode(["b", "", "b", "aa", "", "b"]))
        #expect(encoded.page == [1, 0, 0, 0, 0x62, 0, 0, 0, 0, 2, 0, 0, 0, 0x61, 0x61])
        #expect(encoded.places == [0, 1, 0, 2, 1, 0])
    }

    @Test func valuesThatNeverRepeatHaveNone() {
        #expect(encode((0..<10_000).map { UInt64($0) }) == nil)
        #expect(encode((0..<1000).map { "value \($0)" }) == nil)
        #expect(encode([UInt64]()) == nil)
        #expect(encode([String]()) == nil)
    }

    @Test func limitIsKept() throws {
        let values = (0..<1000).map { UInt64($0 % 10) }
        #expect(encode(values, byteLimit: 79) == nil)
        #expect(try #require(encode(values, byteLimit: 80)).page.count == 80)
        let strings = (0..<100).map { "value \($0 % 10)" }
        #expect(encode(strings, byteLimit: 109) == nil)
        #expect(try #require(encode(strings, byteLimit: 110)).page.count == 110)
    }

    @Test func manyDistinctValuesSurviveTheTablesGrowth() throws {
        var random = SeededGenerator(seed: 5)
        let pool = (0..<20_000).map { _ in UInt64.random(in: .min ... .max, using: &random) << 40 }
        let values = (0..<60_000).map { _ in pool.randomElement(using: &random) ?? 0 }
        let encoded = try #require(encode(values))
        let distinct = encoded.page.withUnsafeBytes { page in
            (0..<page.count / 8).map { page.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self) }
        }
        #expect(Set(distinct).count == distinct.count)
        #expect(encoded.places.map { distinct[Int($0)] } == values)
    }

    @Test func manyDistinctStringsSurviveTheTablesGrowth() throws {
        let strings = (0..<9000).map { "common prefix of every string \($0 % 3000)" }
        let encoded = try #require(encode(strings))
        #expect(encoded.places == (0..<9000).map { UInt32($0 % 3000) })
    }

    @Test func boundOfEntriesIsWhereThePlainFormIsNoLonger() {
        for (values, width) in [(1, 8), (10, 8), (100, 4), (7894, 8), (100_000, 8)] {
            let most = DictionaryEncoding.mostEntries(values: values, width: width, byteLimit: .max)
            func bits(_ entries: Int) -> Int {
                entries * width * 8 + values * max(1, BitPacking.bitWidth(ofMaximum: UInt32(max(entries, 1) - 1)))
            }
            if most > 0 { #expect(bits(most) < values * width * 8) }
            #expect(bits(most + 1) >= values * width * 8)
        }
    }
}
