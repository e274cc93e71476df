/// A response, whole. Any status is one: what a status means is the caller's to say.
public struct HTTPResponse: Equatable, Sendable {
    /// The status code.
    public let status: Int
    /// The fields of its head, in order.
    public let fields: [HTTPField]
    /// The body, decoded from the transfer coding.
    public let body: [UInt8]
    /// Whether this answers a second sending, while the server may have acted on the first one as well: a conflict or a
    /// failed condition may then be the first one's success.
    public let wasResent: Bool

    /// A response.
    public init(status: Int, fields: [HTTPField] = [], body: [UInt8] = [], wasResent: Bool = false) {
        self.status = status
        self.fields = fields
        self.body = body
        self.wasResent = wasResent
    }

    /// The first field of this name, whatever its case.
    public subscript(name: String) -> String? {
        fields.first { $0.name.utf8.elementsEqual(name.utf8) { $0.lowercased == $1.lowercased } }?.value
    }
}
