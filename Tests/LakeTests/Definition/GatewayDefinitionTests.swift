import Testing

@testable import Lake

@Suite struct GatewayDefinitionTests {
    private func problems(_ device: String, columns: String? = nil, source: String = #"{"kind":"kinesis","name":"s"}"#)
        -> [String]
    {
        var sample = SampleDefinition(
            stream:
                #"{"name":"s","source":\#(source),"table":"db.t","onBadRecord":"drop","gateway":{"device":"\#(device)"}}"#
        )
        if let columns { sample.columns = columns }
        return sample.problems()
    }

    @Test(arguments: ["int", "long", "string"]) func aDeviceIsANumberOrText(type: String) throws {
        #expect(problems("id", columns: #"[{"name":"id","type":"\#(type)"}]"#) == [])
    }

    @Test func theColumnMustBeThereAndBeFilledFromTheReading() {
        let place = "$.streams[0].gateway.device: "
        #expect(problems("idd") == [place + "the table \"db.t\" has no column \"idd\"; did you mean \"id\"?"])
        #expect(
            problems("at") == [
                place + "the column \"at\" is of type timestamp; a device is named by an int, a long or a string"
            ])
        #expect(
            problems("id", columns: #"[{"name":"id","type":"string","from":"@key"}]"#) == [
                place + "the column \"id\" is filled from @key; the reading itself must name its device"
            ])
        #expect(problems("id", columns: #"[{"name":"id","type":"int","from":"device.id"}]"#) == [])
        #expect(problems("id", columns: #"[{"name":"id","type":"integer"}]"#).count == 1)
    }

    @Test func onlyStreamsOfKinesisHaveAGateway() {
        #expect(
            problems("nowhere", source: #"{"kind":"kafka","topic":"t"}"#) == [
                "$.streams[0].gateway: needs a stream of Kinesis"
            ])
    }

    @Test(arguments: ["{}", "[]", "\"id\"", #"{"device":7}"#, #"{"device":"id","x":1}"#, #"{"device":"ID"}"#])
    func otherMembersAreRefused(gateway: String) {
        let sample = SampleDefinition(
            stream:
                #"{"name":"s","source":{"kind":"kinesis","name":"s"},"table":"db.t","onBadRecord":"drop","gateway":\#(gateway)}"#
        )
        #expect(sample.problems().count == 1)
    }
}
