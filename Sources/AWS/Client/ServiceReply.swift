package import HTTPTransport
internal import JSON

/// The reply to a call that succeeded, while it is read.
package struct ServiceReply {
    private let request: ServiceRequest
    private let response: HTTPResponse

    /// A reply to a call.
    package init(_ response: HTTPResponse, to request: ServiceRequest) {
        self.request = request
        self.response = response
    }

    /// The body, which must be a JSON object.
    func object() throws(ServiceError) -> JSONValue {
        guard let value = try? JSONValue(parsing: response.body), value.members != nil else {
            throw malformed("a reply that is no JSON object")
        }
        return value
    }

    /// The body, which must be an XML document whose root has this name.
    func document(_ root: String) throws(ServiceError) -> XMLElement {
        guard let element = try? XMLElement.read(response.body), element.name == root else {
            throw malformed("a reply that is no <\(root)>")
        }
        return element
    }

    /// What must be there.
    func require<Value>(_ value: Value?, _ name: String) throws(ServiceError) -> Value {
        guard let value else { throw malformed("a reply without \(name)") }
        return value
    }

    /// The error of a reply that says yes, but not what: the service has acted.
    package func malformed(_ message: String) -> ServiceError {
        ServiceError(
            .malformedReply, service: request.service.id, operation: request.operation, code: "MalformedReply",
            message: message, advice: "check that the endpoint is the service's", status: response.status,
            requestID: response["x-amzn-requestid"] ?? response["x-amz-request-id"], mayHaveActed: true)
    }
}

extension ServiceClient {
    /// Sends one call and reads its reply as a JSON object.
    func object(_ request: ServiceRequest) throws(ServiceError) -> (ServiceReply, JSONValue) {
        let reply = ServiceReply(try send(request), to: request)
        return (reply, try reply.object())
    }
}
