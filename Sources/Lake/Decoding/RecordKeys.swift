/// Finds a key's column. Records of one stream mostly name the same members in the same order, so the key that stood
/// in this place in the last record is tried first, byte for byte as it was written; any other is looked up.
struct RecordKeys: ~Copyable {
    /// The column of a key that no column has.
    static let unknown: Int32 = -1

    /// A key as it was written in the last record, quotes included, and its column.
    private struct Expected {
        /// Zero if nothing is expected here.
        var length = 0
        var column: Int32 = RecordKeys.unknown
    }

    /// Bytes kept of an expected key; longer keys are looked up.
    private static let width = 64
    /// Members whose order is remembered.
    private static let places = 256

    private let expected: UnsafeMutablePointer<Expected>
    private let text: UnsafeMutablePointer<UInt8>
    /// Columns by the hash of their names, with open addressing; its size is a power of two.
    private var buckets: [Int32]
    private let names: [[UInt8]]

    init(_ names: [String]) {
        expected = .allocate(capacity: Self.places)
        expected.initialize(repeating: Expected(), count: Self.places)
        text = .allocate(capacity: Self.places * Self.width)
        text.initialize(repeating: 0, count: Self.places * Self.width)
        self.names = names.map { Array($0.utf8) }
        var size = 8
        while size < names.count * 2 { size *= 2 }
        buckets = Array(repeating: Self.unknown, count: size)
        for (column, name) in self.names.enumerated() {
            var bucket = name.withUnsafeBytes { Self.hash($0) } & (size - 1)
            while buckets[bucket] != Self.unknown { bucket = (bucket + 1) & (size - 1) }
            buckets[bucket] = Int32(column)
        }
    }

    deinit {
        expected.deallocate()
        text.deallocate()
    }

    /// The column of the key expected in this place, and the key's length with its quotes, if the bytes at the pointer
    /// are that key. The pointer must have ``RecordBuffer/padding`` bytes behind it.
    @inline(__always)
    func match(_ place: Int, _ bytes: UnsafePointer<UInt8>) -> (column: Int32, length: Int)? {
        guard place < Self.places else { return nil }
        let entry = expected[place]
        guard entry.length > 0 else { return nil }
        let written = UnsafeRawPointer(text + place * Self.width)
        let read = UnsafeRawPointer(bytes)
        var index = 0
        while index + 8 <= entry.length {
            guard
                read.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                    == written.load(fromByteOffset: index, as: UInt64.self)
            else { return nil }
            index += 8
        }
        let rest = UInt64(entry.length - index) * 8
        let difference =
            read.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            ^ written.load(fromByteOffset: index, as: UInt64.self)
        guard difference & ((1 as UInt64) << rest &- 1) == 0 else { return nil }
        return (entry.column, entry.length)
    }

    /// Remembers that a valid key, quotes included, stood in this place.
    mutating func expect(_ place: Int, _ written: UnsafeRawBufferPointer, column: Int32) {
        guard place < Self.places else { return }
        guard written.count < Self.width else {
            expected[place].length = 0
            return
        }
        let target = UnsafeMutableRawBufferPointer(start: text + place * Self.width, count: Self.width)
        target.copyMemory(from: written)
        expected[place] = Expected(length: written.count, column: column)
    }

    /// The column of this name, unescaped and without quotes.
    func column(named name: UnsafeRawBufferPointer) -> Int32 {
        var bucket = Self.hash(name) & (buckets.count - 1)
        while true {
            let column = buckets[bucket]
            if column == Self.unknown { return Self.unknown }
            if names[Int(column)].withUnsafeBytes({ $0.elementsEqual(name) }) { return column }
            bucket = (bucket + 1) & (buckets.count - 1)
        }
    }

    /// FNV-1a, which spreads short names well. Names come from the table, so nobody can choose them to collide.
    private static func hash(_ name: UnsafeRawBufferPointer) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return Int(truncatingIfNeeded: hash ^ hash >> 32)
    }
}
