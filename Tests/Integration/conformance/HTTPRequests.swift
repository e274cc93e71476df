internal import Foundation
internal import Glibc
internal import HTTPTransport

/// Sends requests for a script that plays the server: `conformance http SETTINGS`. Settings, and each line of standard
/// input, which is a round of requests sent at once, are JSON; each round is answered by a line with its results.
enum HTTPRequests {
    private struct Settings: Decodable {
        var amazonRoots: String?
        var bundle: String?
        var maximumIdle: Int64?
    }

    private struct Round: Decodable {
        var requests: [Request]
        /// The round is sent so many times, and answered once.
        var times: Int?
    }

    private struct Request: Decodable {
        var method: String
        var url: String
        var fields: [[String]]?
        /// The body is so many bytes of a pattern.
        var size: Int?
        var follows: Bool?
    }

    private struct Answer: Encodable {
        var results: [Outcome]
        var requests: Int
        var connections: Int
        var handshakes: Int
        var resends: Int
        var residentKilobytes: Int
        var peakKilobytes: Int
        var microseconds: Int
    }

    private struct Outcome: Encodable {
        var status: Int?
        var fields: [[String]]?
        var body: Data?
        var wasResent: Bool?
        var code: String?
        var message: String?
        var mayHaveActed: Bool?
    }

    /// Runs the check.
    static func run(_ arguments: [String]) throws {
        let settings = try JSONDecoder().decode(Settings.self, from: Data((arguments.first ?? "{}").utf8))
        var configuration = HTTPConfiguration(
            certificates: HTTPCertificates(amazonRoots: settings.amazonRoots, bundle: settings.bundle))
        configuration.timeouts = HTTPTimeouts(connect: 5_000, idle: 5_000, total: 20_000)
        if let maximumIdle = settings.maximumIdle { configuration.maximumIdleMilliseconds = maximumIdle }
        let transport = HTTPTransport(configuration)
        while let line = readLine() {
            let round = try JSONDecoder().decode(Round.self, from: Data(line.utf8))
            let requests = round.requests.map(request)
            var results: [Result<HTTPResponse, HTTPFailure>] = []
            let begin = DispatchTime.now().uptimeNanoseconds
            for _ in 0..<(round.times ?? 1) { results = transport.send(requests) }
            let nanoseconds = DispatchTime.now().uptimeNanoseconds - begin
            let statistics = transport.statistics
            let answer = Answer(
                results: results.map(outcome), requests: statistics.requests, connections: statistics.connections,
                handshakes: statistics.handshakes, resends: statistics.resends,
                residentKilobytes: try kilobytes("VmRSS:"),
                peakKilobytes: try kilobytes("VmHWM:"),
                microseconds: Int(nanoseconds / 1_000))
            print(String(decoding: try JSONEncoder().encode(answer), as: UTF8.self))
            fflush(nil)
        }
    }

    private static func request(_ request: Request) -> HTTPRequest {
        // The pattern comes round after 2,048 bytes.
        let period = (0..<2_048).map { UInt8(truncatingIfNeeded: ($0 &* 31) >> 3) }
        var body: [UInt8] = []
        let size = request.size ?? 0
        body.reserveCapacity(size)
        while body.count < size { body.append(contentsOf: period.prefix(size - body.count)) }
        return HTTPRequest(
            HTTPMethod(rawValue: request.method) ?? .get, request.url,
            fields: (request.fields ?? []).map { HTTPField($0[0], $0[1]) }, body: body,
            followsRedirects: request.follows ?? false)
    }

    private static func outcome(_ result: Result<HTTPResponse, HTTPFailure>) -> Outcome {
        switch result {
        case .success(let response):
            Outcome(
                status: response.status, fields: response.fields.map { [$0.name, $0.value] }, body: Data(response.body),
                wasResent: response.wasResent)
        case .failure(let failure):
            Outcome(code: failure.code.rawValue, message: failure.message, mayHaveActed: failure.mayHaveActed)
        }
    }

    /// One of the process's sizes, as the kernel tells them.
    private static func kilobytes(_ name: String) throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix(name) } ?? ""
        return Int(line.filter(\.isNumber)) ?? 0
    }
}
