import Testing

@testable import Lake

@Suite struct GatewaySettingsTests {
    private func problems(_ environment: [String: String]) -> [String] {
        do {
            _ = try GatewaySettings(environment)
            return []
        } catch {
            return error.problems.map { "\($0.variable) \($0.message)" }
        }
    }

    @Test func everyFaultyVariableIsNamedAndNoSecretIsShown() {
        #expect(
            problems([:]) == [
                "EDGE_MASTER_SECRET is not set, and neither is EDGE_MASTER_SECRET_SECRET_ARN, the ARN of a secret that holds it"
            ])
        #expect(
            problems([
                "EDGE_MASTER_SECRET": "short", "EDGE_MASTER_SECRET_PREVIOUS": "shorter", "EDGE_DEVICE_RATE": "often",
            ]) == [
                "EDGE_MASTER_SECRET must have 32 bytes or more",
                "EDGE_MASTER_SECRET_PREVIOUS must have 32 bytes or more",
                "EDGE_DEVICE_RATE must be how many requests a second a device may send, from 0.001 to 10000; or 0 for any number",
            ])
        #expect(
            problems(["EDGE_MASTER_SECRET": GatewayRun.master, "EDGE_MASTER_SECRET_SECRET_ARN": "arn:x"]).count == 1)
        #expect(problems(["EDGE_MASTER_SECRET_SECRET_ARN": "arn:x"]) == [])
    }

    @Test(
        arguments: [
            ("", 5.0), ("0", nil), ("0.5", 0.5), ("10000", 10_000), ("1e2", 100),
        ] as [(String, Double?)])
    func theRateIsAPlainNumber(text: String, rate: Double?) throws {
        let settings = try GatewaySettings(["EDGE_MASTER_SECRET": GatewayRun.master, "EDGE_DEVICE_RATE": text])
        #expect(settings.requestsPerSecond == rate)
        for text in ["-1", "nan", "inf", "10001", "5/s", "1e-17"] {
            #expect(problems(["EDGE_MASTER_SECRET": GatewayRun.master, "EDGE_DEVICE_RATE": text]).count == 1)
        }
    }

    @Test func theStreamIsTheOnlyOneOrIsNamed() throws {
        let one = try LakeDefinition(parsing: Array(GatewayRun.definition.utf8))
        #expect(try GatewayTarget(nil, of: one).streamName == "sensors")
        let second =
            #"{"name":"more","source":{"kind":"kinesis","arn":"arn:aws:kinesis:eu-west-1:123456789012:stream/other"},"#
            + #""table":"db.readings","onBadRecord":"drop","gateway":{"device":"name"}}"#
        let both = try LakeDefinition(
            parsing: Array(GatewayRun.definition.replacing(#""streams":["#, with: #""streams":[\#(second),"#).utf8))
        let target = try GatewayTarget("more", of: both)
        #expect(target.stream.hasPrefix("arn:") && target.streamName == "other" && target.devicePlace == 3)
        let none = try LakeDefinition(
            parsing: Array(GatewayRun.definition.replacing(#","gateway":{"device":"id"}"#, with: "").utf8))
        for (name, definition, hint) in [
            (nil, both, "name one in EDGE_STREAM; those that do: \"more\", \"readings\""),
            (nil, none, "say in \"gateway\" which does"),
            ("x", both, "EDGE_STREAM names no stream"), ("readings", none, "EDGE_STREAM names no stream"),
        ] as [(String?, LakeDefinition, String)] {
            let error = #expect(throws: JobError.self) { try GatewayTarget(name, of: definition) }
            #expect(error?.code == .gateway(.notDefined) && error?.message.contains(hint) == true)
        }
    }

    @Test func aBucketFillsSteadilyAndOverflowsNever() {
        var rates = DeviceRates(perSecond: 2)
        var taken = 0
        while rates.take("a", nowMs: 0) == nil { taken += 1 }
        #expect(taken == 20 && rates.take("a", nowMs: 0) == 500 && rates.take("a", nowMs: 250) == 250)
        #expect(rates.take("a", nowMs: 500) == nil && rates.take("a", nowMs: 500) == 500)
        // A clock that is set back, and a pause.
        #expect(rates.take("a", nowMs: -10_000) == 500)
        taken = 0
        while rates.take("a", nowMs: 10_000_000) == nil { taken += 1 }
        #expect(taken == 20)
        var unlimited = DeviceRates(perSecond: nil)
        #expect((0..<1000).allSatisfy { _ in unlimited.take("a", nowMs: 0) == nil })
    }

    @Test func quietDevicesAreForgotten() {
        var rates = DeviceRates(perSecond: 1)
        for device in 0..<DeviceRates.maximumDevices * 2 {
            #expect(rates.take("\(device)", nowMs: Int64(device)) == nil)
        }
        for _ in 0..<9 { #expect(rates.take("39999", nowMs: 40_000) == nil) }
        #expect(rates.take("39999", nowMs: 40_000) != nil)
    }

    @Test(
        arguments: [
            ("application/json", "application/json"), ("APPLICATION/JSON;charset=UTF-8", "application/json"),
            (" application/json ; charset=\"utf-8\" ; x=y", "application/json"),
            ("application/json;", "application/json"),
            ("application/x-ndjson", "application/x-ndjson"),
            ("application/json; charset=us-ascii", "application/json"),
            ("application/json; charset=utf-16", nil), ("application/json; charset", nil),
            ("application/json, text/plain", nil),
            ("application", nil), ("", nil), (";", nil), ("application/json5", nil),
            ("application/json; charset=\"", nil),
        ] as [(String, String?)])
    func contentTypesNameForms(field: String, form: String?) {
        #expect(ReadingForm(contentType: field)?.rawValue == form)
    }
}
