internal import Columnar

/// Bounds as statistics and column indexes hold them: long strings cut, so that the minimum is not above and the
/// maximum not below any value.
struct TruncatedBounds: Equatable {
    var minimum: [UInt8]
    var isMinimumExact: Bool
    /// Nil where a cut maximum cannot be incremented and the whole one is longer than ``longestWhole``.
    var maximum: [UInt8]?
    var isMaximumExact: Bool

    /// The most bytes of a maximum that is written whole because it has no shorter successor.
    static let longestWhole = 1 << 16

    init(_ bounds: ValueBounds, type: ColumnType, length: Int) {
        let (minimum, maximum) = bounds.withoutSignOfZero(type).exact(type)
        self.minimum = minimum
        self.maximum = maximum
        isMinimumExact = true
        isMaximumExact = true
        guard type.byteWidth == nil else { return }
        if minimum.count > length {
            self.minimum = Array(minimum[..<Self.cut(minimum, length, isText: type == .string)])
            isMinimumExact = false
        }
        if maximum.count > length {
            let end = Self.cut(maximum, length, isText: type == .string)
            let prefix = Array(maximum[..<end])
            // Without a successor the whole value has to do: some readers take a chunk without a maximum for one that
            // has no values, and miss its rows.
            if let successor = type == .string ? Self.incrementText(prefix) : Self.increment(prefix) {
                self.maximum = successor
                isMaximumExact = false
            } else if maximum.count > Self.longestWhole {
                self.maximum = nil
                isMaximumExact = false
            }
        }
    }

    /// Where to cut so that at most this many bytes are left and no code point is torn.
    private static func cut(_ bytes: [UInt8], _ length: Int, isText: Bool) -> Int {
        var end = length
        while isText && end > 0 && bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return end
    }

    /// The next bytes of at most the same length.
    private static func increment(_ bytes: [UInt8]) -> [UInt8]? {
        guard let last = bytes.lastIndex(where: { $0 < 0xFF }) else { return nil }
        return Array(bytes[..<last]) + [bytes[last] + 1]
    }

    /// The next text of at most the same length in bytes: its last code point that has a successor of the same
    /// length is incremented, and what follows is left out.
    private static func incrementText(_ bytes: [UInt8]) -> [UInt8]? {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        var scalars = Array(text.unicodeScalars)
        while let last = scalars.popLast() {
            let next = last.value == 0xD7FF ? 0xE000 : last.value + 1
            guard let successor = Unicode.Scalar(next), UTF8.width(successor) == UTF8.width(last) else { continue }
            scalars.append(successor)
            var result = String.UnicodeScalarView()
            result.append(contentsOf: scalars)
            return Array(String(result).utf8)
        }
        return nil
    }
}
