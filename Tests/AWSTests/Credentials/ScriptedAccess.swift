import HTTPTransport

@testable import AWS

/// Prepared replies to credentials' own requests, by method and path, and prepared files.
final class ScriptedAccess {
    private(set) var requests: [HTTPRequest] = []
    var replies: [String: [Result<HTTPResponse, HTTPFailure>]] = [:]
    var files: [String: String] = [:]

    var access: CredentialsAccess {
        CredentialsAccess(
            send: { request in
                self.requests.append(request)
                let name = "\(request.method.rawValue) \(request.url)"
                guard var left = self.replies[name], !left.isEmpty else {
                    return .failure(HTTPFailure(.cannotConnect, "nobody is there", mayHaveActed: false))
                }
                let next = left.count > 1 ? left.removeFirst() : left[0]
                self.replies[name] = left
                return next
            },
            read: { self.files[$0].map { Array($0.utf8) } })
    }

    static func credentials(_ id: String = "AKID") -> String {
        #"{"AccessKeyId":"\#(id)","SecretAccessKey":"hidden","Token":"t","Expiration":"2030-01-01T00:00:00Z"}"#
    }
}
