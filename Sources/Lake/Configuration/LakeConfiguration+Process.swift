extension LakeConfiguration {
    /// The settings of the running process, in its environment: for entry points only.
    public static func ofProcess(_ environment: [String: String]) throws(ConfigurationError) -> LakeConfiguration {
        try LakeConfiguration(
            environment: environment, currentDirectory: ProcessPaths.workingDirectory,
            executableDirectory: ProcessPaths.executableDirectory)
    }
}
