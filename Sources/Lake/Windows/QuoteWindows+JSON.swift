internal import Calendar
internal import Iceberg
internal import JSON

extension QuoteWindows {
    /// The version of the text below. A text of another version is not read.
    private static let version: Int64 = 1

    /// The compact JSON that snapshots keep:
    ///
    ///     {"version":1,"watermark":T,"late":N,"windows":[[start,end],…],"symbols":{"BTC/USD":[hour,price,…],…}}
    ///
    /// Times are in microseconds since the epoch, and `hour`, that of the symbol's newest bar, in hours; `watermark` is
    /// null before the first bar. A symbol's prices stand in the order of `windows`, with null where it has none and
    /// without nulls at the end. Prices are the shortest text that reads back as the same double.
    func serialized() -> String {
        let windows = open.keys.sorted()
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("version", Self.version)
            writer.member("watermark") { writer in
                if let watermarkUs { writer.integer(watermarkUs) } else { writer.null() }
            }
            writer.member("late", lateBars)
            writer.member("windows") { writer in
                writer.array { writer in
                    for window in windows {
                        writer.array { writer in
                            writer.integer(window.startUs)
                            writer.integer(window.endUs)
                        }
                    }
                }
            }
            let prices = windows.map { open[$0, default: [:]] }
            writer.member("symbols") { writer in
                writer.object { writer in
                    for (symbol, hour) in seenHours.sorted(by: { $0.key < $1.key }) {
                        let own = prices.map { $0[symbol] }
                        writer.member(symbol.text) { writer in
                            writer.array { writer in
                                writer.integer(hour)
                                for price in own[..<((own.lastIndex { $0 != nil }).map { $0 + 1 } ?? 0)] {
                                    if let price { writer.double(price) } else { writer.null() }
                                }
                            }
                        }
                    }
                }
            }
        }
        return writer.text
    }

    /// Reads what ``serialized()`` wrote.
    /// - Throws: ``IcebergError/Code/malformed`` for anything else: damage must not pass for a partition without open
    ///   windows.
    init(parsing text: String) throws(IcebergError) {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: Array(text.utf8))
        } catch {
            throw Self.damaged("\(error)")
        }
        guard let version = value["version"]?.integer else { throw Self.damaged("it has no version") }
        guard version == Self.version else { throw Self.damaged("its version is \(version), and not \(Self.version)") }
        guard value.members?.map(\.name) == ["version", "watermark", "late", "windows", "symbols"],
            let watermark = value["watermark"], let lateBars = value["late"]?.integer, lateBars >= 0,
            let spans = value["windows"]?.elements, let symbols = value["symbols"]?.members
        else { throw Self.damaged("a member is missing, of another kind, or there is one more") }
        let watermarkUs = watermark == .null ? nil : watermark.integer
        guard watermark == .null ? symbols.isEmpty : watermarkUs != nil else { throw Self.damaged("the watermark") }
        let windows = try Self.windows(spans, openAt: watermarkUs)
        var open: [QuoteWindow: [QuoteSymbol: Double]] = [:]
        var seenHours: [QuoteSymbol: Int64] = [:]
        for (name, entry) in symbols {
            guard let symbol = QuoteSymbol(parsing: name), let parts = entry.elements, let hour = parts.first?.integer,
                Self.hours.contains(hour), parts.count <= windows.count + 1, seenHours[symbol] == nil,
                parts.count == 1 || parts.last != .null
            else { throw Self.damaged("a symbol") }
            seenHours[symbol] = hour
            for (window, part) in zip(windows, parts.dropFirst()) where part != .null {
                guard let price = part.double, price.sign == .plus else { throw Self.damaged("a price") }
                open[window, default: [:]][symbol] = price
            }
        }
        guard open.count == windows.count else { throw Self.damaged("a window without prices") }
        self.init(watermarkUs: watermarkUs, lateBars: lateBars, open: open, seenHours: seenHours)
    }

    /// The open windows, each after the one before.
    private static func windows(
        _ spans: [JSONValue], openAt watermarkUs: Int64?
    ) throws(IcebergError) -> [QuoteWindow] {
        var windows: [QuoteWindow] = []
        for span in spans {
            guard let parts = span.elements, parts.count == 2, let startUs = parts[0].integer,
                let endUs = parts[1].integer, let window = QuoteWindow(startUs: startUs, endUs: endUs),
                windows.last.map({ $0 < window }) ?? true, endUs > watermarkUs ?? .max
            else { throw damaged("a window") }
            windows.append(window)
        }
        return windows
    }

    /// The hours of the years 1 to 9999.
    private static let hours =
        floorDivide(
            CalendarTime.range.lowerBound, microsecondsPerHour)...floorDivide(
            CalendarTime.range.upperBound, microsecondsPerHour)

    private static func damaged(_ what: String) -> IcebergError {
        IcebergError(
            .malformed,
            "the stored windows are damaged: \(what); nothing is taken, as quotes could be lost or written twice")
    }
}
