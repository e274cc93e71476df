internal import Calendar

/// Numbers as people read them.
enum Quantity {
    /// `19,974`
    static func grouped(_ number: some BinaryInteger) -> String {
        var text = String(number.magnitude)
        var grouped = ""
        while text.count > 3 {
            grouped = "," + text.suffix(3) + grouped
            text.removeLast(3)
        }
        return (number < 0 ? "-" : "") + text + grouped
    }

    /// `512 B`, `12.3 KiB`, `4.0 MiB`
    static func bytes(_ count: Int64) -> String {
        var value = Double(count)
        for unit in ["B", "KiB", "MiB", "GiB", "TiB"] {
            if value < 1024 || unit == "TiB" {
                return unit == "B" ? "\(count) B" : "\(fixed(value, 1)) \(unit)"
            }
            value /= 1024
        }
        return "\(count) B"
    }

    /// `850 µs`, `12.3 ms`, `1.50 s`
    static func seconds(_ seconds: Double) -> String {
        if seconds < 0.001 { return "\(fixed(seconds * 1_000_000, 0)) µs" }
        if seconds < 1 { return "\(fixed(seconds * 1000, 1)) ms" }
        return "\(fixed(seconds, 2)) s"
    }

    /// `1 file`, `2 files`
    static func counted(_ count: some BinaryInteger, _ noun: String) -> String {
        "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")"
    }

    /// Digits after the point, rounded to the nearest.
    static func fixed(_ value: Double, _ digits: Int) -> String {
        let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
        let scaled = UInt64((value.magnitude * scale).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard digits > 0 else { return "\(sign)\(scaled)" }
        return "\(sign)\(scaled / UInt64(scale)).\(CivilDate.padded(Int64(scaled % UInt64(scale)), digits))"
    }
}
