import Iceberg
import JSON
import TestSupport
import Testing

@testable import Catalogs

@Suite struct RESTRepliesTests {
    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test func metadataIsCutOutAsItStands() throws {
        let text =
            #"{ "config": {"a":"b"}, "metadata" : { "x" :  [1, 2.50] } , "metadata-location":"s3://l\u002fm.json"}"#
        #expect(
            try RESTReplies.entry(bytes(text))
                == CatalogEntry(location: "s3://l/m.json", metadata: bytes(#"{ "x" :  [1, 2.50] }"#)))
    }

    @Test(
        arguments: [
            "", "[]", "{}", #"{"metadata":{}}"#, #"{"metadata-location":"s3://m"}"#,
            #"{"metadata-location":null,"metadata":{}}"#, #"{"metadata-location":"","metadata":{}}"#,
            #"{"metadata-location":"s3://m","metadata":null}"#, #"{"metadata-location":"s3://m","metadata":{}} {}"#,
            #"{"metadata-location":"s3://m","metadata":{]}"#, "<html></html>",
        ])
    func refusesOtherReplies(text: String) {
        #expect(throws: JSONError.self) { try RESTReplies.entry(bytes(text)) }
    }

    @Test func overridesOutweighDefaults() throws {
        let text = #"{"defaults":{"prefix":"d","x":"1"},"overrides":{"prefix":"o","n":7},"endpoints":["GET /v1"]}"#
        #expect(try RESTReplies.configuration(bytes(text)) == ["prefix": "o", "x": "1"])
        #expect(try RESTReplies.configuration(bytes(#"{"defaults":null}"#)) == [:])
        #expect(throws: JSONError.self) { try RESTReplies.configuration(bytes("[]")) }
    }

    @Test func readsPages() throws {
        let namespaces = try RESTReplies.namespaces(bytes(#"{"namespaces":[["a"],["b","c"]],"next-page-token":"t"}"#))
        #expect(namespaces.namespaces == [["a"], ["b", "c"]])
        #expect(namespaces.next == "t")
        let text = #"{"next-page-token":null,"identifiers":[{"namespace":["a"],"name":"x"}]}"#
        let tables = try RESTReplies.tables(bytes(text))
        #expect(tables.names == ["x"])
        #expect(tables.next == nil)
        for text in ["{}", #"{"namespaces":["a"]}"#, #"{"namespaces":[[1]]}"#, #"{"namespaces":{}}"#] {
            #expect(throws: JSONError.self) { try RESTReplies.namespaces(bytes(text)) }
        }
        for text in ["{}", #"{"identifiers":[{}]}"#, #"{"identifiers":[7]}"#] {
            #expect(throws: JSONError.self) { try RESTReplies.tables(bytes(text)) }
        }
    }

    @Test(
        arguments: [
            (#""expires_in":3600"#, 3600), (#""expires_in":"60""#, 60), (#""expires_in":0"#, nil),
            (#""expires_in":-5"#, nil), (#""expires_in":null"#, nil), (#""token_type":"bearer""#, nil),
            (#""expires_in":99999999999999999999"#, nil),
        ] as [(String, Int64?)])
    func readsATokenAndItsLifetime(member: String, lifetime: Int64?) throws {
        let reply = try RESTReplies.token(bytes(#"{"access_token":"abc",\#(member)}"#))
        #expect(reply.token == "abc")
        #expect(reply.lifetime == lifetime)
    }

    @Test(arguments: ["{}", #"{"access_token":""}"#, #"{"access_token":7}"#, "x"])
    func refusesAReplyWithoutAToken(text: String) {
        #expect(throws: JSONError.self) { try RESTReplies.token(bytes(text)) }
    }

    /// Whatever a server sends, reading it ends with a value or a typed error.
    @Test func survivesMutations() throws {
        let seeds = [
            #"{"metadata-location":"s3://lake/m.json","metadata":{"a":[1,{"b":"c"}],"d":null},"config":{"k":"v"}}"#,
            #"{"defaults":{"prefix":"d"},"overrides":{"namespace-separator":"%1F"}}"#,
            #"{"namespaces":[["a"],["b","c"]],"next-page-token":"t"}"#,
            #"{"identifiers":[{"namespace":["a"],"name":"x"}]}"#, #"{"access_token":"abc","expires_in":3600}"#,
        ].map(bytes)
        var generator = SeededGenerator(seed: 11)
        for round in 0..<4000 {
            var text = seeds[round % seeds.count]
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let index = Int.random(in: 0..<text.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: text[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: text.remove(at: index)
                case 2: text.insert(UInt8(ascii: "{"), at: index)
                default: text.removeSubrange(index...)
                }
                if text.isEmpty { break }
            }
            if let entry = try? RESTReplies.entry(text) {
                #expect(!entry.location.isEmpty)
                #expect((try? JSONValue(parsing: entry.metadata ?? [])) != nil)
            }
            if let configuration = try? RESTReplies.configuration(text) {
                #expect(RESTPaths(configuration).namespaces.hasPrefix("/v1"))
            }
            _ = try? RESTReplies.namespaces(text)
            _ = try? RESTReplies.tables(text)
            _ = try? RESTReplies.token(text)
        }
    }
}
