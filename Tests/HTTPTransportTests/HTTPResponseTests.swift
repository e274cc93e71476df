import HTTPTransport
import Testing

@Suite struct HTTPResponseTests {
    @Test func fieldsAreFoundWhateverTheirCase() {
        let response = HTTPResponse(status: 200, fields: [HTTPField("ETag", "a"), HTTPField("etag", "b")])
        #expect(response["eTAG"] == "a")
        #expect(response["missing"] == nil)
    }
}
