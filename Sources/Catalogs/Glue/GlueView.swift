public import AWS
public import JSON

/// A view as Glue keeps it for Athena.
public enum GlueView {
    /// The `TableInput` that adds a comment and parameters to a view, and leaves all that Athena reads as it is.
    public static func input(
        _ view: GlueTable, comment: String?, parameters: [(name: String, value: String)]
    ) -> JSONValue {
        var members: [(name: String, value: JSONValue)] = [("Name", .string(view.name))]
        for name in GlueTableInput.kept + ["TableType", "StorageDescriptor"] {
            var value = view.value[name]
            if name == "Description", let comment, !comment.isEmpty {
                value = .string(GlueText.line(comment, GlueText.description))
            }
            if let value, value != .null { members.append((name, value)) }
        }
        members.append(
            (
                "Parameters",
                GlueTableInput.replacing(view.value["Parameters"], parameters.map { ($0.name, .string($0.value)) })
            ))
        return .object(members)
    }
}
