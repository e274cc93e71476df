internal import AWS
internal import Foundation
internal import HTTPTransport
internal import JSON

/// `aws-services [profiles]`: makes the call of each line of standard input, all with one client, and writes a line for
/// it: `{"ok": …}`, or `{"error": …}`.
///
/// A line is a JSON object whose `call` names the call; the others are its parameters. `profiles` has credentials and the
/// region looked for in the shared files too.
enum AWSServices {
    static func run(_ arguments: [String]) throws {
        var configuration: AWSConfiguration
        do {
            configuration = try AWSConfiguration(environment: ProcessInfo.processInfo.environment)
        } catch {
            print(failure("configuration", "\(error)"))
            return
        }
        let deadline = RequestDeadline()
        do {
            let profiles = arguments.first == "profiles" ? try AWSProfiles(configuration) : nil
            if configuration.region == nil { configuration.region = profiles?.region }
            let transport = HTTPTransport(HTTPConfiguration(), deadline: deadline)
            let credentials = CredentialsChain(configuration, deadline: deadline, profiles: profiles)
            let calls = AWSServiceCalls(
                ServiceClient(configuration, credentials: credentials, transport: transport), deadline)
            while let line = readLine() { print(answer(calls, Array(line.utf8))) }
        } catch {
            print(failure("configuration", "\(error)"))
        }
    }

    private static func answer(_ calls: AWSServiceCalls, _ line: [UInt8]) -> String {
        do {
            let input = try JSONValue(parsing: line)
            return JSONText.object([("ok", try calls.make(input))])
        } catch let error as ServiceError {
            return JSONText.object([("error", describe(error))])
        } catch {
            return failure("input", "\(error)")
        }
    }

    private static func failure(_ kind: String, _ line: String) -> String {
        JSONText.object([("error", .object([("kind", .string(kind)), ("line", .string(line))]))])
    }

    struct Fault: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    static func describe(_ error: ServiceError) -> JSONValue {
        .object([
            ("kind", .string(error.kind.rawValue)), ("service", .string(error.service)),
            ("operation", .string(error.operation)), ("code", .string(error.code)),
            ("message", .string(error.message)), ("advice", .string(error.advice)),
            ("status", error.status.map { .integer($0) } ?? .null),
            ("requestID", error.requestID.map { .string($0) } ?? .null), ("mayHaveActed", .bool(error.mayHaveActed)),
            ("attempts", .integer(error.attempts)), ("line", .string("\(error)")),
        ])
    }
}

enum JSONText {
    static func object(_ members: [(name: String, value: JSONValue)]) -> String {
        String(decoding: JSONValue.object(members).serialized(), as: UTF8.self)
    }
}
