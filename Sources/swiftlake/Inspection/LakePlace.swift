internal import ArgumentParser
internal import Foundation
internal import Lake

/// Where a command finds the lake, its definition and the functions' programs.
struct LakePlace {
    /// The environment's LAKE_ variables, with those that the command line overrides.
    let environment: [String: String]
    let settings: LakeConfiguration
    /// Whether commands find this lake without being told where it is.
    let isDefault: Bool

    /// - Parameters:
    ///   - folder: the folder of `--lake`, which holds `catalog.db` and `warehouse`; nil for the environment's lake.
    ///   - currentDirectory: an absolute path.
    ///   - executableDirectory: where this program lies.
    init(
        folder: String?, environment: [String: String], currentDirectory: String, executableDirectory: String
    ) throws {
        // The command line is no function, whatever the shell's environment says.
        var environment = environment.filter { LakeConfiguration.isVariable($0.key) }
        environment["AWS_LAMBDA_FUNCTION_NAME"] = nil
        environment["LAKE_LOCAL"] = "1"
        if let folder {
            let path = Self.absolute(folder, in: currentDirectory)
            try Self.requireReadable(path, "--lake names the folder \(path)")
            environment["LAKE_CATALOG"] = "sqlite://\(path)/catalog.db"
            environment["LAKE_WAREHOUSE"] = "file://\(path)/warehouse"
            for layer in TableLayer.allCases { environment[Self.variable(of: layer)] = nil }
        }
        isDefault = ["LAKE_CATALOG", "LAKE_WAREHOUSE"].allSatisfy { [environment] in (environment[$0] ?? "").isEmpty }
        if isDefault {
            try Self.requireReadable(currentDirectory, "without --lake, the lake lies in \(currentDirectory)/.lake")
        }
        if (environment["LAKE_DEFINITION"] ?? "").isEmpty {
            environment["LAKE_DEFINITION"] = Self.definition(currentDirectory, executableDirectory)
        }
        if let region = Self.regionOfProfile(environment) { environment["AWS_REGION"] = region }
        self.environment = environment
        settings = try LakeConfiguration(
            environment: environment, currentDirectory: currentDirectory, executableDirectory: executableDirectory)
    }

    /// The place that this process's arguments and environment name.
    static func ofProcess(_ options: LakeOptions) throws -> LakePlace {
        do {
            return try LakePlace(
                folder: options.lake, environment: ProcessInfo.processInfo.environment,
                currentDirectory: FileManager.default.currentDirectoryPath, executableDirectory: executableDirectory)
        } catch let error as ConfigurationError {
            throw CommandFailure(error.description)
        }
    }

    /// Other readers take the location of a file for a URI: these characters would name another file to them.
    private static func requireReadable(_ path: String, _ place: String) throws(CommandFailure) {
        guard let character = path.first(where: { "#?%".contains($0) }) else { return }
        throw CommandFailure(
            "\(place), whose path has the character \(character): other Iceberg readers could not open the files there. "
                + "Name a folder without #, ? and % with --lake DIR")
    }

    /// The variables that make a function use this lake.
    var functionEnvironment: [String: String] {
        let layers = TableLayer.allCases.map { (Self.variable(of: $0), settings.warehouses.layers[$0] ?? "") }
        return [
            // Where there is none, the function looks itself, and names every place where it did.
            "LAKE_DEFINITION": settings.definitionPaths.count == 1 ? settings.definitionPaths[0] : "",
            "LAKE_CATALOG": settings.catalog.text,
            "LAKE_WAREHOUSE": settings.warehouse, "LAKE_CREATE_TABLES": settings.createsTables ? "1" : "0",
            "LAKE_LOCAL": "1",
        ].merging(layers) { $1 }.merging(settings.needsServices ? ["AWS_REGION": environment["AWS_REGION"] ?? ""] : [:])
        { $1 }
    }

    /// The variable that names the warehouse of a layer.
    private static func variable(of layer: TableLayer) -> String { "LAKE_WAREHOUSE_\(layer.rawValue.uppercased())" }

    /// The catalog's file; nil for a catalog that a service keeps.
    var catalogPath: String? {
        if case .sqlite(let path) = settings.catalog { path } else { nil }
    }

    /// The folder that holds the catalog, or else the catalog itself, for people.
    var name: String { catalogPath.map { ($0 as NSString).deletingLastPathComponent } ?? settings.catalog.text }

    /// Whether there is a catalog, as far as can be told without asking a service.
    var exists: Bool { catalogPath.map { FileManager.default.fileExists(atPath: $0) } ?? true }

    /// A command of this program on this lake, for a shell to take as it stands.
    func command(_ arguments: String...) -> String {
        var words = [CommandLine.arguments.first ?? "swiftlake"] + arguments
        var assignments = ""
        if !isDefault {
            if catalogPath == "\(name)/catalog.db", settings.warehouse == "file://\(name)/warehouse" {
                words += ["--lake", name]
            } else {
                assignments = "LAKE_CATALOG=\(ShellText.word(settings.catalog.text)) "
                assignments += "LAKE_WAREHOUSE=\(ShellText.word(settings.warehouse)) "
            }
        }
        return assignments + words.map(ShellText.word).joined(separator: " ")
    }

    /// The folder where this program lies, and the functions' programs beside it.
    static var executableDirectory: String {
        let path =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return (path as NSString).deletingLastPathComponent
    }

    /// `lake.json` in the current directory, beside this program, or at the root of the package it was built in.
    private static func definition(_ currentDirectory: String, _ executableDirectory: String) -> String? {
        var folder = executableDirectory
        var candidates = [currentDirectory, folder]
        // .build/<triple>/<configuration> lies three folders below the package.
        for _ in 0..<3 {
            folder = (folder as NSString).deletingLastPathComponent
            candidates.append(folder)
        }
        return candidates.map { $0 + "/lake.json" }.first { FileManager.default.fileExists(atPath: $0) }
    }

    private static func absolute(_ path: String, in directory: String) -> String {
        let whole = path.hasPrefix("/") ? path : directory + "/" + path
        return (whole as NSString).standardizingPath
    }
}

/// The option that all commands on a lake share.
struct LakeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The lake's folder; by default what LAKE_CATALOG and LAKE_WAREHOUSE name, or else .lake.", valueName: "DIR"),
        completion: .directory)
    var lake: String?
}

/// A command that could not do what it should: its message goes to standard error, and the program exits with 1.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
