/// Status and header fields of a response.
struct HTTPResponseHead: Equatable, Sendable {
    /// The three digits.
    let status: Int
    /// Whether the connection may serve another request.
    var keepsAlive: Bool
    /// Fields in order, names in lower case, values without surrounding white space.
    private(set) var fields: [(name: String, value: String)] = []

    init(status: Int, keepsAlive: Bool) {
        self.status = status
        self.keepsAlive = keepsAlive
    }

    mutating func add(_ name: String, _ value: String) { fields.append((name, value)) }

    /// The first field of this name, which must be given in lower case.
    subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    static func == (left: Self, right: Self) -> Bool {
        left.status == right.status && left.keepsAlive == right.keepsAlive
            && left.fields.elementsEqual(right.fields) { $0 == $1 }
    }
}
