/// Collects what is wrong with a definition while the rest of it is read. A class, because every part of the reading
/// adds to the one list.
final class ProblemList {
    private(set) var problems: [DefinitionError.Problem] = []

    func add(_ path: some CustomStringConvertible, _ message: String) {
        problems.append(DefinitionError.Problem(path: path.description, message: message))
    }
}

/// Lower-case letters, digits and underscores, the bytes of a name.
func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
    default: false
    }
}
