/// A shared file of AWS's tools, `~/.aws/config` or `~/.aws/credentials`: sections of names and values.
struct ProfileFile: Equatable, Sendable {
    /// Which of the two it is: their sections are headed differently.
    enum Kind: Sendable {
        /// `[default]` and `[profile NAME]`; other sections are no profiles.
        case configuration
        /// `[NAME]`.
        case credentials
    }

    /// The profiles' settings, by the profile's name and then by the setting's, in lower case.
    let profiles: Hidden<[String: [String: String]]>

    /// Longer files are not read, in bytes.
    static let maximumBytes = 1 << 20

    /// Reads a file.
    /// - Throws: the line that is no section, setting or comment; nothing of it is quoted.
    init(_ bytes: [UInt8], _ kind: Kind) throws(ProfileFault) {
        guard bytes.count <= Self.maximumBytes else { throw ProfileFault("is longer than a megabyte") }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw ProfileFault("is not UTF-8") }
        var profiles: [String: [String: String]] = [:]
        var section: String?
        var hasSection = false
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let isIndented = line.first == " " || line.first == "\t"
            let line = Self.trimmed(line)
            if line.isEmpty || line.hasPrefix("#") || line.hasPrefix(";") { continue }
            if line.hasPrefix("["), !isIndented {
                guard let end = line.firstIndex(of: "]") else {
                    throw ProfileFault("has no ] in line \(index + 1)")
                }
                section = Self.profile(Self.trimmed(line[line.index(after: line.startIndex)..<end]), kind)
                hasSection = true
                if let section, profiles[section] == nil { profiles[section] = [:] }
                continue
            }
            // An indented line belongs to the setting before it: groups such as `s3 =`, none of which is read here.
            if isIndented { continue }
            guard let equals = line.firstIndex(of: "="), hasSection else {
                throw ProfileFault("has neither [section] nor name = value in line \(index + 1)")
            }
            guard let section else { continue }
            let name = Self.trimmed(line[..<equals]).lowercased()
            profiles[section, default: [:]][name] = Self.value(line[line.index(after: equals)...])
        }
        self.profiles = Hidden(profiles)
    }

    /// The profile that a section is of; nil if of none.
    private static func profile(_ heading: Substring, _ kind: Kind) -> String? {
        let words = heading.split(maxSplits: 1, whereSeparator: isSpace)
        switch kind {
        case .credentials: return String(heading)
        case .configuration:
            if heading == "default" { return "default" }
            return words.count == 2 && words[0] == "profile" ? String(trimmed(words[1])) : nil
        }
    }

    /// A value without the comment behind it, which white space parts from it.
    private static func value(_ text: Substring) -> String {
        var end = text.endIndex
        var before: Character = " "
        for index in text.indices {
            if isSpace(before), text[index] == "#" || text[index] == ";" {
                end = index
                break
            }
            before = text[index]
        }
        return String(trimmed(text[..<end]))
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, isSpace(first) { text.removeFirst() }
        while let last = text.last, isSpace(last) { text.removeLast() }
        return text
    }

    private static func isSpace(_ character: Character) -> Bool { character == " " || character == "\t" }
}

/// Why a shared file is not read: the second half of a sentence that the file's path begins.
struct ProfileFault: Error, Equatable {
    let message: String
    init(_ message: String) { self.message = message }
}
