internal import CExpat

/// The owner of one expat parser, which reads one document (https://libexpat.github.io/doc/).
///
/// A document type declaration ends the reading before anything of it takes effect: without one there are no entities but
/// the five of XML itself, hence no expansion, and nothing external is ever asked for.
struct XMLParser: ~Copyable {
    private let handle: XML_Parser
    private let limits: XMLLimits

    init(_ limits: XMLLimits) throws(XMLError) {
        // The encoding is given, so that no declaration in the document changes it.
        guard let created = XML_ParserCreate("UTF-8") else {
            throw XMLError(.tooLarge, "there is no memory for an XML parser", at: 0)
        }
        handle = created
        self.limits = limits
    }

    deinit { XML_ParserFree(handle) }

    /// The document's root.
    consuming func read(_ bytes: [UInt8]) throws(XMLError) -> XMLElement {
        guard bytes.count <= min(limits.bytes, Int(Int32.max)) else {
            throw XMLError(.tooLarge, "a document of \(bytes.count) bytes", at: 0)
        }
        let tree = XMLTree(handle, limits)
        // The handlers find the tree through the parser; it outlives the one call that runs them.
        XML_SetUserData(handle, Unmanaged.passUnretained(tree).toOpaque())
        XML_SetElementHandler(
            handle, { data, name, _ in XMLTree.of(data)?.open(name) }, { data, _ in XMLTree.of(data)?.close() })
        XML_SetCharacterDataHandler(handle) { XMLTree.of($0)?.add($1, Int($2)) }
        XML_SetStartDoctypeDeclHandler(handle) { data, _, _, _, _ in
            XMLTree.of(data)?.stop(.documentType, "a document type declaration is not accepted")
        }
        let status = withExtendedLifetime(tree) {
            bytes.withUnsafeBytes { buffer in
                XML_Parse(handle, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(buffer.count), 1)
            }
        }
        if let fault = tree.fault { throw fault }
        guard status == XML_STATUS_OK, let root = tree.root else { throw lastError() }
        return root
    }

    private func lastError() -> XMLError {
        let text = XML_ErrorString(XML_GetErrorCode(handle)).map { String(cString: $0) } ?? "no element"
        return XMLError(.malformed, text, at: max(0, Int(XML_GetCurrentByteIndex(handle))))
    }
}

/// What a parser's handlers build: a class, because they need an address that stays.
private final class XMLTree {
    private struct Open {
        var element: XMLElement
        var text: [UInt8] = []
    }

    private let parser: XML_Parser
    private let limits: XMLLimits
    private var path: [Open] = []
    private var elements = 0
    private(set) var root: XMLElement?
    private(set) var fault: XMLError?

    init(_ parser: XML_Parser, _ limits: XMLLimits) {
        self.parser = parser
        self.limits = limits
    }

    static func of(_ data: UnsafeMutableRawPointer?) -> XMLTree? {
        data.map { Unmanaged<XMLTree>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Ends the reading. Expat may still call a handler for what it has read, so each asks for a fault first.
    func stop(_ code: XMLError.Code, _ message: String) {
        guard fault == nil else { return }
        fault = XMLError(code, message, at: max(0, Int(XML_GetCurrentByteIndex(parser))))
        XML_StopParser(parser, XML_Bool(XML_FALSE))
    }

    func open(_ name: UnsafePointer<CChar>?) {
        guard fault == nil, let name else { return }
        elements += 1
        guard elements <= limits.elements else { return stop(.tooLarge, "more than \(limits.elements) elements") }
        guard path.count < limits.depth else { return stop(.tooLarge, "elements nest deeper than \(limits.depth)") }
        let whole = String(cString: name)
        let local = whole.utf8.lastIndex(of: UInt8(ascii: ":")).map { whole[whole.utf8.index(after: $0)...] }
        path.append(Open(element: XMLElement(local.map { String($0) } ?? whole)))
    }

    func add(_ text: UnsafePointer<CChar>?, _ count: Int) {
        guard fault == nil, let text, count > 0, !path.isEmpty else { return }
        path[path.count - 1].text.append(contentsOf: UnsafeRawBufferPointer(start: text, count: count))
    }

    func close() {
        guard fault == nil, var last = path.popLast() else { return }
        last.element.text = String(decoding: last.text, as: UTF8.self)
        if path.isEmpty { root = last.element } else { path[path.count - 1].element.children.append(last.element) }
    }
}
