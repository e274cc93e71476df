@testable import Parquet

/// Decodes the RLE / bit-packing hybrid as the format's text describes it, a bit at a time.
enum HybridDecoder {
    static func decode(_ bytes: some Sequence<UInt8>, bitWidth: Int, count: Int) -> [UInt32]? {
        var rest = Array(bytes)[...]
        var values: [UInt32] = []
        while values.count < count {
            guard let header = varint(&rest) else { return nil }
            if header & 1 == 0 {
                let width = (bitWidth + 7) / 8
                guard rest.count >= width else { return nil }
                let value = rest.prefix(width).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                rest = rest.dropFirst(width)
                values += Array(repeating: value, count: Int(header >> 1))
            } else {
                let size = Int(header >> 1) * bitWidth
                guard rest.count >= size else { return nil }
                values += unpack(Array(rest.prefix(size)), bitWidth: bitWidth, count: Int(header >> 1) * 8)
                rest = rest.dropFirst(size)
            }
        }
        return rest.isEmpty ? Array(values.prefix(count)) : nil
    }

    static func unpack(_ bytes: [UInt8], bitWidth: Int, count: Int) -> [UInt32] {
        (0..<count).map { index in
            (0..<bitWidth).reduce(UInt32(0)) { value, bit in
                let place = index * bitWidth + bit
                return value | UInt32(bytes[place / 8] >> UInt8(place % 8) & 1) << UInt32(bit)
            }
        }
    }

    private static func varint(_ bytes: inout ArraySlice<UInt8>) -> UInt32? {
        var value: UInt32 = 0
        var shift: UInt32 = 0
        while let byte = bytes.popFirst() {
            value |= UInt32(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }
}

/// What a closure appends to an empty buffer.
func bytes(_ append: (inout ByteBuffer) -> Void) -> [UInt8] {
    var buffer = ByteBuffer()
    append(&buffer)
    return Array(buffer.bytes)
}
