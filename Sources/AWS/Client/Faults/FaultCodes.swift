/// The names that services give their faults, in the groups that decide what is done.
enum FaultCodes {
    /// Too many requests: the service did not act, and wants to be left alone for a while.
    static let throttling: Set<String> = [
        "BandwidthLimitExceeded", "EC2ThrottledException", "KMS.ThrottlingException", "KMSThrottling",
        "KMSThrottlingException", "KmsThrottled", "LimitExceededException",
        "PriorRequestNotComplete", "ProvisionedThroughputExceededException", "RequestLimitExceeded",
        "RequestThrottled", "RequestThrottledException", "SlowDown", "SlowDownException", "Throttled",
        "ThrottledException",
        "Throttling", "ThrottlingException", "TooManyRequests", "TooManyRequestsException",
        "TransactionInProgressException",
    ]

    /// Faults of the service that may have acted all the same, whatever the status.
    static let unknownOutcome: Set<String> = [
        "InternalError", "InternalFailure", "InternalServerError", "InternalServerException",
        "InternalServiceError", "InternalServiceException", "OperationTimeoutException", "ServiceException",
        "ServiceUnavailable", "ServiceUnavailableException",
    ]

    /// The request did not come through whole, so the service did not act.
    static let notReceived: Set<String> = ["RequestTimeout", "RequestTimeoutException", "IncompleteBody"]

    /// Temporary credentials past their time.
    static let expired: Set<String> = [
        "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired",
    ]

    /// What a service answers if the two clocks differ; some say only that the signature is wrong.
    static let clock: Set<String> = [
        "AuthFailure", "InvalidSignatureException", "RequestExpired", "RequestInTheFuture", "RequestTimeTooSkewed",
        "SignatureDoesNotMatch",
    ]

    /// Credentials that the service does not know or whose signature it does not accept.
    static let credentials: Set<String> = [
        "IncompleteSignature", "IncompleteSignatureException", "InvalidAccessKeyId", "InvalidClientTokenId",
        "InvalidSecurity", "InvalidToken", "MissingAuthenticationToken", "MissingAuthenticationTokenException",
        "MissingSecurityHeader", "NotSignedUp", "NotAuthorizedException", "OptInRequired", "Unauthorized",
        "UnrecognizedClientException", "invalid_client", "unauthorized_client", "invalid_grant",
    ]

    /// A key of KMS that cannot be used, said without its name at the front.
    static let key: Set<String> = ["DecryptionFailure", "EncryptionFailure", "GlueEncryptionException"]

    /// Whether a code is of a key of KMS.
    static func isOfKey(_ code: String) -> Bool { key.contains(code) || code.lowercased().hasPrefix("kms") }

    /// Credentials that are known but may not do this.
    static let accessDenied: Set<String> = [
        "AccessDenied", "AccessDeniedException", "AccountProblem", "AllAccessDisabled", "AuthorizationError",
        "AuthorizationErrorException", "ForbiddenException", "UnauthorizedOperation",
    ]

    /// The request went to, or was signed for, another region than the one it belongs to.
    static let region: Set<String> = [
        "AuthorizationHeaderMalformed", "IllegalLocationConstraintException", "PermanentRedirect",
        "TemporaryRedirect", "Redirect",
    ]

    /// What the call names is not there.
    static let notFound: Set<String> = [
        "AWS.SimpleQueueService.NonExistentQueue", "EntityNotFoundException", "NoSuchBucket", "NoSuchKey",
        "NoSuchNamespaceException", "NoSuchTableException", "NoSuchUpload", "NoSuchViewException", "NotFound",
        "NotFoundException", "QueueDoesNotExist", "ResourceNotFoundException",
    ]

    /// It is there already, or a condition of the call does not hold.
    static let precondition: Set<String> = [
        "AlreadyExistsException", "BucketAlreadyExists", "BucketAlreadyOwnedByYou", "ConditionalCheckFailedException",
        "EntityAlreadyExistsException", "NamespaceNotEmptyException", "PreconditionFailed", "ResourceExistsException",
    ]

    /// Another change came first or runs at the same time.
    static let conflict: Set<String> = [
        "CommitFailedException", "ConcurrentModificationException", "ConditionalRequestConflict",
        "ConflictException", "OperationAborted",
    ]
}
