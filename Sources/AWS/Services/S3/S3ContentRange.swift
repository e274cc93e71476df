/// The field `Content-Range` of a response: `bytes 0-9/100` (RFC 9110 §14.4).
struct S3ContentRange: Equatable {
    let first: Int64
    let last: Int64
    let size: Int64

    init?(_ text: String) {
        let parts = text.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0] == "bytes" else { return nil }
        let numbers = parts[1].split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "/" }.map { Int64($0) }
        guard numbers.count == 3, let first = numbers[0], let last = numbers[1], let size = numbers[2],
            first >= 0, first <= last, last < size
        else { return nil }
        self.first = first
        self.last = last
        self.size = size
    }

    /// Bytes of the range.
    var count: Int64 { last - first + 1 }

    /// Whether these are the bytes that were asked for, as far as the object has them.
    func isAnswer(to range: S3Range) -> Bool {
        switch range {
        case .bytes(let start, let wanted): first == start && (count == wanted || count < wanted && last == size - 1)
        case .last(let wanted): last == size - 1 && count == min(wanted, size)
        }
    }
}
