/// Why a text is no XML that is read here.
struct XMLError: Error, Equatable, Sendable {
    /// The kind of fault.
    enum Code: String, Sendable {
        /// It is not well-formed (XML 1.0 §2.1), or not UTF-8.
        case malformed
        /// It declares a document type, which could define entities; no service sends one.
        case documentType
        /// It nests, or goes on, beyond what any service sends.
        case tooLarge
    }

    /// The kind of fault.
    let code: Code
    /// What is wrong, in words that hold nothing of the text itself.
    let message: String
    /// Where, in bytes from the start of the text.
    let offset: Int

    init(_ code: Code, _ message: String, at offset: Int) {
        self.code = code
        self.message = message
        self.offset = offset
    }
}
