import Foundation
import Iceberg
import Testing

@testable import ObjectStores

/// A folder of its own for one test, removed at the end.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory().trimmingSuffix("/") + "/swiftlake-store-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func location(_ name: String) -> String { "file://\(path)/\(name)" }

    func names() throws -> [String] { try FileManager.default.subpathsOfDirectory(atPath: path).sorted() }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}

@Suite struct FileObjectStoreTests {
    let folder: TemporaryFolder
    let store = FileObjectStore()

    init() throws { folder = try TemporaryFolder() }

    private func put(_ name: String, _ bytes: [UInt8]) -> PutResult? {
        store.put([NewFile(location: folder.location(name), bytes: bytes)]).first
    }

    private func code(_ result: PutResult?) -> IcebergError.Code? {
        if case .failed(let error) = result { error.code } else { nil }
    }

    private func isDone(_ result: PutResult?) -> Bool { if case .done = result { true } else { false } }

    @Test(arguments: [0, 1, 4096, 300_000]) func readsBackWhatItPut(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        #expect(isDone(put("a/b/c/file", bytes)))
        #expect(try store.get(folder.location("a/b/c/file")) == bytes)
        #expect(try folder.names() == ["a", "a/b", "a/b/c", "a/b/c/file"], "nothing else is left")
    }

    @Test(arguments: [
        "plain", "with space", "p%25q", "50%", "hour=2024-05-01 10", "ü/é", "日本=語", "a+b&c=d?e#f", "quote\"'", "~",
    ])
    func takesNamesAsTheyAre(name: String) throws {
        #expect(isDone(put("t/\(name)/x", [1])))
        #expect(FileManager.default.fileExists(atPath: "\(folder.path)/t/\(name)/x"))
        #expect(try store.get(folder.location("t/\(name)/x")) == [1])
        #expect(try store.list(folder.location("t/")).map(\.location) == [folder.location("t/\(name)/x")])
        #expect(store.delete([folder.location("t/\(name)/x")]) == [])
        #expect(try store.list(folder.location("t/")) == [])
    }

    @Test func neverReplacesAFile() throws {
        #expect(isDone(put("x", [1])))
        #expect(code(put("x", [2])) == .alreadyExists)
        #expect(try store.get(folder.location("x")) == [1])
        let same = NewFile(location: folder.location("y"), bytes: [3])
        let results = store.put([same, same])
        #expect(isDone(results[0]))
        #expect(code(results[1]) == .alreadyExists)
    }

    @Test func oneOfManyWritersWins() throws {
        let location = folder.location("race/x")
        let wins = Wins()
        DispatchQueue.concurrentPerform(iterations: 16) { number in
            let bytes = [UInt8](repeating: UInt8(number), count: 50_000)
            if case .done = FileObjectStore().put([NewFile(location: location, bytes: bytes)])[0] { wins.add(number) }
        }
        let winner = try #require(wins.numbers.first)
        #expect(wins.numbers.count == 1)
        #expect(try store.get(location) == [UInt8](repeating: UInt8(winner), count: 50_000))
        #expect(try folder.names() == ["race", "race/x"])
    }

    private final class Wins: @unchecked Sendable {
        // Guarded by the lock.
        private var won: [Int] = []
        private let lock = NSLock()
        func add(_ number: Int) { lock.withLock { won.append(number) } }
        var numbers: [Int] { lock.withLock { won } }
    }

    @Test func worksWithoutNamelessFiles() throws {
        let place = try FileLocation(folder.location("x"))
        // What an earlier process of this number left behind is stepped over.
        let stale = "\(folder.path)/.\(getpid())-0.partial"
        _ = FileManager.default.createFile(atPath: stale, contents: Data([9]))
        try FileObjectStore.createNamed(place, [1, 2])
        #expect(try store.get(folder.location("x")) == [1, 2])
        let error = #expect(throws: SystemError.self) { try FileObjectStore.createNamed(place, [3]) }
        #expect(error?.number == EEXIST)
        #expect(try store.get(folder.location("x")) == [1, 2])
        #expect(try folder.names() == [".\(getpid())-0.partial", "x"])
        #expect(try store.list(folder.location("")).count == 2, "cleanup finds the partial file")
    }

    @Test func aFailedFileDoesNotHoldUpTheOthers() throws {
        #expect(isDone(put("file", [1])))
        let results = store.put([
            NewFile(location: folder.location("a"), bytes: [1]),
            NewFile(location: folder.location("file/below"), bytes: [2]),
            NewFile(location: "s3://bucket/key", bytes: [3]),
            NewFile(location: folder.location("b"), bytes: [4]),
        ])
        #expect(isDone(results[0]))
        #expect(code(results[1]) == .unavailable)
        #expect(code(results[2]) == .unsupported)
        #expect(isDone(results[3]))
    }

    @Test func deletesOnceAndForAll() throws {
        _ = put("d/x", [1])
        #expect(store.delete([folder.location("d/x"), folder.location("d/x"), folder.location("never")]) == [])
        #expect(store.delete([folder.location("d"), "s3://b/k"]) == [folder.location("d"), "s3://b/k"])
        #expect(throws: IcebergError.self) { try store.get(folder.location("d/x")) }
    }

    @Test func listsByPrefixWithSizesAndTimes() throws {
        for name in ["t/data/a", "t/data/b/c", "t/metadata/x", "table2/y"] { _ = put(name, [1, 2, 3]) }
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/t/link", withDestinationPath: "\(folder.path)/table2")
        let listed = try store.list(folder.location("t/"))
        #expect(listed.map(\.location) == ["t/data/a", "t/data/b/c", "t/metadata/x"].map(folder.location))
        #expect(listed.allSatisfy { $0.size == 3 })
        let nowMs = Int64(Date().timeIntervalSince1970 * 1000)
        #expect(listed.allSatisfy { abs($0.modifiedMs - nowMs) < 60_000 })
        #expect(try store.list(folder.location("t")).count == 4, "a prefix is text, not a folder")
        #expect(try store.list(folder.location("t/data/b")).count == 1)
        #expect(try store.list(folder.location("none/")) == [])
        #expect(try store.list("\(folder.path)/t/data/").first?.location == "\(folder.path)/t/data/a")
    }

    @Test func saysWhatIsWrongWithAFile() throws {
        let missing = #expect(throws: IcebergError.self) { try store.get(folder.location("none")) }
        #expect(missing?.code == .notFound)
        #expect(missing?.description.contains(folder.location("none")) == true)
        _ = put("d/x", [1])
        let directory = #expect(throws: IcebergError.self) { try store.get(folder.location("d")) }
        #expect(directory?.code == .unavailable)
        let long = put(String(repeating: "n", count: 300), [1])
        #expect(code(long) == .invalid)
    }

    @Test(arguments: [
        (ENOSPC, IcebergError.Code.unavailable, "free some space"), (EROFS, .unavailable, "mount it writable"),
        (EACCES, .unavailable, "permission"), (EDQUOT, .unavailable, "quota"), (ENOENT, .notFound, "No such file"),
        (EEXIST, .alreadyExists, "File exists"), (EIO, .unavailable, "Input/output error"),
        (EMFILE, .unavailable, "open files"), (ENOTDIR, .unavailable, "folder is needed"),
    ])
    func namesThePlaceTheFaultAndTheRemedy(number: Int32, code: IcebergError.Code, remedy: String) {
        let error = SystemError(number: number, action: "create").error(at: "file:///lake/x")
        #expect(error.code == code)
        #expect(error.description.hasPrefix("file:///lake/x: cannot create: "))
        #expect(error.description.contains(remedy))
    }
}

@Suite struct FileLocationTests {
    @Test(arguments: [
        ("file:///a/b", "/a/b"), ("file:/a/b", "/a/b"), ("file://localhost/a/b", "/a/b"), ("/a/b", "/a/b"),
        ("file:///a%20b/c d", "/a%20b/c d"),
    ])
    func acceptsTheSpellingsOfEngines(location: String, path: String) throws {
        #expect(try FileLocation(location).path == path)
    }

    @Test(arguments: [
        "s3://bucket/key", "https://host/x", "file://host/x", "file:x", "x/y", "", "file:", "FILE:///a",
        "file:///a/../b",
        "file:///a/./b", "/../etc", "file:///a\0b",
    ])
    func refusesOtherPlaces(location: String) {
        let error = #expect(throws: IcebergError.self) { try FileLocation(location) }
        #expect(error?.code == .unsupported || error?.code == .malformed)
    }
}
