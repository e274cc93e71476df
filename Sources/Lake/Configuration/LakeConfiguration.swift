/// Where a lake's definition, catalog and files lie, as the environment says. A value: only an entry point reads the
/// environment itself.
public struct LakeConfiguration: Sendable {
    /// The paths where the definition may lie, of which the first that exists is meant; or its `s3://bucket/key` alone.
    public let definitionPaths: [String]
    /// Whether the definition lies in S3.
    public let definitionIsObject: Bool
    /// Where the catalog lies.
    public internal(set) var catalog: CatalogLocation
    /// Where tables lie that the catalog gives no other place: `file:///absolute/path` or `s3://bucket/prefix`, without a
    /// slash at its end. For a REST catalog, its name of the warehouse, which may be empty.
    public let warehouse: String
    /// The same, with the warehouses of layers that have one of their own.
    public let warehouses: Warehouses
    /// Whether a table of the definition that the catalog lacks is made when it is first needed.
    public let createsTables: Bool
    /// How many threads may encode data files at once.
    public let encodingThreads: Int
    /// For tests of a local lake: the step of its commits at which the process kills itself.
    public let killAtStep: Int?

    /// How AWS's services and a REST catalog are reached; nil where the settings do not say, and neither the lake nor its
    /// definition is a service's.
    let services: ServiceSettings?

    /// Whether catalog or files are a service's.
    public let usesServices: Bool
    /// Whether a service is called to open the lake: for catalog, files, or the definition.
    public let needsServices: Bool

    /// Whether an environment variable may be read: the lake's own, and those that AWS's SDKs know.
    public static func isVariable(_ name: String) -> Bool {
        ["LAKE_", "AWS_"].contains(where: name.hasPrefix) || ["SSL_CERT_FILE", "HOME"].contains(name)
    }

    /// Reads the settings. An empty value counts as none.
    ///
    /// Without settings the lake lies in the folder `.lake` of the current directory, and a warehouse that is not set
    /// beside the catalog, so that the files of two lakes never lie in one place. On Lambda a missing setting is
    /// an error instead, unless `LAKE_LOCAL` is 1: records must not be acknowledged into a folder that vanishes.
    /// - Parameters:
    ///   - environment: the variables, at least those of ``isVariable(_:)``.
    ///   - currentDirectory: an absolute path, which relative ones start from.
    ///   - executableDirectory: an absolute path, where the running program lies.
    /// - Throws: ``ConfigurationError`` with every faulty variable.
    public init(
        environment: [String: String], currentDirectory: String, executableDirectory: String
    ) throws(ConfigurationError) {
        var reader = SettingsReader(environment: environment, currentDirectory: currentDirectory)
        let isLocal = reader.isLocal
        definitionPaths = reader.definitionPaths(isLocal: isLocal, executableDirectory: executableDirectory)
        definitionIsObject = definitionPaths.first.flatMap(StoredDefinition.init) != nil
        catalog = reader.catalog(orDefault: isLocal ? reader.absolute(".lake/catalog.db") : nil)
        warehouse = reader.warehouse(of: catalog, isLocal: isLocal)
        warehouses = Warehouses(warehouse, layers: reader.layerWarehouses())
        createsTables = reader.flag("LAKE_CREATE_TABLES") ?? catalog.isSQLite
        encodingThreads = Self.encodingThreads(reader)
        killAtStep = isLocal ? reader.value("LAKE_KILL_AT_STEP").flatMap { Int($0) } : nil
        usesServices =
            !catalog.isSQLite || ([warehouse] + warehouses.layers.values).contains { $0.hasPrefix("s3:") }
        needsServices = usesServices || definitionIsObject
        services = ServiceSettings(&reader, executableDirectory: executableDirectory, isNeeded: needsServices)
        guard reader.problems.isEmpty else { throw ConfigurationError(problems: reader.problems) }
    }

    /// Lambda shows every function two processors, and gives it time on them by its memory.
    private static func encodingThreads(_ reader: SettingsReader) -> Int {
        guard let memory = reader.value("AWS_LAMBDA_FUNCTION_MEMORY_SIZE").flatMap({ Int($0) }) else {
            return Threads.processors
        }
        return max(1, min(memory / megabytesOfOneProcessor, Threads.processors))
    }

    /// With this memory a function has the time of one whole processor.
    private static let megabytesOfOneProcessor = 1769
}
