import TestSupport
import Testing

@testable import AWS

@Suite struct XMLElementTests {
    private func read(_ text: String, _ limits: XMLLimits = XMLLimits()) throws(XMLError) -> XMLElement {
        try XMLElement.read(Array(text.utf8), limits: limits)
    }

    @Test func readsElementsTextAndOrder() throws {
        let root = try read(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- a comment --><List xmlns="http://s3.amazonaws.com/doc/2006-03-01/" xmlns:a="urn:a">
            <Key a:kind="x">a&lt;b&#xE9;&amp;日本</Key><a:Key><![CDATA[<raw>]]></a:Key><Empty/><Nest><Key>in</Key></Nest>
            </List>
            """)
        #expect(root.name == "List")
        #expect(root.all("Key").map(\.text) == ["a<bé&日本", "<raw>"])
        #expect(root["Empty"] == XMLElement("Empty"))
        #expect(root["Nest"]?.text(of: "Key") == "in")
        #expect(root.text(of: "Missing") == nil)
    }

    @Test(arguments: [
        "<!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>",
        "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
        "<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><a>&e;</a>",
        "<!DOCTYPE a [<!ENTITY % p SYSTEM \"http://127.0.0.1/\">%p;]><a/>",
        "<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;\">]><a>&d;</a>",
    ])
    func refusesADocumentType(text: String) {
        let error = #expect(throws: XMLError.self) { try read(text) }
        #expect(error?.code == .documentType)
    }

    @Test(arguments: [
        "", " ", "text", "<a>", "</a>", "<a></b>", "<a/><b/>", "<a>&undefined;</a>", "<a>\u{1}</a>", "<a b=c/>",
        "{\"a\":1}", "<html><br></html>", "<a>&#0;</a>",
    ])
    func refusesWhatIsNotWellFormed(text: String) {
        let error = #expect(throws: XMLError.self) { try read(text) }
        #expect(error?.code == .malformed)
    }

    @Test func whiteSpaceBeforeTheDeclarationIsPassedOver() throws {
        #expect(try read("\r\n \t\n<?xml version=\"1.0\"?>\n<a>b</a>").text == "b")
    }

    @Test func refusesOtherEncodings() {
        let latin: [UInt8] = Array("<a>".utf8) + [0xFF, 0xFE] + Array("</a>".utf8)
        let utf16: [UInt8] = [0xFE, 0xFF, 0, 0x3C, 0, 0x61]
        for bytes in [latin, utf16] {
            let error = #expect(throws: XMLError.self) { try XMLElement.read(bytes) }
            #expect(error?.code == .malformed)
        }
    }

    @Test func holdsItsLimits() throws {
        var limits = XMLLimits()
        limits.depth = 3
        #expect(try read("<a><b><c/></b></a>", limits)["b"]?["c"] != nil)
        #expect(throws: XMLError.self) { try read("<a><b><c><d/></c></b></a>", limits) }
        limits.elements = 4
        #expect(try read("<a><b/><b/><b/></a>", limits).children.count == 3)
        let many = #expect(throws: XMLError.self) { try read("<a><b/><b/><b/><b/></a>", limits) }
        #expect(many?.code == .tooLarge)
        limits.bytes = 10
        #expect(throws: XMLError.self) { try read("<a>12345678</a>", limits) }
        let deep = String(repeating: "<a>", count: 1_000_000)
        let error = #expect(throws: XMLError.self) { try read(deep) }
        #expect(error?.code == .tooLarge)
    }

    @Test func anyBytesAreReadOrRefused() {
        let listing = """
            <?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
            <Name>lake</Name><Contents><Key>a%20b</Key><Size>12</Size></Contents><IsTruncated>false</IsTruncated>
            <!-- c --><![CDATA[x]]>&lt;&#233;é</ListBucketResult>
            """
        let bytes = Array(listing.utf8)
        var random = SeededGenerator(seed: 3)
        for length in 0..<bytes.count {
            #expect(throws: XMLError.self) { try XMLElement.read(Array(bytes[..<length])) }
        }
        for _ in 0..<20_000 {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let place = Int.random(in: 0..<changed.count, using: &random)
                switch UInt8.random(in: 0..<4, using: &random) {
                case 0: changed[place] = UInt8.random(in: 0...255, using: &random)
                case 1: changed.remove(at: place)
                case 2: changed.insert(contentsOf: Array("<&>!D[]%;".utf8).shuffled(using: &random), at: place)
                default: changed.insert(contentsOf: changed[..<min(place, 40)], at: place)
                }
            }
            _ = try? XMLElement.read(changed)
            _ = XMLErrorReply.parse(changed)
        }
    }
}
