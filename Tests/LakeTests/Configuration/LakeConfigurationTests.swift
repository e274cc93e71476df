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

    @Test func onLambdaMissingSettingsAreErrors() {
        #expect(
            problems(["AWS_LAMBDA_FUNCTION_NAME": "f", "LAKE_CATALOG": ""]) == [
                "LAKE_CATALOG is not set; on Lambda it must be, for example sqlite:///mnt/lake/catalog.db",
                "LAKE_WAREHOUSE is not set; on Lambda it must be, for example file:///mnt/lake/warehouse",
            ])
        #expect(problems(["AWS_LAMBDA_FUNCTION_NAME": "f", "LAKE_LOCAL": "0"]).count == 2)
    }

    @Test func aLocalRunOfAFunctionMaySayThatItIsOne() throws {
        let settings = try configuration(["AWS_LAMBDA_FUNCTION_NAME": "f", "LAKE_LOCAL": "1"])
        #expect(settings == (try configuration([:])))
    }

    @Test(arguments: [
        ("LAKE_CATALOG", "glue"), ("LAKE_CATALOG", "sqlite:///"), ("LAKE_CATALOG", "sqlite://c.db"),
        ("LAKE_CATALOG", "https://user:hidden@catalog"), ("LAKE_WAREHOUSE", "s3://bucket/hidden"),
        ("LAKE_WAREHOUSE", "file://host/hidden"), ("LAKE_CREATE_TABLES", "yes"), ("LAKE_LOCAL", "true"),
    ])
    func otherFormsAreRefusedByNameWithoutTheirValue(_ variable: String, _ value: String) {
        let found = problems([variable: value])
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("\(variable) must be ") == true)
        #expect(found.first?.contains("hidden") == false)
    }
}
