internal import CRdkafka
internal import Glibc

/// How long an answer is waited for, and when that makes no sense any more.
struct Patience {
    private let endMs: Int64
    private var faultySinceMs: Int64?

    /// So long a fault that waiting does not mend may last, in milliseconds: a token may be on its way.
    private static let graceMs: Int64 = 2_000

    init(withinMs: Int64) { endMs = Self.nowMs &+ max(0, min(withinMs, 3_600_000)) }

    /// The time left, in milliseconds.
    var leftMs: Int64 { max(0, endMs - Self.nowMs) }

    /// Why no more is waited: the time is over, or who we or the brokers are is not believed; nil to wait on.
    mutating func fault(_ client: KafkaClient, orElse response: rd_kafka_resp_err_t) -> KafkaError? {
        let fault = client.callbacks.connectionFault
        if fault?.code == .authenticationFailed || fault?.code == .tlsFailed {
            let now = Self.nowMs
            if now - (faultySinceMs ?? now) >= Self.graceMs { return fault }
            faultySinceMs = faultySinceMs ?? now
        } else {
            faultySinceMs = nil
        }
        guard leftMs == 0 else { return nil }
        return fault ?? client.endingError ?? KafkaError(response, about: .brokers(client.callbacks.brokers))
    }

    private static var nowMs: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }
}
