internal import AWS
internal import Foundation
internal import JSON
internal import Kafka

/// `msk-token`: for each line of standard input, a JSON object, the token of MSK's IAM access control.
///
/// Members: `id`, `secret`, `token` (or null), `expirationMs` (of the credentials, or null), `region`, `ms` (the time) and
/// `userAgent`. Each line of output is an object: `text`, `expirationMs` and `principal`, or `error`.
enum MSKTokens {
    static func run(_ arguments: [String]) throws {
        while let line = readLine() {
            let input = try JSONValue(parsing: Array(line.utf8))
            var writer = JSONWriter()
            writer.object { writer in
                do throws(KafkaError) {
                    let token = try token(input)
                    writer.member("text", token.text)
                    writer.member("expirationMs", token.expirationMs)
                    writer.member("principal", token.principal)
                } catch {
                    writer.member("error", error.message)
                }
            }
            print(writer.text)
        }
    }

    private static func token(_ input: JSONValue) throws(KafkaError) -> MSKToken {
        try MSKToken(
            Credentials(
                accessKeyID: input["id"]?.string ?? "", secretAccessKey: input["secret"]?.string ?? "",
                sessionToken: input["token"]?.string, expirationMs: input["expirationMs"]?.integer),
            region: input["region"]?.string ?? "", nowMs: input["ms"]?.integer ?? 0,
            userAgent: input["userAgent"]?.string ?? "")
    }
}
