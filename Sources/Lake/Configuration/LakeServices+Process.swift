extension LakeServices {
    /// What the running process's environment names: for entry points only.
    /// - Throws: ``ConfigurationError`` with every faulty variable; ``DefinitionFileError``.
    public convenience init(ofProcess environment: [String: String]) throws {
        try self.init(
            environment: environment, currentDirectory: ProcessPaths.workingDirectory,
            executableDirectory: ProcessPaths.executableDirectory)
    }
}
