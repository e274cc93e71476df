internal import JSON

/// A JSON value, where it lies, and where to complain about it. Every reading function answers nil after it has
/// complained.
struct DefinitionValue {
    let value: JSONValue
    let path: DefinitionPath
    let problems: ProblemList

    /// Complains about this value.
    func complain(_ message: String) { problems.add(path, message) }

    func string() -> String? {
        guard let text = value.string else {
            complain("expected a string, not \(value.kindName)")
            return nil
        }
        return text
    }

    func bool() -> Bool? {
        guard let truth = value.bool else {
            complain("expected true or false, not \(value.kindName)")
            return nil
        }
        return truth
    }

    /// A whole number from 1 to a limit.
    func count(atMost limit: Int64 = Int64(Int32.max)) -> Int64? {
        // 5.0 and 5e0 are whole numbers too, as JSON Schema has it.
        guard let number = value.integer ?? value.double.flatMap(Int64.init(exactly:)), number >= 1, number <= limit
        else {
            complain("expected a whole number from 1 to \(limit)")
            return nil
        }
        return number
    }

    /// The elements, each with its place.
    func array() -> [DefinitionValue]? {
        guard let elements = value.elements else {
            complain("expected an array, not \(value.kindName)")
            return nil
        }
        return elements.enumerated().map {
            DefinitionValue(value: $0.element, path: .element($0.offset, of: path), problems: problems)
        }
    }

    /// The members of an object, each with its place; complains about a name that occurs twice.
    func members() -> [(name: String, value: DefinitionValue)]? {
        guard let members = value.members else {
            complain("expected an object, not \(value.kindName)")
            return nil
        }
        for (index, member) in members.enumerated()
        where members[..<index].contains(where: { $0.name == member.name }) {
            problems.add(DefinitionPath.member(member.name, of: path), "occurs twice")
        }
        return objectReadBefore()?.members
    }

    /// An object again whose members were read before: what is wrong with their names has been said.
    func objectReadBefore() -> DefinitionObject? {
        value.members.map { members in
            DefinitionObject(
                members: members.map { member in
                    let place = DefinitionPath.member(member.name, of: path)
                    return (member.name, DefinitionValue(value: member.value, path: place, problems: problems))
                })
        }
    }

    /// An object whose members have these names and no other.
    func object(required: [String], optional: [String] = []) -> DefinitionObject? {
        guard let members = members() else { return nil }
        for member in members where !required.contains(member.name) && !optional.contains(member.name) {
            let hint = Suggestion.hint(for: member.name, among: required + optional)
            member.value.complain(
                "is not a member of this object\(hint.isEmpty ? "; it has \((required + optional).joined(separator: ", "))" : hint)"
            )
        }
        for name in required where !members.contains(where: { $0.name == name }) {
            problems.add(path, "lacks the member \"\(name)\"")
        }
        return DefinitionObject(members: members)
    }

    /// One of an enumeration's raw values; `noun` says what they are, with its article.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(_ noun: String, of type: Choice.Type) -> Choice? {
        guard let text = string() else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let names = Choice.allCases.map(\.rawValue)
        let hint = Suggestion.hint(for: text, among: names)
        complain("\"\(text)\" is not \(noun); use one of \(names.joined(separator: ", "))\(hint)")
        return nil
    }

    /// A name of lower-case letters, digits and underscores; `noun` says of what, with its article.
    func name(of noun: String, maximumLength: Int) -> String? {
        guard let text = string() else { return nil }
        guard !text.isEmpty, text.utf8.allSatisfy(isNameByte), text.utf8.count <= maximumLength else {
            complain(
                "\"\(text)\" cannot be the name of \(noun): use lower-case letters, digits and underscores, at most \(maximumLength)"
            )
            return nil
        }
        return text
    }
}

/// The members of an object, which are few: looking through them is quicker than hashing their names.
struct DefinitionObject {
    let members: [(name: String, value: DefinitionValue)]

    /// The member of this name, if the object has it.
    subscript(name: String) -> DefinitionValue? { members.last { $0.name == name }?.value }
}
