internal import HTTPTransport
internal import JSON

extension ServiceRequest {
    /// A call of AWS's JSON protocols: the operation in `x-amz-target`, its parameters in the body.
    /// - Parameters:
    ///   - target: what stands before the operation's name and a dot in `x-amz-target`, such as `AWSGlue`.
    ///   - version: `1.0` or `1.1`, as the service speaks it.
    ///   - parameters: writes them as members of an object.
    static func json(
        _ service: AWSService, target: String, _ operation: String, version: String = "1.1", isIdempotent: Bool,
        parameters: (inout JSONWriter) -> Void
    ) -> ServiceRequest {
        var writer = JSONWriter()
        writer.object(parameters)
        return ServiceRequest(
            service, operation, .post,
            fields: [
                HTTPField("content-type", "application/x-amz-json-\(version)"),
                HTTPField("x-amz-target", "\(target).\(operation)"),
            ],
            body: writer.bytes, isIdempotent: isIdempotent, errorFormat: .json)
    }

    /// A call of AWS's query protocol: a form in the body, XML in the reply.
    static func query(
        _ service: AWSService, _ operation: String, version: String, isIdempotent: Bool,
        parameters: [(name: String, value: String)]
    ) -> ServiceRequest {
        let form = [(name: "Action", value: operation), (name: "Version", value: version)] + parameters
        return ServiceRequest(
            service, operation, .post,
            fields: [HTTPField("content-type", "application/x-www-form-urlencoded; charset=utf-8")],
            body: PercentEncoding.encodeForm(form), isIdempotent: isIdempotent, errorFormat: .xml)
    }
}
