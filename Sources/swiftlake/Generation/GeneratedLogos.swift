internal import Simulation
internal import Calendar
internal import JSON

/// The list of logos that CoinAPI would give, in the shape of a recorded one: the market's assets, many others, and some
/// entries without an asset or an address.
struct GeneratedLogos {
    let seed: UInt64
    /// Pixels of a logo's side.
    var size = 32

    /// Assets that are not the market's.
    static let others = 2100
    /// One in so many entries lacks its asset or its address.
    private static let gap = 300

    /// Entries that have both.
    var logoCount: Int { entries.count { $0.asset != nil && $0.url != nil } }
    /// Entries that lack one.
    var droppedCount: Int { entries.count - logoCount }

    /// The list as CoinAPI writes it.
    var text: [UInt8] {
        var writer = JSONWriter()
        writer.array { writer in
            for entry in entries {
                writer.object { writer in
                    writer.member("exchange_id") { $0.null() }
                    if let asset = entry.asset { writer.member("asset_id", asset) }
                    if let url = entry.url { writer.member("url", url) }
                }
            }
        }
        return writer.bytes
    }

    private var entries: [(asset: String?, url: String?)] {
        let market = CryptoMarket.assets.map(\.id)
        return (0..<market.count + Self.others).map { index in
            let asset = index < market.count ? market[index] : "X\(CivilDate.padded(Int64(index), 4))"
            guard index % Self.gap == Self.gap - 1 else { return (asset, url(index)) }
            return index / Self.gap % 2 == 0 ? (nil, url(index)) : (asset, nil)
        }
    }

    private func url(_ index: Int) -> String {
        let numbers = SeededNumbers(seed: seed)
        let name = [UInt64(400), 401].map { salt in
            let text = String(numbers.number(index, salt), radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }
        return "https://s3.eu-central-1.amazonaws.com/bbxt-static-icons/type-id/png_\(size)/\(name.joined()).png"
    }
}
