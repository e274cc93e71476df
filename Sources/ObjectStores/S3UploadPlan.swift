/// When and how a file is uploaded in parts.
public struct S3UploadPlan: Equatable, Sendable {
    /// A file of more bytes goes in parts.
    public var threshold: Int
    /// Bytes of a part, more where 10,000 parts would not do; S3 wants at least 5 MiB of each but the last.
    public var partSize: Int
    /// Parts on their way at once: each is a copy of its bytes until it has arrived.
    public var partsAtOnce: Int

    /// A plan.
    public init(threshold: Int = 64 << 20, partSize: Int = 8 << 20, partsAtOnce: Int = 8) {
        self.threshold = max(threshold, 0)
        self.partSize = max(partSize, 5 << 20)
        self.partsAtOnce = max(partsAtOnce, 1)
    }

    /// Parts that an upload may have.
    static let maximumParts = 10_000

    /// Where the parts of a file begin and end; one part, even of an empty file, if it is not to be divided.
    func parts(of count: Int) -> [Range<Int>] {
        guard count > threshold else { return [0..<count] }
        let size = max(partSize, (count + Self.maximumParts - 1) / Self.maximumParts)
        return stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
    }
}
