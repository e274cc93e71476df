internal import Columnar

extension ColumnIndex {
    /// The index of a chunk's pages; nil where the format forbids one: a page whose values are all NaN has no bounds
    /// and is no null page either. Neither has a long maximum that cannot be truncated.
    init?(_ pages: [PageStatistics], type: ColumnType, length: Int) {
        self.init()
        nullCounts = []
        /// Bounds as written, in the order that the type compares by.
        var written: [ValueBounds] = []
        for page in pages {
            nullPages.append(page.valueCount == 0)
            nullCounts?.append(page.nullCount)
            guard page.valueCount > 0 else {
                minValues.append([])
                maxValues.append([])
                continue
            }
            guard let bounds = page.bounds else { return nil }
            let truncated = TruncatedBounds(bounds, type: type, length: length)
            guard let maximum = truncated.maximum else { return nil }
            minValues.append(truncated.minimum)
            maxValues.append(maximum)
            if case .fixed = bounds {
                written.append(bounds.withoutSignOfZero(type))
            } else {
                written.append(.bytes(minimum: truncated.minimum, maximum: maximum))
            }
        }
        boundaryOrder = Self.order(of: written)
    }

    /// How bounds go from page to page, null pages left aside.
    private static func order(of pages: [ValueBounds]) -> BoundaryOrder {
        var ascends = true
        var descends = true
        for (page, next) in zip(pages, pages.dropFirst()) {
            switch (page, next) {
            case (.fixed(let minimum, let maximum), .fixed(let nextMinimum, let nextMaximum)):
                ascends = ascends && minimum <= nextMinimum && maximum <= nextMaximum
                descends = descends && minimum >= nextMinimum && maximum >= nextMaximum
            case (.bytes(let minimum, let maximum), .bytes(let nextMinimum, let nextMaximum)):
                ascends = ascends && !nextMinimum.isBelow(minimum) && !nextMaximum.isBelow(maximum)
                descends = descends && !minimum.isBelow(nextMinimum) && !maximum.isBelow(nextMaximum)
            case (.fixed, .bytes), (.bytes, .fixed):
                return .unordered
            }
        }
        return ascends ? .ascending : descends ? .descending : .unordered
    }
}
