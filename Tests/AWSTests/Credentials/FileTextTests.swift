import Glibc
import Testing

@testable import AWS

@Suite struct FileTextTests {
    @Test func readsWhatIsThereAndNothingElse() throws {
        var path = Array("/tmp/swiftlake-file-text-XXXXXX".utf8CString)
        let file = mkstemp(&path)
        try #require(file >= 0)
        let name = path.withUnsafeBufferPointer { String(decoding: $0.dropLast().map { UInt8($0) }, as: UTF8.self) }
        defer {
            close(file)
            unlink(name)
        }
        let content = (0..<40_000).map { UInt8(truncatingIfNeeded: $0) }
        #expect(FileText.read(name)?.isEmpty == true)
        #expect(write(file, content, content.count) == content.count)
        #expect(FileText.read(name) == content)
        #expect(FileText.read("/tmp") == nil)
        #expect(FileText.read(name + "-missing") == nil)
        #expect(ftruncate(file, 2 << 20) == 0)
        #expect(FileText.read(name) == nil)
    }
}
