/// A line over time, drawn with the dots of Braille: two points beside one another and four above in each character.
struct LineChart {
    /// The values from left to right; nil leaves a gap.
    let points: [Double?]
    /// What stands under the first and the last point.
    let ends: (left: String, right: String)
    /// Characters from bottom to top.
    var height = 8

    private static let dots: [[UInt32]] = [[0x40, 0x04, 0x02, 0x01], [0x80, 0x20, 0x10, 0x08]]

    var lines: [String] {
        let values = points.compactMap { $0 }
        guard let least = values.min(), let greatest = values.max() else { return [] }
        let width = (points.count + 1) / 2
        let levels = height * 4
        var cells = Array(repeating: [UInt32](repeating: 0, count: width), count: height)
        var previous: Int?
        for (column, point) in points.enumerated() {
            guard let point else {
                previous = nil
                continue
            }
            let share = greatest > least ? (point - least) / (greatest - least) : 0.5
            let level = min(levels - 1, Int((share * Double(levels - 1)).rounded()))
            // From just past the last point's height on, so that the line does not break.
            for step in Self.steps(from: previous, to: level) {
                cells[height - 1 - step / 4][column / 2] |= Self.dots[column % 2][step % 4]
            }
            previous = level
        }
        let labels = [Quantity.fixed(greatest, 2), Quantity.fixed(least, 2)]
        let labelWidth = labels.map(\.count).max() ?? 0
        let rows = cells.enumerated().map { row, cells in
            let label = row == 0 ? labels[0] : row == height - 1 ? labels[1] : ""
            let line = cells.map { String(Unicode.Scalar(0x2800 + $0) ?? " ") }.joined()
            return String(repeating: " ", count: labelWidth - label.count) + label + " ┤" + line
        }
        let space = max(1, width - ends.left.count - ends.right.count)
        let axis = String(repeating: " ", count: labelWidth + 2) + ends.left
        return rows + [axis + String(repeating: " ", count: space) + ends.right]
    }

    private static func steps(from previous: Int?, to level: Int) -> ClosedRange<Int> {
        guard let previous, previous != level else { return level...level }
        return previous < level ? previous + 1...level : level...previous - 1
    }
}
