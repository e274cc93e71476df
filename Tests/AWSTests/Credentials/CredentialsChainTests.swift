import Testing

@testable import AWS

@Suite struct CredentialsChainTests {
    /// A source that answers as prepared, the last answer for ever.
    private final class Source: CredentialsSource {
        let name: String
        let isExplicit: Bool
        var answers: [Result<Credentials?, CredentialsFault>]
        var asked = 0

        init(_ name: String, isExplicit: Bool = true, _ answers: Result<Credentials?, CredentialsFault>...) {
            self.name = name
            self.isExplicit = isExplicit
            self.answers = answers
        }

        func fetch() throws(CredentialsFault) -> Credentials? {
            asked += 1
            return try (answers.count > 1 ? answers.removeFirst() : answers[0]).get()
        }
    }

    private func credentials(_ id: String, expirationMs: Int64? = nil) -> Credentials {
        Credentials(accessKeyID: id, secretAccessKey: "s", expirationMs: expirationMs)
    }

    @Test func firstSourceThatHasSomeIsUsedAndKept() throws {
        let sources = [
            Source("one", .success(nil)), Source("two", .success(credentials("A"))),
            Source("three", .success(credentials("B"))),
        ]
        let chain = CredentialsChain(sources, nowMs: { 0 })
        #expect(try chain.credentials().accessKeyID == "A")
        #expect(try chain.credentials().accessKeyID == "A")
        #expect(sources.map(\.asked) == [1, 1, 0])
    }

    @Test func sourceThatIsSetUpAndFailsEndsTheSearch() {
        let later = Source("later", .success(credentials("B")))
        let chain = CredentialsChain(
            [Source("container", .failure(CredentialsFault("is silent"))), later], nowMs: { 0 })
        let error = #expect(throws: ServiceError.self) { try chain.credentials() }
        #expect(error?.kind == .credentials && error?.message.contains("container is silent") == true)
        #expect(later.asked == 0)
    }

    @Test func errorNamesAllThatWasLookedFor() {
        let chain = CredentialsChain(
            [
                Source("one", .success(nil)),
                Source("two", isExplicit: false, .failure(CredentialsFault("does not answer"))),
                Source("three", .success(nil)),
            ], nowMs: { 0 })
        let error = #expect(throws: ServiceError.self) { try chain.credentials() }
        #expect(error?.message == "there are none; looked for one: not set, two does not answer, three: not set")
        #expect(error?.advice.isEmpty == false && error?.mayHaveActed == false)
    }

    @Test func renewalAsksTheSameSourceAndOutlivesItsFailures() throws {
        var now: Int64 = 0
        let first = Source("one", .success(nil))
        let second = Source(
            "two", .success(credentials("A", expirationMs: 1_000_000)), .failure(CredentialsFault("fails")),
            .success(credentials("B", expirationMs: 9_000_000)))
        let chain = CredentialsChain([first, second], nowMs: { now })
        #expect(try chain.credentials().accessKeyID == "A")
        now = 800_000
        #expect(try chain.credentials().accessKeyID == "A")
        now = 820_000
        #expect(try chain.credentials().accessKeyID == "A")
        #expect(second.asked == 2)
        now = 830_000
        #expect(try chain.credentials().accessKeyID == "B")
        #expect(first.asked == 1 && second.asked == 3)
    }

    @Test func expiredCredentialsAreNotUsedWhenRenewalFails() throws {
        var now: Int64 = 0
        let source = Source(
            "one", .success(credentials("A", expirationMs: 1_000_000)), .failure(CredentialsFault("fails")))
        let chain = CredentialsChain([source], nowMs: { now })
        _ = try chain.credentials()
        now = 1_000_000
        #expect(throws: ServiceError.self) { try chain.credentials() }
    }

    @Test func discardedCredentialsAreFetchedAgain() throws {
        let source = Source("one", .success(credentials("A")), .success(credentials("B")))
        let chain = CredentialsChain([source], nowMs: { 0 })
        let first = try chain.credentials()
        chain.discard(first)
        #expect(try chain.credentials().accessKeyID == "B")
        chain.discard(first)
        #expect(try chain.credentials().accessKeyID == "B")
        #expect(source.asked == 2)
    }

    @Test func functionLooksInThreePlacesAndTheCommandLineInFour() throws {
        let configuration = try AWSConfiguration(environment: [:])
        let access = ScriptedAccess().access
        let assume: (AssumedRole, Credentials) throws(CredentialsFault) -> Credentials = { $1 }
        let profiles = try AWSProfiles(configuration.credentials, read: { _ in nil })
        #expect(CredentialsChain.sources(configuration, access, nil, assume: assume).count == 3)
        #expect(CredentialsChain.sources(configuration, access, profiles, assume: assume).count == 4)
    }
}
