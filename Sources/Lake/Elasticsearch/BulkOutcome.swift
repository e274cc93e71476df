internal import AWS

/// What became of one document of a `_bulk` request.
enum BulkOutcome: Equatable {
    /// The index has it now.
    case indexed
    /// The index has one with an equal or higher version, which stays.
    case unchanged
    /// The server could not take it just now: it may be sent again.
    case busy(BulkFault)
    /// The server takes no such document, however often it is sent.
    case refused(BulkFault)
    /// The index cannot be written to, whatever the document.
    case blocked(BulkFault)

    init(status: Int, fault: BulkFault) {
        switch status {
        case 200..<300: self = .indexed
        case 409: self = .unchanged
        case 429, 500...: self = .busy(fault)
        case 400 where !fault.isOfIndex, 413: self = .refused(fault)
        default: self = .blocked(fault)
        }
    }
}

/// Why a document was not indexed, as the server says.
struct BulkFault: Equatable {
    /// The status of the document's own.
    let status: Int
    /// The server's name of the fault, such as `mapper_parsing_exception`.
    let type: String
    /// What the server says, without what it quotes.
    let reason: String

    init(status: Int, type: String?, reason: String?) {
        self.status = status
        self.type = type.flatMap { Self.isName($0) ? $0 : nil } ?? "status \(status)"
        self.reason = reason.map(Self.unquoted) ?? ""
    }

    /// Whether a status of 400 means the index and not the document.
    fileprivate var isOfIndex: Bool {
        switch type {
        case "cluster_block_exception", "index_closed_exception", "index_not_found_exception",
            "invalid_alias_name_exception", "invalid_index_name_exception", "resource_already_exists_exception",
            "validation_exception":
            true
        // An alias without an index to write to, a data stream, a pipeline that is not there.
        case "illegal_argument_exception":
            ["write index", "data stream", "pipeline"].contains { reason.holds($0) }
        default: false
        }
    }

    /// A reason may quote the document, which belongs into no log: it is cut before the first quote.
    private static func unquoted(_ reason: String) -> String {
        var text = ""
        for scalar in reason.unicodeScalars.prefix(longestReason) {
            if scalar == "'" || scalar == "\"" || scalar == "`" || scalar.properties.isWhitespace && scalar != " " {
                break
            }
            text.unicodeScalars.append(scalar.isASCII && scalar.value >= 0x20 && scalar.value < 0x7F ? scalar : "?")
        }
        while text.hasSuffix(" ") || text.hasSuffix(":") { text.removeLast() }
        return text
    }

    private static let longestReason = 200

    private static func isName(_ text: String) -> Bool {
        (1...80).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
                    || $0 == UInt8(ascii: "_")
            }
    }
}

extension BulkFault: CustomStringConvertible {
    /// Safe to log: nothing of a document.
    var description: String {
        let name = type.hasPrefix("status ") ? type : "\(type) [\(status)]"
        return reason.isEmpty ? name : "\(name): \(reason)"
    }
}
