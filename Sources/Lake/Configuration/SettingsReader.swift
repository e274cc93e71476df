internal import AWS
internal import Catalogs
internal import Iceberg

/// Reads single settings and collects what is wrong with them.
struct SettingsReader {
    let environment: [String: String]
    let currentDirectory: String
    var problems: [ConfigurationError.Problem] = []

    init(environment: [String: String], currentDirectory: String) {
        self.environment = environment
        self.currentDirectory = currentDirectory
    }

    func value(_ variable: String) -> String? {
        environment[variable].flatMap { $0.isEmpty ? nil : $0 }
    }

    mutating func add(_ variable: String, _ message: String) {
        problems.append(ConfigurationError.Problem(variable: variable, message: message))
    }

    /// Whether this is no function on Lambda: `LAKE_LOCAL`, or else whether Lambda has given it a name.
    var isLocal: Bool {
        mutating get { flag("LAKE_LOCAL") ?? (environment["AWS_LAMBDA_FUNCTION_NAME"] ?? "").isEmpty }
    }

    /// The paths where the definition may lie, or its place in S3.
    mutating func definitionPaths(isLocal: Bool, executableDirectory: String) -> [String] {
        let variable = "LAKE_DEFINITION"
        if let path = value(variable) {
            guard path.holds("://") else { return [absolute(path)] }
            if Self.isObject(path) { return [path] }
            add(variable, "must be the path of a lake.json, or s3://bucket/key")
            return []
        }
        return [executableDirectory + "/lake.json"] + (isLocal ? [absolute("lake.json")] : [])
    }

    mutating func flag(_ variable: String) -> Bool? {
        switch value(variable) {
        case nil: return nil
        case "1": return true
        case "0": return false
        default:
            add(variable, "must be 1 or 0")
            return nil
        }
    }

    /// - Parameter path: of the SQLite catalog that is meant where nothing is set.
    mutating func catalog(orDefault path: String?) -> LakeConfiguration.CatalogLocation {
        let variable = "LAKE_CATALOG"
        guard let text = value(variable) else {
            if path == nil { add(variable, "is not set; on Lambda it must be, for example glue") }
            return .sqlite(path: path ?? "")
        }
        if let location = LakeConfiguration.CatalogLocation(text) {
            if case .rest(let text) = location { check(rest: text) }
            return location
        }
        add(
            variable,
            "must be sqlite:///absolute/path/catalog.db, glue, glue?catalog=<account id>, or an Iceberg REST catalog's "
                + "https://host/path, with ?sigv4=glue or ?sigv4=s3tables where its requests are signed")
        return .sqlite(path: "")
    }

    private mutating func check(rest text: String) {
        do throws(IcebergError) {
            _ = try RESTCatalogSettings(catalog: text)
        } catch {
            add("LAKE_CATALOG", error.message)
        }
    }

    /// Where nothing is set, a local SQLite catalog's warehouse lies beside it.
    mutating func warehouse(of catalog: LakeConfiguration.CatalogLocation, isLocal: Bool) -> String {
        let variable = "LAKE_WAREHOUSE"
        // A REST catalog gives its warehouses names as it likes, and may have but one.
        if case .rest = catalog { return value(variable) ?? "" }
        guard let text = value(variable) else {
            if case .sqlite(let path) = catalog, isLocal {
                return "file://" + Folder.parent(of: path) + "/warehouse"
            }
            add(
                variable,
                isLocal
                    ? "is not set: say where the tables' files go, for example s3://bucket/lake"
                    : "is not set; on Lambda it must be, for example s3://bucket/lake")
            return ""
        }
        return location(variable, text) ?? ""
    }

    /// The warehouses of layers that have one of their own: `LAKE_WAREHOUSE_BRONZE`, `…_SILVER`, `…_GOLD`.
    mutating func layerWarehouses() -> [TableLayer: String] {
        var warehouses: [TableLayer: String] = [:]
        for layer in TableLayer.allCases {
            let variable = "LAKE_WAREHOUSE_\(layer.rawValue.uppercased())"
            if let text = value(variable) { warehouses[layer] = location(variable, text) }
        }
        return warehouses
    }

    private mutating func location(_ variable: String, _ text: String) -> String? {
        if let location = Self.location(text) { return location }
        add(variable, "must be s3://bucket/prefix or file:///absolute/path")
        return nil
    }

    /// A location where tables may lie, without a slash at its end; nil if it is none.
    static func location(_ text: String) -> String? {
        var location = text
        while location.hasSuffix("/"), location != "file:///" { location.removeLast() }
        return location.hasPrefix("file:///") || isBucket(location) ? location : nil
    }

    /// The path itself where it is absolute, and otherwise from the current directory on.
    func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        return (currentDirectory == "/" ? "" : currentDirectory) + "/" + path
    }

    /// Whether a location is an object of S3: a bucket and a key.
    static func isObject(_ location: String) -> Bool {
        guard isBucket(location) else { return false }
        let place = location.utf8.dropFirst("s3://".utf8.count)
        guard let slash = place.firstIndex(of: UInt8(ascii: "/")) else { return false }
        return slash != place.index(before: place.endIndex) && location.utf8.last != UInt8(ascii: "/")
    }

    /// Whether a location is a bucket of a name that S3 takes, or lies in one.
    private static func isBucket(_ location: String) -> Bool {
        guard location.hasPrefix("s3://") else { return false }
        let bucket = location.utf8.dropFirst("s3://".utf8.count).prefix { $0 != UInt8(ascii: "/") }
        return (3...63).contains(bucket.count)
            && bucket.allSatisfy {
                switch $0 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "-"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}
