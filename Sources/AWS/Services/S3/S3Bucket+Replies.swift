internal import HTTPTransport

/// What the replies to several operations have in common.
extension S3Bucket {
    /// The root of a reply in XML.
    /// - Throws: the fault if it is an `<Error>`, which some operations send behind a status of 200, because it was sent
    ///   before they were done; ``ServiceError/Kind/malformedReply`` for anything else that has not the name.
    func document(
        _ response: HTTPResponse, _ request: ServiceRequest, named name: String
    ) throws(ServiceError) -> XMLElement {
        let root: XMLElement
        do {
            root = try XMLElement.read(response.body)
        } catch {
            throw malformed(response, request, error.message)
        }
        if root.name == name { return root }
        guard XMLErrorReply.parse(response.body) != nil else {
            throw malformed(response, request, "another document than \(name)")
        }
        throw CallFault(response, to: request, clock: CallClock(nowMs: 0)).error
    }

    /// The entity tag, which S3 sends with every object that it stores or serves: what has none is not from S3, but from
    /// something in between.
    func entityTag(_ response: HTTPResponse, _ request: ServiceRequest) throws(ServiceError) -> String {
        guard let tag = response["etag"], !tag.isEmpty else { throw malformed(response, request, "no entity tag") }
        return tag
    }

    /// The error for a reply that S3 does not send. What was asked may have been done.
    func malformed(_ response: HTTPResponse, _ request: ServiceRequest, _ what: String) -> ServiceError {
        ServiceReply(response, to: request).malformed("a reply that is not S3's: \(what)")
    }
}
