package import AWS
package import Iceberg

extension IcebergError {
    /// A service's error where a store or a catalog met it: in one line, with the service's id of the request and what to
    /// do, behind the places that are known.
    package init(_ error: ServiceError, at context: String...) {
        self.init(Self.code(of: error), "\(error)")
        self.context = context
    }

    /// What remains of the kind for code that decides. That something may or may not have happened is said by whom it
    /// concerns, not by this.
    private static func code(of error: ServiceError) -> Code {
        switch error.kind {
        // Without its bucket, nothing can be said of a file: it may well exist, in the bucket that was meant.
        case .notFound: error.code == "NoSuchBucket" ? .unavailable : .notFound
        case .preconditionFailed: .alreadyExists
        case .conflict: .conflict
        case .credentials, .accessDenied, .throttled, .unavailable, .malformedReply, .configuration, .invalid:
            .unavailable
        }
    }
}
