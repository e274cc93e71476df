internal import JSON

/// The fields of the index, and the composable index template that gives them their types.
enum IndexTemplate {
    /// What is quoted, such as `BTC`.
    static let assetID = "asset_id"
    /// In what it is quoted, such as `USD`.
    static let assetType = "asset_type"
    /// The time of day of the window's start, `HH:mm` in UTC.
    static let startWindow = "start_window"
    /// The highest price of the window.
    static let priceCrypto = "price_crypto"
    /// The day of the window's start, `yyyy-MM-dd` in UTC.
    static let refDate = "ref_date"
    /// The window's start.
    static let timestamp = "@timestamp"

    /// The template of one index. Elasticsearch and OpenSearch both know all that it says.
    ///
    /// Its priority is above those of the templates that come with the server (100 to 150), so that a template which a
    /// user makes for the same index wins by a higher one.
    static func body(of index: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("index_patterns") { $0.array { $0.string(index) } }
            writer.member("priority", 200)
            writer.member("template") { writer in
                writer.object { writer in
                    writer.member("mappings") { writer in
                        writer.object { writer in
                            // A field that somebody else adds is kept, but gets no type by guess.
                            writer.member("dynamic", false)
                            writer.member("properties") { $0.object(properties) }
                        }
                    }
                }
            }
            writer.member("_meta") { writer in
                writer.object {
                    $0.member("description", "The highest price of each asset and window, by kafka-elastic")
                }
            }
        }
        return writer.bytes
    }

    private static func properties(_ writer: inout JSONWriter) {
        func field(_ name: String, _ type: String, format: String? = nil) {
            writer.member(name) { writer in
                writer.object { writer in
                    writer.member("type", type)
                    if let format { writer.member("format", format) }
                }
            }
        }
        field(assetID, "keyword")
        field(assetType, "keyword")
        field(startWindow, "keyword")
        field(priceCrypto, "double")
        field(refDate, "date", format: "yyyy-MM-dd")
        field(timestamp, "date")
    }
}
