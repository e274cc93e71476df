public import Iceberg
public import LambdaRuntime

extension IcebergError: LambdaErrorType {
    /// What Lambda calls the error, such as `Iceberg.unavailable`.
    public var errorType: String { "Iceberg.\(code.rawValue)" }
}
