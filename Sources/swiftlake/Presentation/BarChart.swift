/// Horizontal bars of Unicode's eighths.
struct BarChart {
    /// One bar: its label, its length, and what to say behind it.
    struct Bar {
        let label: String
        let value: Double
        let note: String
    }

    let bars: [Bar]
    /// Characters of the longest bar.
    var width = 40

    var lines: [String] {
        let longest = bars.map(\.value).max() ?? 0
        let labelWidth = bars.map(\.label.count).max() ?? 0
        return bars.map { bar in
            let label = bar.label + String(repeating: " ", count: labelWidth - bar.label.count)
            return "\(label)  \(Self.bar(bar.value, of: longest, width: width)) \(bar.note)"
        }
    }

    private static func bar(_ value: Double, of longest: Double, width: Int) -> String {
        guard longest > 0, value > 0 else { return "" }
        let eighths = max(1, Int((value / longest * Double(width) * 8).rounded()))
        let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
        return String(repeating: "█", count: eighths / 8) + rest
    }
}
