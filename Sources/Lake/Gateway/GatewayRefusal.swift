/// Why a request is refused as a whole. What is said of it holds nothing of the request.
enum GatewayRefusal: Error, Equatable {
    /// There is nothing at the path.
    case notFound
    /// The path takes other methods: those in the field `Allow`.
    case wrongMethod(allowed: String)
    /// No good token. One answer for all that may be wrong with it.
    case unauthorized
    /// The device sends too often; after so many milliseconds it may again.
    case tooManyRequests(waitMs: Int64)
    /// A type of content that is none of readings.
    case unsupportedType
    /// An encoding of content that is not understood.
    case unsupportedEncoding
    /// More bytes than are taken, as sent or decompressed.
    case tooLarge(bytes: Int)
    /// More readings than are taken.
    case tooManyReadings
    /// A body that is not what its type says; in words for the device's maker.
    case malformed(String)
    /// What readings are checked by or go to cannot be reached.
    case unavailable

    /// The status code.
    var status: Int {
        switch self {
        case .malformed: 400
        case .unauthorized: 401
        case .notFound: 404
        case .wrongMethod: 405
        case .tooLarge, .tooManyReadings: 413
        case .unsupportedType, .unsupportedEncoding: 415
        case .tooManyRequests: 429
        case .unavailable: 503
        }
    }

    /// The kind of refusal, for code that decides.
    var code: String {
        switch self {
        case .malformed: "malformed"
        case .unauthorized: "unauthorized"
        case .notFound: "notFound"
        case .wrongMethod: "methodNotAllowed"
        case .tooLarge: "tooLarge"
        case .tooManyReadings: "tooManyReadings"
        case .unsupportedType: "unsupportedMediaType"
        case .unsupportedEncoding: "unsupportedEncoding"
        case .tooManyRequests: "tooManyRequests"
        case .unavailable: "unavailable"
        }
    }

    /// What is wrong, and what to do.
    var message: String {
        switch self {
        case .malformed(let reason): reason
        case .unauthorized: "a token of the device for this very body is needed"
        case .notFound: "there is nothing here; readings go to POST \(GatewayRoute.readingsPath)"
        case .wrongMethod(let allowed): "only \(allowed) is understood here"
        case .tooLarge(let bytes): "the body must have \(bytes) bytes or fewer"
        case .tooManyReadings: "the body must have \(GatewayLimits.readings) readings or fewer"
        case .unsupportedType:
            "Content-Type must be \(ReadingForm.json.rawValue) or \(ReadingForm.lines.rawValue), in UTF-8"
        case .unsupportedEncoding: "Content-Encoding must be gzip, or left out"
        case .tooManyRequests: "the device sends too often; wait as long as Retry-After says"
        case .unavailable: "the readings cannot be taken now; send the same body again with a new token"
        }
    }

    /// Fields of the response's head.
    var fields: [String: String] {
        switch self {
        case .unauthorized: ["www-authenticate": "Bearer"]
        case .wrongMethod(let allowed): ["allow": allowed]
        case .unsupportedType: ["accept": "\(ReadingForm.json.rawValue), \(ReadingForm.lines.rawValue)"]
        case .unsupportedEncoding: ["accept-encoding": "gzip"]
        case .tooManyRequests(let waitMs): ["retry-after": String(max(1, (waitMs + 999) / 1000))]
        case .unavailable: ["retry-after": String(Self.unavailableSeconds)]
        case .malformed, .notFound, .tooLarge, .tooManyReadings: [:]
        }
    }

    /// After how many seconds to try again what was not taken.
    static let unavailableSeconds = 5
}
