internal import AWS
internal import Foundation
internal import HTTPTransport
internal import JSON

/// The calls by their names.
struct AWSServiceCalls {
    private let client: ServiceClient
    private let deadline: RequestDeadline
    private let secrets: SecretsManager

    init(_ client: ServiceClient, _ deadline: RequestDeadline) {
        self.client = client
        self.deadline = deadline
        secrets = SecretsManager(client)
    }

    func make(_ input: JSONValue) throws -> JSONValue {
        func text(_ name: String) -> String { input[name]?.string ?? "" }
        switch text("call") {
        case "deadline":
            deadline.milliseconds = input["ms"]?.integer.map { Int64(Date().timeIntervalSince1970 * 1000) + $0 }
            return .null
        case "sts.identity":
            let identity = try STS(client).callerIdentity()
            return .object([("account", .string(identity.account)), ("arn", .string(identity.arn))])
        case "sts.assume":
            let role = AssumedRole(arn: text("role"), sessionName: "checks", durationSeconds: 900)
            let credentials = try STS(client).assume(role)
            return .object([
                ("id", .string(credentials.accessKeyID)), ("hasToken", .bool(credentials.sessionToken != nil)),
                ("expiration", .integer(credentials.expirationMs ?? 0)),
            ])
        case "secrets.get":
            let secret = try secrets.secret(text("id"))
            return .object([
                ("value", .string(secret.text ?? "")), ("bytes", .integer(secret.bytes.count)),
                ("member", secret.member("user").map { .string($0) } ?? .null), ("printed", .string("\(secret)")),
            ])
        case "secrets.discard":
            secrets.discard(text("id"))
            return .null
        case "sqs.send":
            return .string(try SQS(client).send(SQS.Message(text("body")), to: text("queue")))
        case "sqs.batch":
            let bodies = (input["bodies"]?.elements ?? []).map { SQS.Message($0.string ?? "") }
            return .array(SQS(client).send(bodies, to: text("queue")).map { outcome($0) { .string($0) } })
        case "sns.publish":
            let attributes = (input["attributes"]?.members ?? []).map {
                ($0.name, SNS.Attribute.string($0.value.string ?? ""))
            }
            let message = SNS.Message(
                text("text"), subject: input["subject"]?.string,
                attributes: Dictionary(uniqueKeysWithValues: attributes))
            return .string(try SNS(client).publish(message, to: text("topic")))
        case "lambda.invoke":
            let reply = try LambdaInvoke(client).invoke(text("function"), Array(text("payload").utf8))
            return .object([
                ("payload", .string(String(decoding: reply.payload, as: UTF8.self))),
                ("functionError", reply.functionError.map { .string($0) } ?? .null),
            ])
        case "lambda.send":
            try LambdaInvoke(client).send(Array(text("payload").utf8), to: text("function"))
            return .null
        case "kinesis.put": return kinesis(input)
        case let name where name.hasPrefix("athena."): return try athena(name, input)
        default: throw AWSServices.Fault("no such call: \(text("call"))")
        }
    }

    /// `count` records of `size` bytes, or those of `records`, pairs of key and data.
    private func kinesis(_ input: JSONValue) -> JSONValue {
        var records = (input["records"]?.elements ?? []).map { pair in
            Kinesis.Record(
                Array((pair.elements?.last?.string ?? "").utf8), partitionKey: pair.elements?.first?.string ?? "")
        }
        for index in 0..<Int(input["count"]?.integer ?? 0) {
            let data = [UInt8](repeating: UInt8(ascii: "x"), count: Int(input["size"]?.integer ?? 10))
            records.append(Kinesis.Record(Array("\(index) ".utf8) + data, partitionKey: "\(index)"))
        }
        let outcomes = Kinesis(client).put(records, into: input["stream"]?.string ?? "")
        return .array(
            outcomes.map { result in
                outcome(result) { .object([("shard", .string($0.shardID)), ("number", .string($0.sequenceNumber))]) }
            })
    }

    private func athena(_ name: String, _ input: JSONValue) throws -> JSONValue {
        func text(_ name: String) -> String { input[name]?.string ?? "" }
        switch name {
        case "athena.start":
            let statement = Athena.Statement(
                text("sql"), database: input["database"]?.string, outputLocation: input["output"]?.string)
            return .string(try Athena(client).start(statement, token: text("token")))
        case "athena.execution":
            let execution = try Athena(client).execution(text("id"))
            return .object([
                ("state", .string(execution.state.rawValue)), ("reason", execution.reason.map { .string($0) } ?? .null),
                ("output", execution.outputLocation.map { .string($0) } ?? .null),
            ])
        case "athena.results":
            let rows = try Athena(client).results(text("id"))
            return .object([
                ("columns", .array(rows.columns.map { .array([.string($0.name), .string($0.type)]) })),
                ("rows", .array(rows.rows.map { .array($0.map { $0.map { .string($0) } ?? .null }) })),
                ("next", rows.next.map { .string($0) } ?? .null),
            ])
        case "athena.stop":
            try Athena(client).stop(text("id"))
            return .null
        default: throw AWSServices.Fault("no such call: \(name)")
        }
    }

    private func outcome<Value>(
        _ result: Result<Value, ServiceError>, _ describe: (Value) -> JSONValue
    ) -> JSONValue {
        switch result {
        case .success(let value): .object([("ok", describe(value))])
        case .failure(let error): .object([("error", AWSServices.describe(error))])
        }
    }
}
