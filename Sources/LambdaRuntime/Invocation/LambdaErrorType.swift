/// An error that says what Lambda should call it. Other errors are called by their Swift type's name.
public protocol LambdaErrorType: Error {
    /// By custom `Category.Reason`, such as `Event.Malformed`.
    var errorType: String { get }
}
