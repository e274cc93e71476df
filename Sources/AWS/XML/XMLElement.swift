/// An element of an XML document, with what lies in it; attributes, comments and processing instructions are dropped,
/// because no reply says anything with them.
struct XMLElement: Equatable, Sendable {
    /// Its name, without a namespace's prefix.
    let name: String
    /// The character data directly in it, with the white space between its children.
    var text: String
    /// The elements directly in it, in order.
    var children: [XMLElement]

    init(_ name: String, text: String = "", children: [XMLElement] = []) {
        self.name = name
        self.text = text
        self.children = children
    }

    /// Reads a whole document, of the sizes that replies of services have.
    /// - Throws: ``XMLError``.
    static func read(_ bytes: [UInt8], limits: XMLLimits = XMLLimits()) throws(XMLError) -> XMLElement {
        // While it works, S3 sends white space to keep the connection; some services that speak as it does send it even
        // before the XML declaration, where XML allows none.
        let start = bytes.firstIndex { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D } ?? 0
        return try XMLParser(limits).read(start == 0 ? bytes : Array(bytes[start...]))
    }

    /// The first child of a name.
    subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

    /// All children of a name, in order.
    func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

    /// The text of the first child of a name.
    func text(of name: String) -> String? { self[name]?.text }
}

/// How large a document may be.
struct XMLLimits: Sendable {
    /// Bytes of the document. A page of a listing is at most 1,000 keys of at most 1,024 bytes, each byte sent as up to
    /// six characters.
    var bytes = 16 << 20
    /// Elements within each other.
    var depth = 16
    /// Elements in all.
    var elements = 100_000
}
