import Iceberg
import Testing

@testable import Lake

@Suite struct LakeConfigurationTests {
    private func configuration(_ environment: [String: String]) throws(ConfigurationError) -> LakeConfiguration {
        try LakeConfiguration(
            environment: environment, currentDirectory: "/home/me", executableDirectory: "/var/task")
    }

    private func problems(_ environment: [String: String]) -> [String] {
        do {
            _ = try configuration(environment)
            return []
        } catch {
            return error.problems.map { "\($0.variable) \($0.message)" }
        }
    }

    @Test func aLocalLakeLiesInTheCurrentDirectory() throws {
        let settings = try configuration([:])
        #expect(settings.definitionPaths == ["/var/task/lake.json", "/home/me/lake.json"])
        #expect(settings.catalog == .sqlite(path: "/home/me/.lake/catalog.db"))
        #expect(settings.warehouse == "file:///home/me/.lake/warehouse")
        #expect(settings.createsTables)
    }

    @Test func aWarehouseThatIsNotSetLiesBesideTheCatalog() throws {
        let settings = try configuration(["LAKE_CATALOG": "sqlite:////srv/lake/other.db"])
        #expect(settings.catalog == .sqlite(path: "/srv/lake/other.db"))
        #expect(settings.warehouse == "file:///srv/lake/warehouse")
        #expect(
            try configuration(["LAKE_WAREHOUSE": "file:///srv/w"]).catalog == .sqlite(path: "/home/me/.lake/catalog.db")
        )
        #expect(problems(["AWS_LAMBDA_FUNCTION_NAME": "f", "LAKE_CATALOG": "sqlite:////srv/c.db"]).count == 1)
    }

    @Test func settingsAreTakenAsTheyAre() throws {
        let settings = try configuration([
            "AWS_LAMBDA_FUNCTION_NAME": "f", "LAKE_DEFINITION": "conf/lake.json",
            "LAKE_CATALOG": "sqlite:////mnt/c.db", "LAKE_WAREHOUSE": "file:///mnt/w//", "LAKE_CREATE_TABLES": "0",
        ])
        #expect(settings.definitionPaths == ["/home/me/conf/lake.json"])
        #expect(settings.catalog == .sqlite(path: "/mnt/c.db"))
        #expect(settings.warehouse == "file:///mnt/w")
        #expect(!settings.createsTables)
    }

    @Test func aDefinitionInS3NeedsARegionAndNothingElse() throws {
        let place = ["LAKE_DEFINITION": "s3://my-bucket/definitions/lake.json"]
        #expect(problems(place) == ["AWS_REGION is not set; it must be, for example eu-west-1"])
        let settings = try configuration(place.merging(["AWS_REGION": "eu-west-1"]) { $1 })
        #expect(settings.definitionPaths == ["s3://my-bucket/definitions/lake.json"] && settings.definitionIsObject)
        #expect(!settings.usesServices && settings.needsServices && settings.services != nil)
        #expect(try !configuration([:]).definitionIsObject && !configuration([:]).needsServices)
    }

    @Test func onLambdaMissingSettingsAreErrors() {
        #expect(
            problems(["AWS_LAMBDA_FUNCTION_NAME": "f", "LAKE_CATALOG": ""]) == [
                "LAKE_CATALOG is not set; on Lambda it must be, for example glue",
                "LAKE_WAREHOUSE is not set; on Lambda it must be, for example s3://bucket/lake",
            ])
        #expect(problems(["AWS_LAMBDA_FUNCTION_NAME": "f", "LAKE_LOCAL": "0"]).count == 2)
    }

    @Test(
        arguments: [
            ("glue", .glue(catalogID: nil)), ("glue?catalog=123456789012", .glue(catalogID: "123456789012")),
            ("https://host/iceberg/", .rest("https://host/iceberg/")),
            ("http://127.0.0.1:81", .rest("http://127.0.0.1:81")),
            ("https://h/i?sigv4=s3tables", .rest("https://h/i?sigv4=s3tables")),
        ] as [(String, LakeConfiguration.CatalogLocation)])
    func catalogsOfTheNetworkAreNamed(text: String, location: LakeConfiguration.CatalogLocation) throws {
        let settings = try configuration([
            "LAKE_CATALOG": text, "LAKE_WAREHOUSE": "s3://my-bucket/lake/", "AWS_REGION": "eu-west-1",
        ])
        #expect(settings.catalog == location && settings.catalog.text == text)
        #expect(settings.usesServices)
        if case .rest = location {
            #expect(settings.warehouse == "s3://my-bucket/lake/", "a REST catalog's name for it is left alone")
        } else {
            #expect(settings.warehouse == "s3://my-bucket/lake")
        }
        #expect(!settings.createsTables)
    }

    @Test func onlyARESTCatalogMayLackAWarehouse() throws {
        #expect(
            problems(["LAKE_CATALOG": "glue", "AWS_REGION": "eu-west-1"]) == [
                "LAKE_WAREHOUSE is not set: say where the tables' files go, for example s3://bucket/lake"
            ])
        #expect(try configuration(["LAKE_CATALOG": "https://host", "AWS_REGION": "eu-west-1"]).warehouse == "")
    }

    @Test func aLakeOfServicesNeedsARegionAndWellFormedSettings() {
        let lake = ["LAKE_WAREHOUSE": "s3://my-bucket"]
        #expect(problems(lake) == ["AWS_REGION is not set; it must be, for example eu-west-1"])
        #expect(problems(lake.merging(["AWS_REGION": "Europe!"]) { $1 }).first?.hasPrefix("AWS_REGION ") == true)
        let both = ["AWS_REGION": "eu-west-1", "LAKE_CATALOG_TOKEN": "hidden", "LAKE_CATALOG_CREDENTIAL": "a:hidden"]
        #expect(
            problems(lake.merging(both) { $1 }) == [
                "LAKE_CATALOG_CREDENTIAL is set, and so is LAKE_CATALOG_TOKEN: only one of them may be"
            ])
    }

    @Test func noFormOfPrintingShowsASecret() throws {
        let settings = try configuration([
            "LAKE_CATALOG": "https://host", "AWS_REGION": "eu-west-1", "LAKE_CATALOG_CREDENTIAL": "id:hidden",
            "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "hidden",
        ])
        var dumped = ""
        dump(settings, to: &dumped)
        #expect(!"\(settings)\(String(reflecting: settings))\(dumped)".contains("hidden"))
    }

    @Test(arguments: [("128", 1), ("1769", 1), ("10240", 5), ("much", .max)])
    func onLambdaMemoryLimitsTheThreads(memory: String, threads: Int) throws {
        let settings = try configuration(["AWS_LAMBDA_FUNCTION_MEMORY_SIZE": memory])
        #expect(settings.encodingThreads == min(threads, Threads.processors))
    }

    @Test(arguments: [
        #""warehouse": "s3://bucket/w""#, #""properties": {"write.data.path": "s3://bucket/d"}"#,
        #""properties": {"write.metadata.path": "s3://bucket/m"}"#,
    ])
    func aTableInS3NeedsALakeThatReachesIt(table: String) throws {
        let tables = try SampleDefinition(table: table).parsed().tables
        let error = #expect(throws: IcebergError.self) { try configuration([:]).refuseUnreachable(tables) }
        #expect(error?.code == .invalid && error?.description.contains("db.t") == true)
        #expect(error?.description.contains("s3://bucket/") == true)
        try configuration(["LAKE_WAREHOUSE": "s3://other/w", "AWS_REGION": "eu-west-1"]).refuseUnreachable(tables)
    }

    @Test func tablesOnThisMachineNeedNoService() throws {
        let tables = try SampleDefinition(table: #""warehouse": "file:///w""#).parsed().tables
        try configuration([:]).refuseUnreachable(tables)
    }

    @Test func aLocalRunOfAFunctionMaySayThatItIsOne() throws {
        let settings = try configuration(["AWS_LAMBDA_FUNCTION_NAME": "f", "LAKE_LOCAL": "1"])
        #expect(settings.catalog == (try configuration([:])).catalog && !settings.usesServices)
    }

    @Test(arguments: [
        ("LAKE_CATALOG", "glues"), ("LAKE_CATALOG", "glue?catalog="), ("LAKE_CATALOG", "sqlite:///"),
        ("LAKE_CATALOG", "sqlite://c.db"),
        ("LAKE_WAREHOUSE", "s3a://bucket/hidden"), ("LAKE_WAREHOUSE", "s3://"), ("LAKE_WAREHOUSE", "s3://B/hidden"),
        ("LAKE_DEFINITION", "s3://my-bucket"), ("LAKE_DEFINITION", "s3://my-bucket/"), ("LAKE_DEFINITION", "s3://"),
        ("LAKE_DEFINITION", "s3://my-bucket/hidden/"), ("LAKE_DEFINITION", "s3://B/hidden"),
        ("LAKE_DEFINITION", "s3a://my-bucket/hidden"), ("LAKE_DEFINITION", "file:///hidden/lake.json"),
        ("LAKE_WAREHOUSE", "file://host/hidden"), ("LAKE_CREATE_TABLES", "yes"), ("LAKE_LOCAL", "true"),
    ])
    func otherFormsAreRefusedByNameWithoutTheirValue(_ variable: String, _ value: String) {
        let found = problems([variable: value])
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("\(variable) must be ") == true)
        #expect(found.first?.contains("hidden") == false)
    }

    @Test(arguments: ["https://", "https://user:hidden@catalog", "https://catalog?sigv4=hidden", "http://catalog"])
    func addressesOfRESTCatalogsAreChecked(_ text: String) {
        let found = problems(["LAKE_CATALOG": text, "AWS_REGION": "eu-west-1"])
        #expect(found.count == 1 && found[0].hasPrefix("LAKE_CATALOG ") && !found[0].contains("hidden"))
    }
}
