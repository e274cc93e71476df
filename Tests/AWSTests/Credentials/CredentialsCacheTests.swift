import Testing

@testable import AWS

@Suite struct CredentialsCacheTests {
    private func credentials(_ id: String, expirationMs: Int64?) -> Credentials {
        Credentials(accessKeyID: id, secretAccessKey: "s", expirationMs: expirationMs)
    }

    @Test func nothingIsUsedBeforeItIsFetched() {
        #expect(CredentialsCache().answer(atMs: 0) == .fetch(orUse: nil))
    }

    @Test func credentialsWithoutEndAreKept() {
        var cache = CredentialsCache()
        let kept = credentials("A", expirationMs: nil)
        cache.keep(kept, atMs: 0)
        #expect(cache.answer(atMs: .max) == .use(kept))
    }

    @Test func othersAreFetchedBeforeTheEnd() {
        var cache = CredentialsCache()
        let kept = credentials("A", expirationMs: 3_600_000)
        cache.keep(kept, atMs: 0)
        #expect(cache.answer(atMs: 3_300_000) == .use(kept))
        #expect(cache.answer(atMs: 3_300_001) == .fetch(orUse: kept))
        #expect(cache.answer(atMs: 3_600_000) == .fetch(orUse: nil))
    }

    @Test func fetchThatFailsIsNotRepeatedAtOnce() {
        var cache = CredentialsCache()
        let kept = credentials("A", expirationMs: 3_600_000)
        cache.keep(kept, atMs: 0)
        cache.rest(atMs: 3_400_000)
        #expect(cache.answer(atMs: 3_429_999) == .use(kept))
        #expect(cache.answer(atMs: 3_430_000) == .fetch(orUse: kept))
    }

    @Test func credentialsThatCameExpiredAreUsedForAWhile() {
        var cache = CredentialsCache()
        let kept = credentials("A", expirationMs: 10)
        cache.keep(kept, atMs: 1_000)
        #expect(cache.answer(atMs: 30_999) == .use(kept))
        #expect(cache.answer(atMs: 31_000) == .fetch(orUse: nil))
    }

    @Test func refusedCredentialsAreFetchedAgain() {
        var cache = CredentialsCache()
        let kept = credentials("A", expirationMs: nil)
        cache.keep(kept, atMs: 0)
        cache.discard(credentials("B", expirationMs: nil))
        #expect(cache.answer(atMs: 0) == .use(kept))
        cache.discard(kept)
        #expect(cache.answer(atMs: 0) == .fetch(orUse: kept))
        cache.keep(kept, atMs: 0)
        #expect(cache.answer(atMs: 0) == .use(kept))
    }
}
