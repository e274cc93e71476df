internal import AWS
internal import Glibc
internal import Iceberg

extension S3Put {
    /// A call has failed, after all that the client does about it.
    mutating func take(_ failure: ServiceError) {
        let error = IcebergError(failure, at: location)
        switch step {
        case .putting:
            mayHaveActed = mayHaveActed || failure.mayHaveActed
            // The condition could not be judged because of another request at the same time.
            if failure.kind == .conflict && mayResend() { return }
            refused(error)
        case .beginning:
            // An upload that was begun without our learning of it holds nothing.
            if failure.kind == .malformedReply && mayResend() { return }
            refused(error)
        case .completing(let id):
            completions += 1
            mayHaveActed = mayHaveActed || failure.mayHaveActed
            switch failure.kind {
            // S3 wants the upload anew then, with its parts.
            case .conflict where mayResend():
                step = .aborting(upload: id, end: nil)
            case .unavailable, .throttled, .malformedReply:
                if completions >= Self.tries { refused(error) }
            // There is no upload any more, so it has been completed, or somebody dropped it.
            case .notFound: step = .looking(error)
            default: refused(error)
            }
        case .looking(let doubt): lookedInVain(failure, doubt)
        // It was there a moment ago.
        case .comparing(_, let doubt): finish(.unknown(doubt))
        case .sending, .aborting, .finished: return
        }
    }

    /// The object was not created, or so it seems.
    private mutating func refused(_ error: IcebergError) {
        guard !mayHaveActed else {
            step = .looking(error)
            return
        }
        end(.failed(error))
    }

    /// Ends with a result that is certain, and drops an upload that is left.
    private mutating func end(_ result: PutResult) {
        if let upload { step = .aborting(upload: upload, end: result) } else { finish(result) }
    }

    /// Looking failed: the object is not there, or that cannot be learnt.
    private mutating func lookedInVain(_ failure: ServiceError, _ doubt: IcebergError) {
        // A request that was lost may still arrive, so that nothing is there now proves little; but sending again is
        // harmless, and its reply is proof.
        guard failure.kind == .notFound, mayResend() else { return finish(.unknown(doubt)) }
        if let upload {
            step = .aborting(upload: upload, end: nil)
        } else {
            step = parts.count > 1 ? .beginning : .putting
        }
    }

    /// The object is there.
    mutating func compare(_ head: S3ObjectHead, _ doubt: IcebergError) {
        guard head.size == Int64(bytes.count) else { return foreign() }
        let checksum =
            parts.count > 1
            ? S3Checksum.text(ofParts: taken.map(\.checksum)) : S3Checksum(of: bytes).text
        if head.checksum == checksum || bytes.isEmpty { return own() }
        // Another checksum of the whole is proof, too; one of parts is none, as these may have been cut otherwise.
        if let other = head.checksum, parts.count == 1, !other.utf8.contains(UInt8(ascii: "-")) { return foreign() }
        step = .comparing(from: 0, doubt)
    }

    /// Some of the object's bytes have been read.
    mutating func compare(_ found: [UInt8], from start: Int, _ doubt: IcebergError) {
        let count = comparedCount(from: start)
        guard isContent(found, at: start, count) else { return foreign() }
        if start + count == bytes.count { own() } else { step = .comparing(from: start + count, doubt) }
    }

    private func isContent(_ found: [UInt8], at start: Int, _ count: Int) -> Bool {
        guard found.count == count else { return false }
        return found.withUnsafeBytes { found in
            bytes.withUnsafeBytes { memcmp(found.baseAddress!, $0.baseAddress! + start, count) == 0 }
        }
    }

    /// The object has our bytes: it is the one that was to be created.
    private mutating func own() { end(.done) }

    private mutating func foreign() {
        end(.failed(IcebergError(.alreadyExists, "there is another file of this name", at: location)))
    }
}
