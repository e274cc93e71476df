import TestSupport
import Testing

@testable import Lake

@Suite("The reply to a _bulk request")
struct BulkReplyTests {
    static func outcomes(_ text: String, count: Int) throws(BulkReply.Fault) -> [BulkOutcome] {
        try BulkReply.outcomes(Array(text.utf8).span.bytes, count: count)
    }

    /// A reply as Elasticsearch 8 writes it, one for each kind.
    static let whole = """
        {"took":30,"errors":true,"items":[
        {"index":{"_index":"i","_id":"1","_version":7,"result":"created","_shards":{"total":2,"failed":0},"status":201}},
        {"index":{"_index":"i","_id":"2","_version":7,"result":"updated","status":200}},
        {"index":{"_index":"i","_id":"3","status":409,"error":{"type":"version_conflict_engine_exception","reason":"[3]: x"}}},
        {"index":{"_index":"i","_id":"4","status":429,"error":{"type":"es_rejected_execution_exception","reason":"busy"}}},
        {"index":{"_index":"i","_id":"5","status":400,"error":{"type":"document_parsing_exception",
        "reason":"[1:9] failed to parse field [price_crypto] of type [long] in document with id 'BTC'. Preview: 'x'",
        "caused_by":{"type":"number_format_exception","reason":"For input string"}}}},
        {"create":{"_index":"i","_id":"6","status":403,"error":{"type":"cluster_block_exception","reason":"index [i] blocked"}}},
        {"index":{"status":503}}]}
        """

    @Test func isReadItemByItem() throws {
        let outcomes = try Self.outcomes(Self.whole, count: 7)
        #expect(outcomes[0...2] == [.indexed, .indexed, .unchanged])
        guard case .busy(let busy) = outcomes[3], case .refused(let refused) = outcomes[4],
            case .blocked(let blocked) = outcomes[5], case .busy(let bare) = outcomes[6]
        else {
            Issue.record("\(outcomes)")
            return
        }
        #expect("\(busy)" == "es_rejected_execution_exception [429]: busy")
        #expect(
            "\(refused)"
                == "document_parsing_exception [400]: [1:9] failed to parse field [price_crypto] of type [long] "
                + "in document with id")
        #expect("\(blocked)" == "cluster_block_exception [403]: index [i] blocked")
        #expect("\(bare)" == "status 503")
    }

    @Test(arguments: [
        "", "<html>", "[]", "{}", "{\"items\":7}", "{\"items\":[{}]}", "{\"items\":[7]}", "{\"items\":[{\"index\":7}]}",
        "{\"items\":[{\"index\":{}}]}", "{\"items\":[{\"index\":{\"status\":\"201\"}}]}",
        "{\"items\":[{\"index\":{\"status\":7}}]}", "{\"items\":[{\"index\":{\"status\":201.5}}]}",
        "{\"items\":[{\"index\":{\"status\":99999999999999999999}}]}",
        "{\"items\":[{\"index\":{\"status\":201},\"create\":{\"status\":201}}]}",
        "{\"items\":[{\"index\":{\"status\":201}},{\"index\":{\"status\":201}}]}", "{\"items\":[]}",
        "{\"items\":[{\"index\":{\"status\":201}}]} x", "{\"items\":[{\"index\":{\"status\":201}}]",
    ])
    func anythingElseIsAFault(text: String) {
        #expect(throws: BulkReply.Fault.self) { try Self.outcomes(text, count: 1) }
    }

    @Test func mutationsNeverTrap() {
        var generator = SeededGenerator(seed: 7)
        let whole = Array(Self.whole.utf8)
        for _ in 0..<20_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch generator.next() % 4 {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: generator.next())
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(bytes[bytes.count - 1 - place], at: place)
                default: bytes.removeSubrange((place + 1)...)
                }
            }
            _ = try? BulkReply.outcomes(bytes.span.bytes, count: 7)
        }
    }

    @Test(arguments: [
        (400, "mapper_parsing_exception", "failed", true), (400, "strict_dynamic_mapping_exception", "", true),
        (400, "illegal_argument_exception", "Document contains at least one immense term in field=", true),
        (400, nil, nil, true), (413, nil, nil, true),
        (400, "index_closed_exception", "closed", false), (400, "validation_exception", "1000 shards open", false),
        (400, "illegal_argument_exception", "no write index is defined for alias [x]", false),
        (400, "illegal_argument_exception", "pipeline with id [x] does not exist", false),
        (404, "index_not_found_exception", "no such index", false), (401, nil, nil, false), (403, nil, nil, false),
        (300, nil, nil, false),
    ])
    func onlyFaultsOfTheDocumentAreItsOwn(status: Int, type: String?, reason: String?, isOfDocument: Bool) {
        let outcome = BulkOutcome(status: status, fault: BulkFault(status: status, type: type, reason: reason))
        if case .refused = outcome {
            #expect(isOfDocument)
        } else if case .blocked = outcome {
            #expect(!isOfDocument)
        } else {
            Issue.record("\(outcome)")
        }
    }

    @Test func faultsQuoteNothing() {
        let fault = BulkFault(status: 400, type: "Bad Type\n", reason: "é\u{1}x: `secret` and 'more'")
        #expect("\(fault)" == "status 400: ??x")
        #expect(BulkFault(status: 400, type: nil, reason: String(repeating: "x", count: 999)).reason.utf8.count == 200)
    }
}
