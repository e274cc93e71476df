import Testing

@testable import Parquet

@Suite struct PlainEncodingTests {
    @Test func booleansAreBitsFromTheLowestUp() {
        let values: [UInt8] = [1, 0, 1, 1, 0, 0, 0, 0, 1]
        let encoded = bytes { buffer in
            values.withUnsafeBufferPointer { PlainEncoding.append(booleans: $0, to: &buffer) }
        }
        #expect(encoded == [0b0000_1101, 1])
    }

    @Test func stringsFollowTheirLengths() {
        let text = Array("xabäz".utf8)
        let ends = [3, 3, 5]
        let encoded = bytes { buffer in
            text.withUnsafeBytes { source in
                ends.withUnsafeBufferPointer { ends in
                    guard let base = source.baseAddress else { return }
                    PlainEncoding.append(strings: ends, from: 1, of: base, to: &buffer)
                }
            }
        }
        #expect(encoded == [2, 0, 0, 0, 0x61, 0x62, 0, 0, 0, 0, 2, 0, 0, 0, 0xC3, 0xA4])
    }
}
