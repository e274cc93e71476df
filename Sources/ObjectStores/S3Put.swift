internal import AWS
internal import Iceberg

/// Creating one object, step by step: says what to send next, and takes the replies. Pure; ``S3ObjectStore`` sends.
///
/// An object is created under the condition that there is none, so sending again is harmless, and a refusal after an
/// attempt that may have acted is a question: whose object is it? Size and checksum answer, or the bytes themselves.
struct S3Put {
    /// What a reply brings.
    enum Reply: Sendable {
        case created
        case upload(String)
        case part(S3Part)
        case aborted
        case head(S3ObjectHead)
        case bytes([UInt8])
    }

    enum Step: Sendable {
        /// The whole object at once.
        case putting
        /// An upload in parts is begun, its parts are sent, and put together.
        case beginning
        case sending(upload: String)
        case completing(upload: String)
        /// An upload that will not be completed is dropped; then it is begun anew, or ends so.
        case aborting(upload: String, end: PutResult?)
        /// Whether the object is there, and ours; the error is what raised the question.
        case looking(IcebergError)
        /// The object is compared with the bytes from an offset on.
        case comparing(from: Int, IcebergError)
        case finished(PutResult)
    }

    /// How often an object or an upload may be sent, and an upload completed, beside what the client repeats by itself.
    static let tries = 3

    let location: String
    let bytes: [UInt8]
    let bucket: S3Bucket
    let key: String
    let parts: [Range<Int>]
    let partsAtOnce: Int
    var step: Step
    /// Whether any attempt may have created the object.
    var mayHaveActed = false
    /// How often the object, or an upload of it, has been sent, and how often the upload was to be completed.
    var sendings = 1
    var completions = 0
    var taken: [S3Part] = []
    /// The upload that was begun last and not dropped.
    var upload: String?

    init(_ file: NewFile, in bucket: S3Bucket, key: String, _ plan: S3UploadPlan) {
        location = file.location
        bytes = file.bytes
        self.bucket = bucket
        self.key = key
        parts = plan.parts(of: file.bytes.count)
        partsAtOnce = plan.partsAtOnce
        step = parts.count > 1 ? .beginning : .putting
    }

    /// How it ended; nil while there is something to send.
    var result: PutResult? { if case .finished(let result) = step { result } else { nil } }

    /// The calls to send next; none once there is a result.
    func next() -> [S3Call<Reply>] {
        switch step {
        case .putting: [bucket.createObject(key, bytes, S3Checksum(of: bytes)).map { .created }]
        case .beginning: [bucket.createUpload(key).map { .upload($0) }]
        case .sending(let id):
            parts.indices.dropFirst(taken.count).prefix(partsAtOnce).map { index in
                bucket.uploadPart(key, upload: id, number: index + 1, Array(bytes[parts[index]])).map { .part($0) }
            }
        case .completing(let id): [bucket.completeUpload(key, upload: id, taken).map { .created }]
        case .aborting(let id, _): [bucket.abortUpload(key, upload: id).map { .aborted }]
        case .looking: [bucket.headObject(key).map { .head($0) }]
        case .comparing(let start, _):
            [
                bucket.getObject(key, .bytes(from: Int64(start), count: Int64(comparedCount(from: start))))
                    .map { .bytes($0) }
            ]
        case .finished: []
        }
    }

    /// The replies to ``next()``, in its order.
    mutating func take(_ replies: [Result<Reply, ServiceError>]) {
        switch step {
        case .sending(let id): takeParts(replies, of: id)
        // Dropping is done as well as it can be: what is left of an upload is no object.
        case .aborting(_, let end): ended(end)
        case .finished: return
        default:
            guard let reply = replies.first else { return finish(.unknown(error("the client gave no answer"))) }
            switch reply {
            case .success(let reply): take(reply)
            case .failure(let failure): take(failure)
            }
        }
    }

    private mutating func take(_ reply: Reply) {
        switch (step, reply) {
        case (_, .created): finish(.done)
        case (_, .upload(let id)):
            taken = []
            completions = 0
            upload = id
            step = .sending(upload: id)
        case (.looking(let doubt), .head(let head)): compare(head, doubt)
        case (.comparing(let start, let doubt), .bytes(let found)): compare(found, from: start, doubt)
        default: finish(.unknown(error("the client answered something else")))
        }
    }

    private mutating func takeParts(_ replies: [Result<Reply, ServiceError>], of id: String) {
        for reply in replies {
            switch reply {
            case .success(.part(let part)): taken.append(part)
            case .success: return finish(.unknown(error("the client answered something else")))
            case .failure(let failure):
                // A reply that is not S3's: this part and those behind it are sent again.
                if failure.kind == .malformedReply && mayResend() { return }
                // Whatever became of the part, the object cannot exist before the upload is completed.
                let error = IcebergError(failure, at: location)
                step = .aborting(upload: id, end: mayHaveActed ? .unknown(error) : .failed(error))
                return
            }
        }
        step = taken.count == parts.count ? .completing(upload: id) : .sending(upload: id)
    }

    /// An upload has been dropped.
    private mutating func ended(_ end: PutResult?) {
        upload = nil
        if let end { finish(end) } else { step = .beginning }
    }

    /// Counts another sending, if there may be one.
    mutating func mayResend() -> Bool {
        guard sendings < Self.tries else { return false }
        sendings += 1
        return true
    }

    mutating func finish(_ result: PutResult) { step = .finished(result) }

    func error(_ what: String) -> IcebergError { IcebergError(.unavailable, what, at: location) }

    func comparedCount(from start: Int) -> Int { min(bytes.count - start, 8 << 20) }
}
