internal import Foundation
import Testing

@testable import swiftlake

/// The function of these tests is a shell script that speaks HTTP over bash's own sockets, so that nothing has to be
/// built first. It answers each event as the event says.
@Suite(.serialized)
struct LocalRuntimeTests {
    private static let script = #"""
        #!/bin/bash
        host=${AWS_LAMBDA_RUNTIME_API%:*} port=${AWS_LAMBDA_RUNTIME_API#*:}
        post() { # path, body
            printf 'POST /2018-06-01/runtime/%s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s' "$1" ${#2} "$2" >&3
            reply
        }
        reply() { # status, id and body of one response
            local line length=0
            read -r _ status _ <&3
            while IFS= read -r line <&3; do
                line=${line%$'\r'}
                [ -z "$line" ] && break
                case $line in
                Content-Length:*) length=${line#*: } ;;
                Lambda-Runtime-Aws-Request-Id:*) id=${line#*: } ;;
                esac
            done
            body=
            if [ "$length" -gt 0 ]; then IFS= read -r -N "$length" body <&3; fi
        }
        exec 3<>"/dev/tcp/$host/$port"
        if [ -n "$FAIL_INIT" ]; then
            post init/error '{"errorType":"Init.Failed","errorMessage":"as asked"}'
            exit 1
        fi
        while true; do
            printf 'GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: x\r\n\r\n' >&3
            reply
            echo "got $body"
            case $body in
            fail) post "invocation/$id/error" '{"errorType":"Handler.Failed","errorMessage":"as asked"}' ;;
            exit) exit 7 ;;
            crash) kill -SEGV $$ ;;
            hang) while true; do read -r -t 60 <> <(:); done ;;
            wrong) post invocation/another-id/response '"no"'; post "invocation/$id/response" "\"$status\"" ;;
            *) echo "a line on standard error" >&2; post "invocation/$id/response" "\"$body\"" ;;
            esac
        done
        """#

    private let path: String

    init() throws {
        path = NSTemporaryDirectory() + "local-runtime-\(UUID().uuidString).sh"
        try Data(Self.script.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }

    private func reports(
        _ events: [String], environment: [String: String] = [:], timeoutSeconds: Double = 20
    ) throws -> [InvocationReport] {
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try LocalRuntime.run(
            executable: path, environment: environment.merging(["PATH": "/usr/bin:/bin"]) { $1 },
            events: events.map { Array($0.utf8) }, timeoutSeconds: timeoutSeconds)
    }

    @Test func oneWarmProcessAnswersSeveralEvents() throws {
        let reports = try reports(["one", "two"])
        #expect(reports.map(\.outcome) == [.response(Array(#""one""#.utf8)), .response(Array(#""two""#.utf8))])
        #expect(reports[0].initialisationMilliseconds != nil)
        #expect(reports[1].initialisationMilliseconds == nil)
        #expect(reports[0].requestID != reports[1].requestID)
        #expect(reports.allSatisfy { ($0.durationMilliseconds ?? 0) > 0 })
        #expect(reports.allSatisfy { ($0.peakMemoryBytes ?? 0) > 100_000 })
        #expect(Set(reports[1].logLines) == ["got two", "a line on standard error"])
    }

    @Test func aHandlersErrorLeavesTheProcessWarm() throws {
        let reports = try reports(["fail", "after"])
        #expect(reports[0].outcome == .functionError(type: "Handler.Failed", message: "as asked"))
        #expect(!reports[0].isSuccess)
        #expect(reports[1].outcome == .response(Array(#""after""#.utf8)))
        #expect(reports[1].initialisationMilliseconds == nil)
    }

    @Test func anInitialisationErrorIsToldApart() throws {
        let reports = try reports(["one"], environment: ["FAIL_INIT": "1"])
        #expect(reports[0].outcome == .initialisationError(type: "Init.Failed", message: "as asked"))
        #expect(reports[0].durationMilliseconds == nil)
        #expect(reports[0].peakMemoryBytes == nil)
        #expect(reports[0].initialisationMilliseconds == nil)
    }

    @Test func aProcessThatEndsIsStartedAnew() throws {
        let reports = try reports(["exit", "crash", "three"])
        #expect(reports[0].outcome == .exit(status: 7))
        #expect(reports[1].outcome == .crash(signal: 11))
        #expect(reports[2].outcome == .response(Array(#""three""#.utf8)))
        #expect(reports.allSatisfy { $0.initialisationMilliseconds != nil })
    }

    @Test func aFunctionThatHangsIsKilled() throws {
        let reports = try reports(["hang", "two"], timeoutSeconds: 0.5)
        #expect(reports[0].outcome == .timeout(seconds: 0.5))
        #expect((reports[0].durationMilliseconds ?? 0) >= 500)
        #expect(reports[1].outcome == .response(Array(#""two""#.utf8)))
    }

    @Test func anAnswerToAnotherInvocationIsRefused() throws {
        #expect(try reports(["wrong"])[0].outcome == .response(Array(#""400""#.utf8)))
    }

    @Test func aMissingProgramIsSaidToBeMissing() throws {
        #expect(throws: LocalRuntimeError("/nowhere/function cannot be started: No such file or directory")) {
            try LocalRuntime(executable: "/nowhere/function", environment: [:], timeoutSeconds: 1).invoke([])
        }
    }

    @Test func reportsComeOneByOne() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        var seen: [Int] = []
        var lines: [String] = []
        let all = try LocalRuntime.run(
            executable: path, environment: ["PATH": "/usr/bin:/bin"],
            events: (0..<5).map { Array("\($0)".utf8) }, timeoutSeconds: 20,
            onLog: { lines.append($0) }, onReport: { _ in seen.append(lines.count) })
        #expect(all.count == 5)
        #expect(seen.count == 5 && seen == seen.sorted() && seen[0] < seen[4])
    }

    @Test(arguments: [
        ("", RuntimeRequest.Parsed.incomplete),
        ("GET /a HTTP/1.1\r\nHost: x\r\n", .incomplete),
        ("nonsense\r\n\r\n", .malformed("not a request line")),
        ("POST /a HTTP/1.1\r\nContent-Length: -1\r\n\r\n", .malformed("not a length")),
        ("POST /a HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", .malformed("not a length")),
        ("POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", .malformed("a body without a length")),
        ("POST /a HTTP/1.1\r\nno field\r\n\r\n", .malformed("not a header field")),
        ("POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nab", .incomplete),
    ])
    func requestsAreReadStrictly(text: String, parsed: RuntimeRequest.Parsed) {
        try? FileManager.default.removeItem(atPath: path)
        #expect(RuntimeRequest.parse(Array(text.utf8)) == parsed)
    }
}
