import Glibc
import Synchronization
import Testing

@testable import AWS

@Suite struct SharedCredentialsTests {
    /// Counts how many are inside at once, which is what one thread at a time forbids.
    private final class Watched: CredentialsProvider, @unchecked Sendable {
        // Sendable as its counters are: the class has no other state.
        let inside = Atomic(0)
        let met = Atomic(0)
        let asked = Atomic(0)

        func credentials() throws(ServiceError) -> Credentials {
            if inside.add(1, ordering: .relaxed).newValue > 1 { met.add(1, ordering: .relaxed) }
            asked.add(1, ordering: .relaxed)
            sched_yield()
            inside.subtract(1, ordering: .relaxed)
            return Credentials(accessKeyID: "AKID", secretAccessKey: "S")
        }
    }

    @Test func letsOneThreadInAtATime() async throws {
        let watched = Watched()
        let shared = SharedCredentials { watched }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<200 { _ = try shared.credentials() }
                }
            }
            try await group.waitForAll()
        }
        #expect(watched.asked.load(ordering: .relaxed) == 800)
        #expect(watched.met.load(ordering: .relaxed) == 0)
    }

    @Test func passesOnWhatWasRefused() throws {
        final class Changing: CredentialsProvider {
            var number = 1
            func credentials() -> Credentials { Credentials(accessKeyID: "\(number)", secretAccessKey: "S") }
            func discard(_ credentials: Credentials) { number += 1 }
        }
        let shared = SharedCredentials { Changing() }
        #expect(try shared.credentials().accessKeyID == "1")
        shared.discard(try shared.credentials())
        #expect(try shared.credentials().accessKeyID == "2")
    }
}
