/// How the pages of a file are compressed.
public enum Compression: Hashable, Sendable {
    /// Not at all.
    case none
    /// Snappy's raw block format.
    case snappy
    /// Zstandard, at a level from 1 to 22; 3 is the library's own default.
    case zstd(level: Int)

    /// The codec's number in the format.
    var codec: CompressionCodec {
        switch self {
        case .none: .uncompressed
        case .snappy: .snappy
        case .zstd: .zstd
        }
    }

    /// A size that so many bytes cannot be compressed below: snappy's longest copy is 64 bytes in 3.
    func smallestSize(of count: Int) -> Int {
        switch self {
        case .none: count
        case .snappy: count / 64 * 3
        case .zstd: 0
        }
    }
}
