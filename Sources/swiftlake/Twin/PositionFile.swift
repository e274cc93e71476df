internal import Foundation
internal import JSON

/// A file with the offset of each shard that a mapping goes on with: for functions whose target stores no offsets.
struct PositionFile: Sendable {
    let path: String

    /// What was written last; nothing if nothing was.
    func read() throws(CommandFailure) -> [String: Int64] {
        guard let data = FileManager.default.contents(atPath: path) else { return [:] }
        guard let members = (try? JSONValue(parsing: Array(data)))?.members else {
            throw CommandFailure("\(path) is damaged: delete it, and the function takes its streams from the beginning")
        }
        return Dictionary(members.compactMap { name, value in value.integer.map { (name, $0) } }) { $1 }
    }

    /// Writes positions, whole or not at all.
    func write(_ positions: [String: Int64]) throws {
        var writer = JSONWriter()
        writer.object { writer in
            for (shard, offset) in positions.sorted(by: { $0.key < $1.key }) { writer.member(shard, offset) }
        }
        do {
            try Data(writer.bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw CommandFailure("\(path) cannot be written: \(TwinFolder.reason(error))")
        }
    }
}
