/// Where a value lies in a definition. It is put into words only for a complaint.
indirect enum DefinitionPath {
    case root
    case member(String, of: DefinitionPath)
    case element(Int, of: DefinitionPath)
}

extension DefinitionPath: CustomStringConvertible {
    /// `$.tables[0].name`, or `$.properties['a.b']` where a member's name is no plain word.
    var description: String {
        switch self {
        case .root: "$"
        case .member(let name, let parent): Self.isPlain(name) ? "\(parent).\(name)" : "\(parent)['\(name)']"
        case .element(let index, let parent): "\(parent)[\(index)]"
        }
    }

    private static func isPlain(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy {
                isNameByte($0) || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 || $0 == UInt8(ascii: "$")
            }
    }
}
