/// Bounds of text and binary columns cut short, so that manifests stay small. A cut lower bound is still no greater
/// than any value, and a cut upper bound is raised so that it is still no less.
public enum BoundTruncation {
    /// A lower bound for a mode; nil if the mode keeps none.
    public static func lower(_ bound: [UInt8], type: Type, mode: MetricsMode) -> [UInt8]? {
        switch mode {
        case .none, .counts: nil
        case .full: bound
        case .truncate(let length): prefix(bound, type, length) ?? bound
        }
    }

    /// An upper bound for a mode; nil if the mode keeps none, or if the cut value cannot be raised.
    public static func upper(_ bound: [UInt8], type: Type, mode: MetricsMode) -> [UInt8]? {
        switch mode {
        case .none, .counts: return nil
        case .full: return bound
        case .truncate(let length):
            guard let cut = prefix(bound, type, length) else { return bound }
            return type == .string ? raised(text: cut) : raised(bytes: cut)
        }
    }

    /// The beginning of a bound that is too long; nil if it is short enough or of a fixed width.
    private static func prefix(_ bound: [UInt8], _ type: Type, _ length: Int) -> [UInt8]? {
        let end: Int
        switch type {
        case .string: end = bound.withUnsafeBytes { Prefix.length($0, codePoints: length) }
        case .binary, .fixed: end = min(length, bound.count)
        default: return nil
        }
        return end < bound.count ? Array(bound[..<end]) : nil
    }

    /// The shortest text above all that begins with this one: its last code point that can be is raised by one, and
    /// what follows is dropped.
    private static func raised(text: [UInt8]) -> [UInt8]? {
        guard let valid = String(validating: text, as: UTF8.self) else { return nil }
        var scalars = valid.unicodeScalars
        while let last = scalars.popLast() {
            // Surrogates are no scalar values: the next one after U+D7FF is U+E000.
            let next = last.value == 0xD7FF ? 0xE000 : last.value + 1
            if let scalar = Unicode.Scalar(next) {
                scalars.append(scalar)
                return Array(String(scalars).utf8)
            }
        }
        return nil
    }

    private static func raised(bytes: [UInt8]) -> [UInt8]? {
        var bytes = bytes
        while let last = bytes.popLast() {
            if last < 0xFF { return bytes + [last + 1] }
        }
        return nil
    }
}
