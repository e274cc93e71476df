import Synchronization
import Testing

@testable import Lake

@Suite struct ThreadsTests {
    @Test(arguments: [0, 1, 2, 7, 1000], [1, 2, 5])
    func everyPartIsDoneOnceAndItsValueStandsInItsPlace(parts: Int, threads: Int) {
        let calls = Mutex<[Int: Int]>([:])
        let values = Threads.map(parts, threads: threads) { number in
            calls.withLock { $0[number, default: 0] += 1 }
            return number * number
        }
        #expect(values == (0..<parts).map { $0 * $0 })
        #expect(calls.withLock { $0.values.allSatisfy { $0 == 1 } && $0.count == parts })
    }
}
