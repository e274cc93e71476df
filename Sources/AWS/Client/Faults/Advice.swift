internal import HTTPTransport

/// What to do about a fault, in words for who runs the function.
enum Advice {
    /// About a reply.
    /// - Parameter region: the region that the reply names.
    static func text(
        _ kind: ServiceError.Kind, _ reply: ErrorReply, _ request: ServiceRequest, region: String?
    ) -> String {
        switch kind {
        case .credentials: return credentials(reply.code)
        case .configuration:
            if let region { return "set AWS_REGION=\(region), where this lies" }
            guard request.isSigned else {
                return "correct the endpoint: the server points elsewhere"
            }
            return "set AWS_REGION to the region where this lies"
        case .accessDenied: return accessDenied(reply.code, reply.message)
        case .notFound: return notFound(reply.code, reply.message, request.service)
        case .throttled: return "send less at once, or ask for a higher quota of \(request.service.id)"
        case .unavailable: return "try again later; it is the service's fault"
        case .preconditionFailed, .conflict, .invalid, .malformedReply: return ""
        }
    }

    /// About the lack of a reply.
    static func text(_ code: HTTPFailure.Code) -> String {
        switch code {
        case .invalidRequest: "correct the endpoint: https://, or http:// of this very machine"
        case .cannotResolve: "check the endpoint's name and AWS_REGION, and that names can be resolved here"
        case .cannotConnect: "check the endpoint, and that the network lets requests out"
        case .tls: "check AWS_CA_BUNDLE, and that the endpoint is the one meant"
        case .timedOut: "check the endpoint and the network, or give the function more time"
        case .connectionLost: "try again later"
        case .malformedResponse: "check that the endpoint is the service's"
        case .responseTooLarge: ""
        }
    }

    private static func credentials(_ code: String) -> String {
        switch code {
        case _ where FaultCodes.expired.contains(code):
            "get new credentials: these have expired"
        case "InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException", "InvalidToken":
            "check AWS_ACCESS_KEY_ID and AWS_SESSION_TOKEN: the service does not know them"
        case "SignatureDoesNotMatch", "InvalidSignatureException", "AuthFailure":
            "check AWS_SECRET_ACCESS_KEY: it does not belong to AWS_ACCESS_KEY_ID"
        case "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture":
            "set this machine's clock"
        case "invalid_client", "unauthorized_client", "invalid_grant":
            "check the catalog's credential: the server does not accept it"
        default: "check the credentials: the service does not accept them"
        }
    }

    private static func accessDenied(_ code: String, _ message: String) -> String {
        if FaultCodes.isOfKey(code) || message.holds("kms:") || message.holds("KMS") {
            return "allow kms:GenerateDataKey and kms:Decrypt on the key, in the role's policy and the key's"
        }
        return "allow it to the role or user in its policy, and in the resource's own if there is one"
    }

    private static func notFound(_ code: String, _ message: String, _ service: AWSService) -> String {
        let text = message.lowercased()
        switch (service.id, code) {
        case (_, "NoSuchBucket"): return "create the bucket, or correct the setting that names it"
        case (_, "NoSuchTableException"): return "create the table, or correct its name"
        case (_, "NoSuchNamespaceException"): return "create the namespace, or correct its name"
        case ("glue", "EntityNotFoundException"), ("athena", "EntityNotFoundException"):
            if text.holds("database") { return "create the database, or correct its name" }
            return text.holds("table") ? "create the table, or correct its name" : "correct the name"
        case ("secretsmanager", _): return "correct the secret's ARN, and check that it lies in this region"
        case ("sqs", _): return "create the queue, or correct its URL"
        case ("sns", _): return "create the topic, or correct its ARN"
        case ("kinesis", _): return "create the stream, or correct its name"
        case ("lambda", _): return "correct the function's name, and check that it lies in this region"
        default: return ""
        }
    }
}
