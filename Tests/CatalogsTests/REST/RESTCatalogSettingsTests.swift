import Iceberg
import Testing

@testable import Catalogs

@Suite struct RESTCatalogSettingsTests {
    @Test func readsAnAddressAndItsOptions() throws {
        let plain = try RESTCatalogSettings(
            catalog: "https://Catalog.example:8181/iceberg/", authorization: .token("a token"), warehouse: "s3://lake")
        #expect(plain.endpoint.origin == "https://catalog.example:8181")
        #expect(plain.endpoint.basePath == "/iceberg")
        #expect(plain.authorization == .token("a token"))
        #expect(plain.scope == "catalog")
        #expect(plain.warehouse == "s3://lake")

        let signed = try RESTCatalogSettings(
            catalog: "https://glue.eu-west-1.amazonaws.com/iceberg?sigv4=glue&warehouse=arn%3Aaws%2Fx",
            warehouse: "other")
        #expect(signed.authorization == .signature(service: "glue"))
        #expect(signed.warehouse == "arn:aws/x")

        let elsewhere = try RESTCatalogSettings(
            catalog: "http://127.0.0.1:8181?oauth2-server-uri=http://localhost:1/token",
            authorization: .clientCredentials(id: "i", secret: "s"))
        #expect(elsewhere.tokenEndpoint?.origin == "http://localhost:1")
        #expect(elsewhere.tokenEndpoint?.basePath == "/token")
        #expect(elsewhere.endpoint.basePath == "")
        #expect(plain.prefix == nil)
        #expect(try RESTCatalogSettings(catalog: "https://host?prefix=lake").prefix == "lake")
    }

    @Test(
        arguments: [
            "", "catalog", "ftp://host", "http://catalog.example", "http://10.0.0.1:8181", "https://user@host",
            "https://host?sigv4=s3", "https://host?sigv4", "https://host?sigv4=", "https://host?secret=x",
            "https://host?warehouse=%4", "https://host?warehouse=%ZZ", "https://host?warehouse=%FF",
            "https://host?oauth2-server-uri=http://example.com", "https://host?oauth2-server-uri=x", "https://h o",
        ])
    func refusesOtherAddresses(text: String) {
        let error = #expect(throws: IcebergError.self) { try RESTCatalogSettings(catalog: text) }
        #expect(error?.code == .invalid)
        #expect(error?.context == ["LAKE_CATALOG"])
    }

    @Test func neverShowsASecret() throws {
        for authorization in [
            RESTCatalogSettings.Authorization.token("hidden"), .clientCredentials(id: "id", secret: "hidden"),
        ] {
            let settings = try RESTCatalogSettings(catalog: "https://host/x", authorization: authorization)
            var dumped = ""
            dump(settings, to: &dumped)
            #expect(!"\(settings) \(String(reflecting: settings)) \(dumped)".contains("hidden"))
            #expect("\(settings)" == "https://host/x")
            dumped = ""
            dump(authorization, to: &dumped)
            #expect(!"\(authorization) \(String(reflecting: authorization)) \(dumped)".contains("hidden"))
        }
    }
}
