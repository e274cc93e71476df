extension LakeConfiguration {
    /// Where the catalog lies.
    public enum CatalogLocation: Equatable, Sendable {
        /// A SQLite database at an absolute path.
        case sqlite(path: String)
        /// The AWS Glue Data Catalog: the account's own, or that of another account's id.
        case glue(catalogID: String?)
        /// An Iceberg REST catalog: its URL, with options behind `?`, as `RESTCatalogSettings` reads it.
        case rest(String)

        /// Whether it is a file of this machine.
        var isSQLite: Bool { if case .sqlite = self { true } else { false } }

        /// The form of `LAKE_CATALOG` that names it.
        public var text: String {
            switch self {
            case .sqlite(let path): "sqlite://\(path)"
            case .glue(nil): "glue"
            case .glue(let id?): "glue?catalog=\(id)"
            case .rest(let text): text
            }
        }

        /// Reads the forms of `LAKE_CATALOG`, a REST catalog's only by its scheme; nil for any other text.
        init?(_ text: String) {
            if text.hasPrefix("sqlite:") {
                self.init(sqlite: text)
            } else if text == "glue" || text.hasPrefix("glue?") {
                self.init(glue: text)
            } else {
                guard text.hasPrefix("https://") || text.hasPrefix("http://") else { return nil }
                self = .rest(text)
            }
        }

        private init?(sqlite text: String) {
            // SQLAlchemy's four slashes for an absolute path mean the same path as three.
            guard text.hasPrefix("sqlite:///"), text.utf8.count > "sqlite:///".utf8.count,
                !text.utf8.contains(UInt8(ascii: "?"))
            else { return nil }
            var path = text.utf8.dropFirst("sqlite://".utf8.count)
            while path.dropFirst().first == UInt8(ascii: "/") { path.removeFirst() }
            self = .sqlite(path: String(Substring(path)))
        }

        private init?(glue text: String) {
            guard text != "glue" else {
                self = .glue(catalogID: nil)
                return
            }
            guard text.hasPrefix("glue?catalog=") else { return nil }
            let id = text.utf8.dropFirst("glue?catalog=".utf8.count)
            guard !id.isEmpty, id.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "&") }) else { return nil }
            self = .glue(catalogID: String(Substring(id)))
        }
    }
}
