internal import Iceberg
internal import JSON

/// Which records of one shard the dead-letter table has: the newest by their offsets. It lies in the snapshot summary, in
/// the same commit as the letters.
///
/// A watermark alone would not do. A record below it was good when it came first, or never came here, where the stream is
/// read from an earlier place again, or its rows were rolled back: if it is bad now, its letter is not in the table. So
/// only what is listed is passed over. Where one batch has more bad records than the list takes, their whole range is
/// kept as well, so that the batch adds none of them twice when it is sent again.
struct KnownLetters: Equatable {
    /// The newest offsets, the newest last.
    private(set) var offsets: [SourceOffset] = []
    /// Offsets from the first to the last of a commit that had too many letters for the list; nil if the source has gone
    /// on since.
    private(set) var covered: ClosedRange<SourceOffset>?

    /// How many characters the listed offsets may have together: every snapshot has its own copy.
    static let longestList = 2048

    /// Name of a shard's entry in the snapshot summary.
    /// - Parameter identity: of the source and what its records are meant for.
    static func name(_ identity: String, _ shard: String) -> String { "swiftlake.state.letters.\(identity)/\(shard)" }

    init() {}

    /// Reads what ``text`` wrote. Of anything else nothing is known: letters may then come twice, but none is lost.
    init(parsing text: String?) {
        guard let text, let value = try? JSONValue(parsing: Array(text.utf8)) else { return }
        func offset(_ value: JSONValue) -> SourceOffset? { value.string.flatMap { try? SourceOffset(parsing: $0) } }
        offsets = (value["offsets"]?.elements ?? []).compactMap(offset)
        let range = (value["covered"]?.elements ?? []).compactMap(offset)
        if range.count == 2, range[0] <= range[1] { covered = range[0]...range[1] }
    }

    /// Compact JSON: `{"offsets":["17","21"],"covered":["5","21"]}`.
    var text: String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("offsets") { writer in
                writer.array { writer in for offset in offsets { writer.string(offset.description) } }
            }
            if let covered {
                writer.member("covered") { writer in
                    writer.array { writer in
                        writer.string(covered.lowerBound.description)
                        writer.string(covered.upperBound.description)
                    }
                }
            }
        }
        return writer.text
    }

    /// Whether the table has the letter of this offset.
    func contains(_ offset: SourceOffset) -> Bool {
        covered?.contains(offset) == true || offsets.contains(offset)
    }

    /// Notes letters that are about to be committed.
    /// - Parameters:
    ///   - new: their offsets, in order; at least one.
    ///   - first: the first letter's of the batch, known or new.
    mutating func add(_ new: [SourceOffset], ofBatchFrom first: SourceOffset) {
        guard let lowest = new.first, let highest = new.last else { return }
        let before = covered
        // A batch that begins behind the range does not hold what is in it.
        if let before, first > before.upperBound { covered = nil }
        let added = Set(new)
        offsets = offsets.filter { !added.contains($0) } + new
        var length = offsets.reduce(0) { $0 + $1.description.utf8.count }
        var dropped = 0
        while length > Self.longestList, dropped < offsets.count {
            length -= offsets[dropped].description.utf8.count
            dropped += 1
        }
        offsets.removeFirst(dropped)
        guard offsets.count < new.count else { return }
        if let before, before.contains(first) {
            covered = min(before.lowerBound, lowest)...max(before.upperBound, highest)
        } else {
            covered = min(first, lowest)...highest
        }
    }
}
