internal import AWS
internal import Foundation
internal import HTTPTransport
internal import JSON

/// `aws-signing`: signs the request of each line of standard input, a JSON object, and writes what it added.
///
/// Members: `method`, `host`, `path` (as sent), `query` and `fields` (arrays of pairs), `body`, `unsigned` (whether the
/// body is not signed), `id`, `secret`, `token` (or null), `region`, `service`, `ms` (the time), and `expires`: seconds
/// for the query form, null for the header form. Each line of output is an array of pairs: the fields of the head, or
/// the parameters of the query.
enum AWSSigning {
    static func run(_ arguments: [String]) throws {
        while let line = readLine() {
            let input = try JSONValue(parsing: Array(line.utf8))
            var writer = JSONWriter()
            writer.array { writer in
                for (name, value) in sign(input) {
                    writer.array { writer in
                        writer.string(name)
                        writer.string(value)
                    }
                }
            }
            print(writer.text)
        }
    }

    private static func sign(_ input: JSONValue) -> [(name: String, value: String)] {
        let signature = SignatureV4(
            Credentials(
                accessKeyID: text(input, "id"), secretAccessKey: text(input, "secret"),
                sessionToken: input["token"]?.string),
            region: text(input, "region"), service: text(input, "service"), dateMs: input["ms"]?.integer ?? 0)
        let fields = pairs(input, "fields").map { HTTPField($0.name, $0.value) }
        let request = SignableRequest(
            HTTPMethod(rawValue: text(input, "method")) ?? .get, host: text(input, "host"), path: text(input, "path"),
            query: pairs(input, "query"), fields: fields)
        let hash =
            input["unsigned"]?.bool == true ? SignatureV4.unsignedPayload : SHA256.hex(Array(text(input, "body").utf8))
        if let seconds = input["expires"]?.integer {
            return signature.query(of: request, expiresSeconds: Int(seconds), payloadHash: hash)
        }
        return signature.fields(of: request, payloadHash: hash).map { ($0.name, $0.value) }
    }

    private static func text(_ input: JSONValue, _ name: String) -> String { input[name]?.string ?? "" }

    private static func pairs(_ input: JSONValue, _ name: String) -> [(name: String, value: String)] {
        (input[name]?.elements ?? []).map { pair in
            (pair.elements?.first?.string ?? "", pair.elements?.last?.string ?? "")
        }
    }
}
