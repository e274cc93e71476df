internal import Foundation
import Testing

@testable import Lake

@Suite struct DefinitionFileTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("definition-\(UUID().uuidString)")
            .path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    @Test func theFirstPathThatExistsIsRead() throws {
        try withFolder { folder in
            try Data(SampleDefinition().text.utf8).write(to: URL(fileURLWithPath: folder + "/b.json"))
            let definition = try DefinitionFile.read([folder + "/a.json", folder + "/b.json", folder])
            #expect(definition.streams.map(\.name) == ["s"])
        }
    }

    @Test func everyFaultNamesTheFile() throws {
        try withFolder { folder in
            func error(_ paths: [String]) -> DefinitionFileError? {
                #expect(throws: DefinitionFileError.self) { try DefinitionFile.read(paths) }
            }
            #expect(error([folder + "/a", folder + "/b"])?.reason == .missing)
            #expect(error([folder + "/a", folder + "/b"])?.description.contains("LAKE_DEFINITION") == true)
            #expect(
                error([folder + "/a", folder + "/b"])?.description.contains("at \(folder)/a or \(folder)/b;") == true)
            #expect(error([folder])?.description.contains(folder) == true)
            try Data("{}".utf8).write(to: URL(fileURLWithPath: folder + "/c.json"))
            let lines = error([folder + "/c.json"])?.description.split(separator: "\n") ?? []
            #expect(lines.count == 3)
            #expect(lines.allSatisfy { $0.hasPrefix("\(folder)/c.json: $: lacks the member") })
        }
    }
}
