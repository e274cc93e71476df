extension DefinitionValue {
    /// A place for the folders of tables, without a slash at its end.
    func warehouse() -> String? {
        guard let text = string() else { return nil }
        guard let location = SettingsReader.location(text) else {
            complain("\"\(text)\" is no place for tables: write s3://bucket/prefix or file:///absolute/path")
            return nil
        }
        return location
    }
}
