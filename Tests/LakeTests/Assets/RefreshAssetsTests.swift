import AWS
import Foundation
import HTTPTransport
import Iceberg
import JSON
@testable import Lake
import LambdaRuntime
import TestSupport
import Testing

@Suite struct RefreshAssetsTests {
    static let two = #"[{"asset_id":"BTC","url":"u1"},{"asset_id":"ETH","url":"u2"},{"asset_id":"X"}]"#

    @Test func appendsAllLogosAtOnceWithOneTime() throws {
        let upstream = Upstream(.ok(Self.two))
        let lake = try AssetsLake(upstream)
        let reply = try lake.run(#"{"executionId":"e1"}"#)
        #expect(reply["logos"]?.integer == 2 && reply["dropped"]?.integer == 1 && reply["replayed"]?.bool == false)
        #expect(reply["executionId"]?.string == "e1")
        let metadata = try lake.metadata
        #expect(
            metadata.snapshots.count == 1 && reply["snapshot"]?.string == metadata.currentSnapshotID.map { "\($0)" })
        #expect(metadata.currentSnapshot?.summary.properties["total-records"] == "2")
        #expect(metadata.currentSnapshot?.summary.properties[LoadedExecutions.name] == #"["e1"]"#)
        #expect(upstream.requests[0].url == "https://rest.coinapi.io/v1/assets/icons/32")
        #expect(upstream.requests[0].fields.contains(HTTPField("X-CoinAPI-Key", AssetsLake.key)))
        #expect(upstream.requests[0].fields.contains(HTTPField("Accept", "application/json")))
        #expect(!upstream.requests[0].followsRedirects)
    }

    @Test func repeatedExecutionAddsNothingAndAsksNobody() throws {
        let upstream = Upstream(.ok(Self.two))
        let lake = try AssetsLake(upstream)
        let first = try lake.run(#"{"executionId":"e1"}"#)
        _ = try lake.run(#"{"executionId":"e2"}"#)
        let again = try lake.run(
            #"{"id":"e1","source":"aws.events","detail-type":"Scheduled Event","detail":{}}"#)
        #expect(again["logos"]?.integer == 0 && again["replayed"]?.bool == true)
        #expect(again["snapshot"] == first["snapshot"])
        #expect(try lake.rows == 4 && upstream.requests.count == 2)
    }

    @Test func everyRequestWithoutAnExecutionAppendsOnceAndSaysSo() throws {
        let lake = try AssetsLake(Upstream(.ok(Self.two)))
        for (request, isReplay) in [("r1", false), ("r2", false), ("r2", true)] {
            let reply = try lake.run("{}", requestID: request)
            #expect(reply["note"]?.string?.contains("every other request appends") == true)
            #expect(reply["executionId"]?.string == request && reply["replayed"]?.bool == isReplay)
        }
        #expect(try lake.rows == 4)
    }

    @Test func addsNothingWhenAnotherProcessLoadedTheSameExecutionMeanwhile() throws {
        let upstream = Upstream(.ok(Self.two))
        let lake = try AssetsLake(upstream)
        _ = try lake.run(#"{"executionId":"e0"}"#)
        let other = try lake.sibling(Upstream(.ok(Self.two)))
        var hasRun = false
        // The other one runs while this one waits for CoinAPI's answer.
        upstream.onRequest = {
            guard !hasRun else { return }
            hasRun = true
            _ = try? other.run(#"{"executionId":"e1"}"#)
        }
        let reply = try lake.run(#"{"executionId":"e1"}"#)
        #expect(hasRun && reply["replayed"]?.bool == true && reply["logos"]?.integer == 0)
        #expect(try lake.rows == 4)
        upstream.onRequest = { _ = try? other.run(#"{"executionId":"e2"}"#) }
        #expect(try lake.run(#"{"executionId":"e3"}"#)["logos"]?.integer == 2)
        #expect(try lake.metadata.inheritedState(LoadedExecutions.name) == #"["e0","e1","e2","e3"]"#)
        #expect(try lake.rows == 8)
    }

    @Test(arguments: [SwapLoss.beforeIt, .afterIt])
    func lostReplyToTheSwapAddsOnce(_ loss: SwapLoss) throws {
        let lake = try AssetsLake(Upstream(.ok(Self.two)), catalog: { LossyCatalog(real: $0, loss: loss) })
        _ = try? lake.run(#"{"executionId":"e1"}"#)
        _ = try lake.run(#"{"executionId":"e1"}"#)
        #expect(try lake.rows == 2)
    }

    @Test(arguments: [
        (Reply.ok("<!doctype html><title>Sign in</title>"), "Assets.BadReply", "HTML or XML of 37 bytes"),
        (.ok(#"[{"asset_id":"BTC","url":"u"}"#), "Assets.BadReply", "a JSON array that is broken or cut short"),
        (.ok(#"{"error":"no"}"#), "Assets.BadReply", "a JSON object"), (.ok(""), "Assets.BadReply", "an empty text"),
        (.ok("[]"), "Assets.NoLogos", "it has 0 entries"), (.ok("[{},null]"), "Assets.NoLogos", "it has 2 entries"),
        (.status(401), "Assets.KeyRefused", "[401]"), (.status(403), "Assets.KeyRefused", "[403]"),
        (.status(404), "Assets.Unavailable", "COINAPI_URL"), (.status(302), "Assets.Unavailable", "Redirect"),
        (.status(500), "Assets.Unavailable", "after 4 attempts"), (.status(429), "Assets.Unavailable", "429"),
        (.failure(.timedOut), "Assets.Unavailable", "after 4 attempts"),
        (.failure(.responseTooLarge), "Assets.BadReply", "larger than any list"),
    ])
    func faultOfTheUpstreamAppendsNothingAndShowsNoKey(_ reply: Reply, _ type: String, _ part: String) throws {
        let lake = try AssetsLake(Upstream(reply))
        let error = #expect(throws: JobError.self) { try lake.run(#"{"executionId":"e1"}"#) }
        #expect(error?.errorType == type)
        #expect(error?.description.contains(part) == true, "\(error as Any)")
        #expect("\(error as Any)".contains(AssetsLake.key) == false)
        #expect(try lake.metadata.snapshots.isEmpty)
    }

    @Test func waitsAsLongAsItIsTold() throws {
        let upstream = Upstream(.status(429, retryAfter: "3"), .status(500), .ok(Self.two))
        #expect(try AssetsLake(upstream).run("{}")["logos"]?.integer == 2)
        #expect(upstream.waits.first == 3_000)
    }

    @Test func doesNotWaitPastTheTimeThatTheCommitNeeds() throws {
        let upstream = Upstream(.status(429, retryAfter: "58"), .ok(Self.two))
        #expect(throws: JobError.self) { try AssetsLake(upstream).run("{}") }
        #expect(upstream.waits.isEmpty)
    }

    @Test(arguments: [
        ([:], "COINAPI_KEY is not set, and neither is COINAPI_KEY_SECRET_ARN"),
        (["COINAPI_KEY": "k", "COINAPI_KEY_SECRET_ARN": "arn:x"], "only one of them"),
        (["COINAPI_KEY": "k", "COINAPI_URL": "http://example.com"], "COINAPI_URL must be https://"),
        (["COINAPI_KEY": "k", "COINAPI_URL": "https://u:p@example.com"], "COINAPI_URL must be https://"),
    ])
    func namesTheSettingThatIsAtFault(_ environment: [String: String], _ part: String) throws {
        let assets = AssetsDefinition(
            table: TableIdentifier(namespace: "db", name: "a"), url: "https://a", iconSize: 32, symbols: [])
        let error = #expect(throws: ConfigurationError.self) {
            try CoinAPI(assets, environment) { () throws(IcebergError) in throw IcebergError(.invalid, "unused") }
        }
        #expect(error?.description.contains(part) == true, "\(error as Any)")
    }

    @Test(arguments: ["k\u{e9}y", "a b", " ", "{\"other\":\"k\"}", "\u{0}"])
    func refusesWhatCanBeNoKey(_ key: String) throws {
        let lake = try AssetsLake(Upstream(.ok(Self.two)), key: key)
        let error = #expect(throws: ConfigurationError.self) { try lake.run("{}") }
        #expect(error?.description.contains("COINAPI_KEY") == true)
    }

    @Test(arguments: ["{\"COINAPI_KEY\":\"k-1\"}", "{\"user\":\"u\",\"apiKey\":\"k-1\"}", "k-1\n"])
    func findsTheKeyInASecret(_ key: String) throws {
        let upstream = Upstream(.ok(Self.two))
        _ = try AssetsLake(upstream, key: key).run("{}")
        #expect(upstream.requests[0].fields.contains(HTTPField("X-CoinAPI-Key", "k-1")))
    }
}
