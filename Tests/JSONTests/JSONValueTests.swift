import Glibc
import Testing

@testable import JSON

@Suite struct JSONValueTests {
    @Test func readsItsParts() throws {
        let text = #"{"a":1,"b":[true,null,"x",2.5],"a":2,"big":1e400}"#
        let value = try JSONValue(parsing: Array(text.utf8))
        #expect(value["a"]?.integer == 2)
        #expect(value["b"]?.elements?.count == 4)
        #expect(value["b"]?.elements?[0].bool == true)
        #expect(value["b"]?.elements?[2].string == "x")
        #expect(value["b"]?.elements?[3].double == 2.5)
        #expect(value["b"]?.elements?[3].integer == nil)
        #expect(value["big"]?.double == nil)
        #expect(value["c"] == nil)
        #expect(value.members?.map(\.name) == ["a", "b", "a", "big"])
    }

    @Test func deepestTextFitsASmallStack() {
        let limit = JSONReader.maximumDepth
        let arrays = String(repeating: "[", count: limit) + "1" + String(repeating: "]", count: limit)
        let objects = String(repeating: "{\"a\":", count: limit) + "1" + String(repeating: "}", count: limit)
        for text in [arrays, objects].map({ Array($0.utf8) }) {
            #expect(
                onSmallStack {
                    guard let value = try? JSONValue(parsing: text) else { return false }
                    return value.serialized() == text
                })
        }
        #expect(throws: JSONError.self) { try JSONValue(parsing: Array(("[" + arrays + "]").utf8)) }
    }

    /// Runs a closure on a thread with 512 KiB of stack.
    private func onSmallStack(_ body: @escaping @Sendable () -> Bool) -> Bool {
        final class Work {
            let body: @Sendable () -> Bool
            var answer = false
            init(_ body: @escaping @Sendable () -> Bool) { self.body = body }
        }
        let work = Work(body)
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setstacksize(&attributes, 512 << 10)
        var thread = pthread_t()
        let code = pthread_create(
            &thread, &attributes,
            { pointer in
                guard let pointer else { return nil }
                let work = Unmanaged<Work>.fromOpaque(pointer).takeUnretainedValue()
                work.answer = work.body()
                return nil
            }, Unmanaged.passUnretained(work).toOpaque())
        guard code == 0 else { return false }
        pthread_join(thread, nil)
        return work.answer
    }
}
