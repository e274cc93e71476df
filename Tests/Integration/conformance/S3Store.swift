internal import AWS
internal import Foundation
internal import HTTPTransport
internal import Iceberg
internal import JSON
internal import ObjectStores

/// A store of S3 as the environment has it, on behalf of Python: a JSON object a line asks, and one answers.
enum S3Store {
    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    static func run(_ arguments: [String]) throws {
        let environment = ProcessInfo.processInfo.environment
        let configuration = try AWSConfiguration(environment: environment)
        let idle = environment["STORE_IDLE_MS"].flatMap { Int64($0) } ?? 30_000
        let timeouts = HTTPTimeouts(connect: 2_000, idle: idle, total: 60_000)
        let deadline = RequestDeadline()
        let transport = HTTPTransport(HTTPConfiguration(timeouts: timeouts), deadline: deadline)
        let credentials = CredentialsChain(configuration, deadline: deadline)
        let client = ServiceClient(configuration, credentials: credentials, transport: transport)
        let store = S3ObjectStore(
            S3(client), plan: S3UploadPlan(threshold: 5 << 20, partSize: 5 << 20, partsAtOnce: 3))
        while let line = readLine() {
            let question = try JSONValue(parsing: Array(line.utf8))
            deadline.milliseconds = question["deadline"]?.integer.map { now() + $0 }
            var answer = JSONWriter()
            let before = transport.statistics
            let began = now()
            try answer.object { (answer: inout JSONWriter) throws in
                try write(question, store, to: &answer)
                answer.member("milliseconds", now() - began)
                answer.member("requests", transport.statistics.requests - before.requests)
                answer.member("connections", transport.statistics.connections - before.connections)
            }
            FileHandle.standardOutput.write(Data(answer.bytes + [0x0A]))
        }
    }

    private static func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1000) }

    private static func write(_ question: JSONValue, _ store: S3ObjectStore, to answer: inout JSONWriter) throws {
        let locations = question["locations"]?.elements?.compactMap(\.string) ?? []
        switch question["ask"]?.string {
        case "put":
            let bodies = try question["bodies"]?.elements?.map(body) ?? []
            let results = store.put(zip(locations, bodies).map { NewFile(location: $0, bytes: $1) })
            answer.member("results") { $0.strings(results.map(text)) }
        case "get":
            let results = store.get(locations)
            answer.member("results") { $0.strings(results.map(text)) }
        case "range":
            answer.member("results") { $0.strings([text(range(question, locations, store))]) }
        case "delete":
            let kept = store.delete(locations)
            answer.member("results") { $0.strings(kept) }
        case "list":
            do throws(IcebergError) {
                let files = try store.list(locations.first ?? "")
                answer.member("results") { $0.strings(files.map(\.location)) }
                answer.member("sizes") { $0.strings(files.map { String($0.size) }) }
                answer.member("times") { $0.strings(files.map { String($0.modifiedMs) }) }
            } catch {
                answer.member("error", "\(error)")
            }
        case "open":
            do throws(IcebergError) {
                let opening = store.open(locations.first ?? "", connections: Int(question["connections"]?.integer ?? 1))
                try store.finish(opening)
            } catch {
                answer.member("error", "\(error)")
            }
        default: throw Refusal(description: "ask put, get, range, delete, list or open")
        }
    }

    /// A body of so many bytes that are the same for the same seed.
    private static func body(_ value: JSONValue) throws -> [UInt8] {
        guard let count = value["count"]?.integer, let seed = value["seed"]?.integer else {
            throw Refusal(description: "a body has a count and a seed")
        }
        // Blocks of 4,096 bytes that begin with their number, so that no two parts of a body are alike.
        var state = UInt32(truncatingIfNeeded: seed)
        let block = (0..<4092).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(state >> 24)
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(count) + 4096)
        for number in 0..<UInt32((count + 4095) / 4096) {
            withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: block)
        }
        return Array(bytes.prefix(Int(count)))
    }

    private static func range(
        _ question: JSONValue, _ locations: [String], _ store: S3ObjectStore
    ) -> Result<[UInt8], IcebergError> {
        let count = question["count"]?.integer ?? 0
        let range = question["from"]?.integer.map { S3Range.bytes(from: $0, count: count) } ?? .last(count)
        do throws(IcebergError) {
            return .success(try store.get(locations.first ?? "", range))
        } catch {
            return .failure(error)
        }
    }

    private static func text(_ result: PutResult) -> String {
        switch result {
        case .done: "done"
        case .failed(let error): "failed \(error.code.rawValue) \(error)"
        case .unknown(let error): "unknown \(error.code.rawValue) \(error)"
        }
    }

    private static func text(_ result: Result<[UInt8], IcebergError>) -> String {
        switch result {
        case .success(let bytes): "bytes \(Data(bytes).base64EncodedString())"
        case .failure(let error): "failed \(error.code.rawValue) \(error)"
        }
    }
}

extension JSONWriter {
    fileprivate mutating func strings(_ texts: [String]) {
        array { (writer: inout JSONWriter) in for text in texts { writer.string(text) } }
    }
}
