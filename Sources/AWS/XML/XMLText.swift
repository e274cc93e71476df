/// A small document in the making, in S3's namespace: elements and text.
struct XMLText {
    private var bytes: [UInt8]
    private let root: String

    /// What a document is, as a request says it.
    static let mediaType = "application/xml"

    init(_ root: String) {
        self.root = root
        bytes = Array("<\(root) xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">".utf8)
    }

    mutating func open(_ name: String) { bytes.append(contentsOf: "<\(name)>".utf8) }

    mutating func close(_ name: String) { bytes.append(contentsOf: "</\(name)>".utf8) }

    /// An element that holds a text.
    mutating func add(_ name: String, _ text: String) {
        open(name)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): bytes.append(contentsOf: "&amp;".utf8)
            case UInt8(ascii: "<"): bytes.append(contentsOf: "&lt;".utf8)
            case UInt8(ascii: ">"): bytes.append(contentsOf: "&gt;".utf8)
            case UInt8(ascii: "\""): bytes.append(contentsOf: "&quot;".utf8)
            // A reader turns what ends a line into one line feed, unless it is written so (XML 1.0 §2.11).
            case 0x09, 0x0A, 0x0D: bytes.append(contentsOf: "&#\(byte);".utf8)
            default: bytes.append(byte)
            }
        }
        close(name)
    }

    /// The whole document.
    consuming func finished() -> [UInt8] {
        close(root)
        return bytes
    }

    /// Whether a document can hold a text at all (XML 1.0 §2.2).
    static func canWrite(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0x09, 0x0A, 0x0D: true
            case 0..<0x20, 0xFFFE, 0xFFFF: false
            default: true
            }
        }
    }
}
