internal import AWS
internal import Calendar
internal import JSON

/// What the index holds of one asset and window: the highest price of the records so far.
struct QuoteDocument: Equatable {
    /// The asset and its type.
    let symbol: QuoteSymbol
    /// The window of time.
    let window: QuoteWindow
    /// The highest price: finite, not negative, and never −0.
    private(set) var price: Double
    /// The place of the first record that holds this price.
    private(set) var record: Int

    init(_ bar: Bar, of record: Int) {
        symbol = bar.symbol
        window = bar.window
        // −0 would have the bits of the largest number.
        price = bar.price + 0
        self.record = record
    }

    /// Takes a further bar of the same asset and window.
    mutating func take(_ bar: Bar, of record: Int) {
        guard bar.price > price else { return }
        price = bar.price
        self.record = record
    }

    /// The document's external version. The bits of numbers that are not negative have the order of the numbers, so
    /// that a document with a price at most as high as the index's own is turned away, in whatever order they come.
    var version: UInt64 { price.bitPattern }

    /// The document's id, the same for the same asset and window: `BTC/USD/2026-11-20T10:00:00Z`.
    ///
    /// What is not a letter, digit or `-._~` of ASCII is percent-encoded in the asset and its type, so that the slashes
    /// are those between the parts. Where the two are too long, their hash takes their place: with a colon, which the
    /// others do not have there.
    var id: String { Self.name(symbol.assetID, symbol.assetType) + "/" + startText }

    /// The part of an id that names the asset and its type.
    static func name(_ assetID: String, _ assetType: String) -> String {
        let name = PercentEncoding.encode(assetID) + "/" + PercentEncoding.encode(assetType)
        return name.utf8.count <= longestName ? name : "sha256:" + SHA256.hex(Array(name.utf8))
    }

    /// Ids may have 512 bytes; the rest is for the window.
    static let longestName = 448

    /// The window's start as `2026-11-20T10:00:00Z`, with a fraction where it has one.
    var startText: String {
        let microseconds = window.startUs - dayStartUs
        let (seconds, fraction) = microseconds.quotientAndRemainder(dividingBy: CalendarTime.microsecondsPerSecond)
        var text = date + "T" + clock + ":" + CivilDate.padded(seconds % 60, 2)
        // Elasticsearch keeps milliseconds, but reads up to nine digits.
        if fraction > 0 { text += "." + CivilDate.padded(fraction, 6) }
        return text + "Z"
    }

    /// The day of the window's start as `2026-11-20`.
    var date: String { CivilDate(daysSinceEpoch: floorDivide(window.startUs, microsecondsPerDay)).text }

    /// The time of day of the window's start as `10:00`.
    var clock: String {
        let minutes = (window.startUs - dayStartUs) / (60 * CalendarTime.microsecondsPerSecond)
        return CivilDate.padded(minutes / 60, 2) + ":" + CivilDate.padded(minutes % 60, 2)
    }

    private var dayStartUs: Int64 { floorDivide(window.startUs, microsecondsPerDay) * microsecondsPerDay }

    /// Writes the two lines of a `_bulk` request that index the document, each with its line break.
    func write(to writer: inout JSONWriter, into lines: inout [UInt8]) {
        writer.removeAll()
        writer.object { writer in
            writer.member("index") { writer in
                writer.object { writer in
                    writer.member("_id", id)
                    writer.member("version", version)
                    writer.member("version_type", "external")
                }
            }
        }
        Self.append(writer, to: &lines)
        writer.removeAll()
        writer.object { writer in
            writer.member(IndexTemplate.assetID, symbol.assetID)
            writer.member(IndexTemplate.assetType, symbol.assetType)
            writer.member(IndexTemplate.startWindow, clock)
            writer.member(IndexTemplate.priceCrypto, price)
            writer.member(IndexTemplate.refDate, date)
            writer.member(IndexTemplate.timestamp, startText)
        }
        Self.append(writer, to: &lines)
    }

    private static func append(_ writer: JSONWriter, to lines: inout [UInt8]) {
        lines += writer.bytes
        lines.append(UInt8(ascii: "\n"))
    }
}
