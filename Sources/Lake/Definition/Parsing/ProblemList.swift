/// Collects what is wrong with a definition while the rest of it is read. A class, because every part of the reading
/// adds to the one list.
final class ProblemList {
    private(set) var problems: [DefinitionError.Problem] = []

    func add(_ path: String, _ message: String) {
        problems.append(DefinitionError.Problem(path: path, message: message))
    }
}

/// The place of a member: `$.tables[0].name`, or `$.properties['a.b']` where the name is no plain word.
func memberPath(_ path: String, _ name: String) -> String {
    let isPlain =
        !name.isEmpty
        && name.utf8.allSatisfy {
            isNameByte($0) || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 || $0 == UInt8(ascii: "$")
        }
    return isPlain ? "\(path).\(name)" : "\(path)['\(name)']"
}

/// Lower-case letters, digits and underscores, the bytes of a name.
func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
    default: false
    }
}
