internal import Iceberg

/// Ranges of one shard that files of one partition cover. They do not overlap unless two writers took the same records
/// at the same time.
struct CoveredRanges {
    /// By their first offset.
    private let firsts: [SourceOffset]
    /// The highest last offset of the ranges up to each.
    private let lasts: [SourceOffset]

    init(_ ranges: [ClosedRange<SourceOffset>]) {
        let sorted = ranges.sorted { $0.lowerBound < $1.lowerBound }
        firsts = sorted.map(\.lowerBound)
        var highest: [SourceOffset] = []
        for range in sorted { highest.append(highest.last.map { max($0, range.upperBound) } ?? range.upperBound) }
        lasts = highest
    }

    /// The records that no range covers, in runs that no range lies within.
    /// - Parameter offsets: of records, ascending.
    /// - Returns: places in `offsets`.
    func uncovered(_ offsets: [SourceOffset]) -> [[Int]] {
        guard !firsts.isEmpty else { return offsets.isEmpty ? [] : [Array(offsets.indices)] }
        var runs: [[Int]] = []
        var before: Int?
        for (place, offset) in offsets.enumerated() {
            let count = rangesStarting(upTo: offset)
            if count > 0, offset <= lasts[count - 1] { continue }
            if before == count, !runs.isEmpty { runs[runs.count - 1].append(place) } else { runs.append([place]) }
            before = count
        }
        return runs
    }

    private func rangesStarting(upTo offset: SourceOffset) -> Int {
        var (low, high) = (0, firsts.count)
        while low < high {
            let middle = (low + high) / 2
            if firsts[middle] <= offset { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
