/// Where a lake's definition, catalog and files lie, as the environment says. A value: only an entry point reads the
/// environment itself.
public struct LakeConfiguration: Equatable, Sendable {
    /// Where the catalog lies.
    public enum CatalogLocation: Equatable, Sendable {
        /// A SQLite database at an absolute path.
        case sqlite(path: String)
    }

    /// The paths where the definition may lie; the first that exists is meant.
    public let definitionPaths: [String]
    /// Where the catalog lies.
    public let catalog: CatalogLocation
    /// Where tables lie that the catalog gives no other place: `file:///absolute/path`, without a slash at its end.
    public let warehouse: String
    /// Whether a table of the definition that the catalog lacks is made when it is first needed.
    public let createsTables: Bool
    /// For tests of a local lake: the step of its commits at which the process kills itself.
    public let killAtStep: Int?

    /// The name under which the SQLite catalog keeps its tables, which other readers must name too.
    public static let catalogName = "swiftlake"

    /// The environment variables that are read.
    public static let variables = [
        "LAKE_DEFINITION", "LAKE_CATALOG", "LAKE_WAREHOUSE", "LAKE_CREATE_TABLES", "LAKE_LOCAL",
        "AWS_LAMBDA_FUNCTION_NAME", "LAKE_KILL_AT_STEP",
    ]

    /// Reads the settings. An empty value counts as none.
    ///
    /// Without settings the lake lies in the folder `.lake` of the current directory, and a warehouse that is not set
    /// beside the catalog, so that the files of two lakes never lie in one place. On Lambda a missing setting is
    /// an error instead, unless `LAKE_LOCAL` is 1: records must not be acknowledged into a folder that vanishes.
    /// - Parameters:
    ///   - environment: the variables, at least those of ``variables``.
    ///   - currentDirectory: an absolute path, which relative ones start from.
    ///   - executableDirectory: an absolute path, where the running program lies.
    /// - Throws: ``ConfigurationError`` with every faulty variable.
    public init(
        environment: [String: String], currentDirectory: String, executableDirectory: String
    ) throws(ConfigurationError) {
        var reader = SettingsReader(environment: environment, currentDirectory: currentDirectory)
        let isLocal = reader.flag("LAKE_LOCAL") ?? (environment["AWS_LAMBDA_FUNCTION_NAME"] ?? "").isEmpty

        if let path = reader.value("LAKE_DEFINITION") {
            definitionPaths = [reader.absolute(path)]
        } else {
            definitionPaths =
                [executableDirectory + "/lake.json"] + (isLocal ? [reader.absolute("lake.json")] : [])
        }
        catalog = reader.catalog(orDefault: isLocal ? reader.absolute(".lake/catalog.db") : nil)
        switch catalog {
        case .sqlite(let path):
            let folder = Folder.parent(of: path) + "/warehouse"
            warehouse = reader.warehouse(orDefault: isLocal ? folder : nil)
        }
        // Every catalog that this build knows is a SQLite one, where jobs create tables unless told otherwise.
        createsTables = reader.flag("LAKE_CREATE_TABLES") ?? true
        killAtStep = isLocal ? reader.value("LAKE_KILL_AT_STEP").flatMap { Int($0) } : nil
        guard reader.problems.isEmpty else { throw ConfigurationError(problems: reader.problems) }
    }
}

/// Reads single settings and collects what is wrong with them.
private struct SettingsReader {
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

    mutating func catalog(orDefault path: String?) -> LakeConfiguration.CatalogLocation {
        let variable = "LAKE_CATALOG"
        guard let text = value(variable) else {
            if path == nil {
                add(variable, "is not set; on Lambda it must be, for example sqlite:///mnt/lake/catalog.db")
            }
            return .sqlite(path: path ?? "")
        }
        // SQLAlchemy's four slashes for an absolute path mean the same path as three.
        guard text.hasPrefix("sqlite:///"), text.utf8.count > "sqlite:///".utf8.count,
            !text.utf8.contains(UInt8(ascii: "?"))
        else {
            add(variable, "must be sqlite:///absolute/path/catalog.db, the catalog that this build takes")
            return .sqlite(path: "")
        }
        var path = text.utf8.dropFirst("sqlite://".utf8.count)
        while path.dropFirst().first == UInt8(ascii: "/") { path.removeFirst() }
        return .sqlite(path: String(Substring(path)))
    }

    mutating func warehouse(orDefault path: String?) -> String {
        let variable = "LAKE_WAREHOUSE"
        guard let text = value(variable) else {
            if path == nil { add(variable, "is not set; on Lambda it must be, for example file:///mnt/lake/warehouse") }
            return "file://" + (path ?? "")
        }
        guard text.hasPrefix("file:///") else {
            add(variable, "must be file:///absolute/path, the store that this build takes")
            return ""
        }
        var location = text
        while location.hasSuffix("/"), location != "file:///" { location.removeLast() }
        return location
    }

    /// The path itself where it is absolute, and otherwise from the current directory on.
    func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        return (currentDirectory == "/" ? "" : currentDirectory) + "/" + path
    }
}
