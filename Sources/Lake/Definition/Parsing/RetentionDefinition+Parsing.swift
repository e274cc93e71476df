extension RetentionDefinition {
    init() {
        snapshotAgeMs = nil
        snapshots = nil
        minimumSnapshots = nil
    }

    init(parsing value: DefinitionValue) {
        let object = value.object(required: [], optional: ["snapshotAge", "snapshots", "minimumSnapshots"])
        snapshots = object?["snapshots"].flatMap { $0.count() }
        minimumSnapshots = object?["minimumSnapshots"].flatMap { $0.count() }
        var age: Int64?
        if let value = object?["snapshotAge"], let text = value.string() {
            age = Self.milliseconds(text)
            if age == nil {
                value.complain(
                    "\"\(text)\" is not a length of time; write a whole number and d, h or m, such as \"5d\"")
            }
        }
        snapshotAgeMs = age
        if let snapshots, let minimumSnapshots, minimumSnapshots > snapshots {
            object?["minimumSnapshots"]?.complain("is more than snapshots, which is \(snapshots)")
        }
    }
}
