import Testing

@testable import Lake

@Suite("The documents that are still to be sent")
struct BulkQueueTests {
    static func documents(_ count: Int) throws -> [QuoteDocument] {
        try (0..<count).map { try QuoteDocumentTests.document("A\(100 + $0)/USD") }
    }

    /// The next batch, of which there must be one.
    static func next(_ queue: inout BulkQueue) throws -> BulkQueue.Batch {
        let batch = queue.next()
        return try #require(batch)
    }

    static let busy = BulkOutcome(status: 429, fault: BulkFault(status: 429, type: nil, reason: nil))
    static let bad = BulkOutcome(status: 400, fault: BulkFault(status: 400, type: nil, reason: nil))
    static let blocked = BulkOutcome(status: 403, fault: BulkFault(status: 403, type: nil, reason: nil))

    @Test func batchesKeepTheOrderAndTheLimit() throws {
        var queue = BulkQueue(try Self.documents(100), limit: 1000)
        var sent: [Int] = []
        while let batch = queue.next() {
            #expect(batch.lines.count <= 1000 && batch.documents.count > 1)
            #expect(batch.lines.count { $0 == UInt8(ascii: "\n") } == 2 * batch.documents.count)
            sent += batch.documents
        }
        #expect(sent == Array(0..<100))
    }

    @Test func aDocumentAboveTheLimitGoesAlone() throws {
        var queue = BulkQueue(try Self.documents(3), limit: 1)
        for place in 0..<3 { #expect(try Self.next(&queue).documents == [place]) }
        let end = queue.next()
        #expect(end == nil)
    }

    @Test func onlyTheBusyComeAgain() throws {
        var queue = BulkQueue(try Self.documents(5))
        let batch = try Self.next(&queue)
        queue.take([.indexed, Self.busy, .unchanged, Self.bad, Self.busy], of: batch)
        let none = queue.next()
        #expect(none == nil && queue.isBusy && queue.remainder == [1, 4])
        queue.resendBusy()
        #expect(try Self.next(&queue).documents == [1, 4])
        #expect((queue.indexed, queue.unchanged, queue.resent) == (1, 1, 2))
        #expect(queue.refusals.map(\.document) == [3])
    }

    @Test func aBodyThatIsTooLargeComesAgainInHalves() throws {
        var queue = BulkQueue(try Self.documents(64))
        var sizes: [Int] = []
        var done = 0
        while let batch = queue.next() {
            sizes.append(batch.documents.count)
            guard batch.documents.count <= 3 else {
                queue.tooLarge(batch)
                continue
            }
            done += batch.documents.count
            queue.take(batch.documents.map { _ in .indexed }, of: batch)
        }
        #expect(done == 64 && queue.refusals.isEmpty && queue.remainder.isEmpty)
        #expect(Array(sizes.prefix(5)).allSatisfy { $0 > 3 } && sizes.count < 64)
    }

    @Test func aSingleDocumentThatIsTooLargeIsRefused() throws {
        var queue = BulkQueue(try Self.documents(4))
        var sent = 0
        while let batch = queue.next() {
            sent += 1
            queue.tooLarge(batch)
        }
        #expect(queue.refusals.map(\.document) == [0, 1, 2, 3] && queue.remainder.isEmpty)
        #expect(sent <= 8)
    }

    @Test func anIndexThatCannotBeWrittenToEndsIt() throws {
        var queue = BulkQueue(try Self.documents(100), limit: 1000)
        let batch = try Self.next(&queue)
        queue.take([Self.blocked] + batch.documents.dropFirst().map { _ in .indexed }, of: batch)
        let none = queue.next()
        #expect(none == nil && queue.blocked?.status == 403)
        #expect(queue.remainder.count == 100 - batch.documents.count + 1 && queue.remainder.contains(0))
    }

    @Test func aBatchThatIsTakenBackIsNext() throws {
        var queue = BulkQueue(try Self.documents(100), limit: 1000)
        let batch = try Self.next(&queue)
        queue.takeBack(batch)
        #expect(try Self.next(&queue) == batch)
    }
}
