/// A table's schema while changes are applied to it.
struct SchemaDraft {
    private(set) var schema: Schema
    /// Highest field id given out, which grows with each new field and never shrinks.
    private(set) var lastColumnID: Int

    init(_ schema: Schema, lastColumnID: Int) {
        self.schema = schema
        self.lastColumnID = lastColumnID
    }

    mutating func add(_ name: String, _ type: Type, _ doc: String?) throws(IcebergError) {
        guard !name.isEmpty else { throw IcebergError(.invalid, "a column needs a name") }
        guard schema.field(named: name) == nil else {
            throw IcebergError(.invalid, "the table has a column of this name", at: name)
        }
        do {
            schema.fields += try TableMetadata.freshIDs(
                [NestedField(id: 0, name: name, type: type, doc: doc)], after: &lastColumnID)
        } catch {
            throw error.at(name)
        }
    }

    mutating func widen(_ name: String, to type: Type) throws(IcebergError) {
        let place = try place(of: name)
        let existing = schema.fields[place].type
        guard existing != type else { return }
        guard existing.widens(to: type) else {
            throw IcebergError(
                .invalid,
                "\(existing.words) does not become \(type.words): only int to long, float to double and a decimal to "
                    + "more digits of the same scale are safe for the rows that are there", at: name)
        }
        schema.fields[place].type = type
    }

    mutating func makeOptional(_ name: String) throws(IcebergError) {
        let place = try place(of: name)
        guard !schema.identifierFieldIDs.contains(schema.fields[place].id) else {
            throw IcebergError(.invalid, "it identifies rows, so it must stay required", at: name)
        }
        schema.fields[place].isRequired = false
    }

    mutating func setDoc(_ name: String, _ doc: String?) throws(IcebergError) {
        schema.fields[try place(of: name)].doc = doc
    }

    mutating func drop(_ name: String) throws(IcebergError) {
        let place = try place(of: name)
        let field = schema.fields[place]
        let ids = Schema(schemaID: 0, fields: [field]).allFieldIDs
        guard schema.identifierFieldIDs.allSatisfy({ !ids.contains($0) }) else {
            throw IcebergError(.invalid, "it identifies rows, so it cannot be dropped", at: name)
        }
        guard schema.fields.count > 1 else {
            throw IcebergError(.invalid, "it is the table's only column, so it cannot be dropped", at: name)
        }
        schema.fields.remove(at: place)
    }

    private func place(of name: String) throws(IcebergError) -> Int {
        guard let place = schema.fields.firstIndex(where: { $0.name == name }) else {
            throw IcebergError(.invalid, "there is no column of this name", at: name)
        }
        return place
    }
}

extension Type {
    /// Whether every value of this type is one of the other, and older files are read as it ("Schema Evolution", the
    /// promotions of format version 2).
    func widens(to other: Type) -> Bool {
        switch (self, other) {
        case (.int, .long), (.float, .double): true
        case (.decimal(let precision, let scale), .decimal(let wider, let sameScale)):
            scale == sameScale && wider > precision && wider <= 38
        default: false
        }
    }
}
