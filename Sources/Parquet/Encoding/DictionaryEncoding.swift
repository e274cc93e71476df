internal import Glibc

/// The distinct values of a chunk in the order they first appear, and each value's place among them.
struct DictionaryEncoding: ~Copyable {
    /// The dictionary page: distinct values, PLAIN.
    var page: ByteBuffer
    /// Distinct values.
    var count: Int
    /// One 32-bit place a value.
    var indices: ByteBuffer

    /// The most distinct values for which dictionary and indices can take fewer bytes than PLAIN.
    /// - Parameter width: bytes of a value.
    static func mostEntries(values: Int, width: Int, byteLimit: Int) -> Int {
        var most = 0
        for bits in 1...31 {
            // entries × width × 8 + values × bits < values × width × 8
            let spare = values * (width * 8 - bits)
            guard spare > 0 else { break }
            most = max(most, min(1 << bits, (spare - 1) / (width * 8)))
        }
        return min(most, byteLimit / width)
    }

    /// The dictionary of fixed-width values, compared by their bits; nil as soon as it cannot be worth its bytes.
    static func of<Value: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ values: UnsafeBufferPointer<Value>, byteLimit: Int
    ) -> DictionaryEncoding? {
        let width = MemoryLayout<Value>.size
        guard values.count <= Int(Int32.max) / width else { return nil }
        let most = mostEntries(values: values.count, width: width, byteLimit: byteLimit)
        guard most > 0 else { return nil }
        var table = IndexTable()
        var page = ByteBuffer(capacity: min(most, 1024) * width)
        var indices = ByteBuffer(capacity: values.count * 4)
        let places = indices.base.assumingMemoryBound(to: UInt32.self)
        var count = 0
        for (row, value) in values.enumerated() {
            var slot = table.slot(of: hash(value))
            while true {
                let entry = table.entry(slot)
                if entry == 0 {
                    guard count < most else { return nil }
                    page.append(value)
                    count &+= 1
                    table.fill(slot, with: count)
                    places[row] = UInt32(truncatingIfNeeded: count &- 1)
                    if table.isFull(count) {
                        let keys = page.values(as: Value.self)
                        table.grow(entries: count) { hash(keys[$0]) }
                    }
                    break
                }
                if page.values(as: Value.self)[entry &- 1] == value {
                    places[row] = UInt32(truncatingIfNeeded: entry &- 1)
                    break
                }
                slot = table.next(slot)
            }
        }
        indices.commit(values.count * 4)
        return DictionaryEncoding(page: page, count: count, indices: indices)
    }

    /// The dictionary of strings; nil as soon as it cannot be worth its bytes.
    /// - Parameters:
    ///   - ends: where each string ends in the bytes; the first starts at 0.
    static func of(
        strings ends: UnsafeBufferPointer<Int>, of bytes: UnsafeRawPointer, byteLimit: Int
    ) -> DictionaryEncoding? {
        guard let total = ends.last, ends.count <= Int(Int32.max) / 4 else { return nil }
        let limit = min(byteLimit, total + ends.count * 4 - 1)
        var table = IndexTable()
        var page = ByteBuffer()
        /// Where each entry's string starts and ends in the bytes, and its hash.
        var entries: [(start: Int, end: Int, hash: UInt64)] = []
        var indices = ByteBuffer(capacity: ends.count * 4)
        let places = indices.base.assumingMemoryBound(to: UInt32.self)
        var start = 0
        for (row, end) in ends.enumerated() {
            let length = end &- start
            let hash = hash(bytes + start, length)
            var slot = table.slot(of: hash)
            while true {
                let entry = table.entry(slot)
                if entry == 0 {
                    guard page.count + 4 + length <= limit else { return nil }
                    page.append(UInt32(truncatingIfNeeded: length))
                    page.append(UnsafeRawBufferPointer(start: bytes + start, count: length))
                    entries.append((start, end, hash))
                    table.fill(slot, with: entries.count)
                    places[row] = UInt32(truncatingIfNeeded: entries.count &- 1)
                    if table.isFull(entries.count) {
                        table.grow(entries: entries.count) { entries[$0].hash }
                    }
                    break
                }
                let known = entries[entry &- 1]
                if known.hash == hash && known.end &- known.start == length
                    && memcmp(bytes + known.start, bytes + start, length) == 0
                {
                    places[row] = UInt32(truncatingIfNeeded: entry &- 1)
                    break
                }
                slot = table.next(slot)
            }
            start = end
        }
        indices.commit(ends.count * 4)
        return DictionaryEncoding(page: page, count: entries.count, indices: indices)
    }

    // MARK: - Hashing

    /// 2^64 divided by the golden ratio, which spreads neighbouring keys far apart.
    private static let multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15

    @inline(__always)
    private static func hash<Value: FixedWidthInteger & UnsignedInteger>(_ value: Value) -> UInt64 {
        let bits = UInt64(truncatingIfNeeded: value)
        return (bits ^ bits &>> 32) &* multiplier
    }

    @inline(__always)
    private static func hash(_ bytes: UnsafeRawPointer, _ length: Int) -> UInt64 {
        var state = UInt64(truncatingIfNeeded: length)
        var offset = 0
        while offset &+ 8 <= length {
            state = mix(state, bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset &+= 8
        }
        var rest: UInt64 = 0
        while offset < length {
            rest = rest &<< 8 | UInt64(bytes.load(fromByteOffset: offset, as: UInt8.self))
            offset &+= 1
        }
        return mix(state, rest)
    }

    @inline(__always)
    private static func mix(_ state: UInt64, _ word: UInt64) -> UInt64 {
        let product = (state ^ word).multipliedFullWidth(by: multiplier)
        return product.high ^ product.low &+ multiplier
    }
}
