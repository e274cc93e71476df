internal import ArgumentParser
internal import Foundation
internal import Lake

/// `swiftlake device token`
struct DeviceTokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Prints a token for one body, to send as Authorization: Bearer TOKEN.",
        discussion: """
            A token is good for the very bytes of the body, compressed if they are sent so, and for a few minutes.

            EXAMPLES
              swiftlake device token --device 7 --body readings.json
              gzip -k readings.json && swiftlake device token --device 7 --body readings.json.gz
              swiftlake device token --device 7 --body-hash $(sha256sum < readings.json | cut -c1-64)
            """)

    @OptionGroup var options: DeviceOptions

    @Option(
        help: ArgumentHelp("The body's file, or - for standard input.", valueName: "FILE"), completion: .file())
    var body: String?

    @Option(
        name: .customLong("body-hash"),
        help: ArgumentHelp("In its place: SHA-256 of the body, in hexadecimal.", valueName: "HEX"))
    var bodyHash: String?

    @Option(
        name: .customLong("expires-in"),
        help: ArgumentHelp("How long the token is good, such as 90s or 5m; at most 15m.", valueName: "TIME"))
    var life = "5m"

    @Flag(help: "Print the event of a whole request instead, for `swiftlake invoke edge-gateway -`.")
    var event = false

    func validate() throws {
        guard (body == nil) != (bodyHash == nil) else {
            throw ValidationError("name either --body or --body-hash")
        }
        guard !event || body != nil else { throw ValidationError("--event needs the body itself: name --body") }
        guard bodyHash.map({ Self.bytes(hexadecimal: $0) != nil }) ?? true else {
            throw ValidationError("--body-hash needs the 64 hexadecimal digits of SHA-256")
        }
        guard Self.seconds(life) != nil else {
            throw ValidationError("--expires-in needs a whole number and s or m, from 1s to 15m")
        }
    }

    func run() throws {
        try reportingFailure {
            let content = try body.map(Self.read)
            let hash = content.map { DeviceToken.hash($0) } ?? bodyHash.flatMap(Self.bytes(hexadecimal:)) ?? []
            let now = Int64(Date().timeIntervalSince1970)
            let token = DeviceToken(
                device: options.device, expiry: now + (Self.seconds(life) ?? 0), bodyHash: hash,
                key: try options.key(ProcessInfo.processInfo.environment))
            if event, let content {
                Console.print(DeviceRequest(token: token, body: content, now: now).event)
            } else {
                Console.print(token.text)
            }
        }
    }

    private static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
        if path == "-" { return Array(FileHandle.standardInput.readDataToEndOfFile()) }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure("\(path): there is no such file, or it cannot be read")
        }
        return Array(data)
    }

    /// A time of up to 15 minutes, in seconds.
    static func seconds(_ text: String) -> Int64? {
        guard let unit = text.last, let number = Int64(text.dropLast()), (1...900).contains(number) else { return nil }
        switch unit {
        case "s": return number
        case "m" where number <= 15: return number * 60
        default: return nil
        }
    }

    /// The 32 bytes of a hash.
    static func bytes(hexadecimal text: String) -> [UInt8]? {
        let digits = text.compactMap(\.hexDigitValue)
        guard digits.count == 64, text.utf8.count == 64 else { return nil }
        return stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
