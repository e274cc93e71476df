internal import AWS
internal import CRdkafka
internal import Glibc

/// Gives a client of librdkafka tokens of MSK, whenever it asks for one: when it is made, and when four fifths of the life of
/// the one before are over. Any thread may call it.
struct MSKTokenRefresh: Sendable {
    /// The cluster's region.
    let region: String
    /// Who signs.
    let credentials: any CredentialsProvider & Sendable

    /// Signs a token and hands it over, or says why there is none; then librdkafka asks again after ten seconds.
    func refresh(_ client: OpaquePointer) {
        do {
            let token = try MSKToken(credentials.credentials(), region: region, nowMs: Self.nowMs)
            try Self.give(token, to: client)
        } catch let error as KafkaError {
            rd_kafka_oauthbearer_set_token_failure(client, error.message)
        } catch {
            rd_kafka_oauthbearer_set_token_failure(client, "\(error)")
        }
    }

    private static func give(_ token: MSKToken, to client: OpaquePointer) throws(KafkaError) {
        let (response, reason) = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { text in
            text.initialize(repeating: 0)
            // librdkafka copies token and principal.
            let response = rd_kafka_oauthbearer_set_token(
                client, token.text, token.expirationMs, token.principal, nil, 0, text.baseAddress, text.count)
            return (response, text.baseAddress.map { String(cString: $0) } ?? "")
        }
        guard response == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw KafkaError(.authenticationFailed, "librdkafka does not take the token: \(reason)")
        }
    }

    private static var nowMs: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }
}
