/// What became of the readings of one request.
struct GatewayOutcome: Equatable {
    /// Readings that are in the stream.
    var accepted = 0
    /// Readings that cannot become rows, or are not the device's.
    var rejected: [RejectedReading] = []
    /// Good readings of which it is not known that they are in the stream.
    var failed = 0

    /// 202 if any reading is taken; 503 if one that is good is not, so that the device sends all again. If none is good,
    /// 403 if all are other devices', and 400 otherwise.
    var status: Int {
        if failed > 0 { return 503 }
        if accepted > 0 { return 202 }
        return rejected.allSatisfy { $0.reason == RejectedReading.foreignDevice } ? 403 : 400
    }

    /// The kind of failure and what to do, where there is one.
    var failure: (code: String, message: String)? {
        switch status {
        case 400: ("rejected", "no reading of the body can be taken")
        case 403: ("forbidden", "the readings are of other devices than the token")
        case 503: (GatewayRefusal.unavailable.code, GatewayRefusal.unavailable.message)
        default: nil
        }
    }
}
