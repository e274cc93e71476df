internal import Foundation

/// A folder that is deleted with this value.
final class TemporaryFolder: Sendable {
    let path: String

    init() { path = FileManager.default.temporaryDirectory.appending(path: "streams-\(UUID().uuidString)").path() }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func bytes(_ name: String) -> [UInt8] {
        FileManager.default.contents(atPath: "\(path)/\(name)").map(Array.init) ?? []
    }

    func write(_ bytes: some Sequence<UInt8>, to name: String) {
        FileManager.default.createFile(atPath: "\(path)/\(name)", contents: Data(bytes))
    }
}
