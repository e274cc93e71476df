import Testing

@testable import swiftlake

@Suite struct LakePlaceTests {
    private func place(_ folder: String?, _ environment: [String: String] = [:]) throws -> LakePlace {
        try LakePlace(
            folder: folder, environment: environment, currentDirectory: "/nowhere/me",
            executableDirectory: "/nowhere/bin")
    }

    @Test func theLakeIsInTheCurrentDirectoryByDefault() throws {
        let place = try place(nil)
        #expect(place.catalogPath == "/nowhere/me/.lake/catalog.db")
        #expect(
            place.functionEnvironment["LAKE_CATALOG"] == "sqlite:///nowhere/me/.lake/catalog.db")
        #expect(place.functionEnvironment["LAKE_WAREHOUSE"] == "file:///nowhere/me/.lake/warehouse")
        #expect(place.functionEnvironment["LAKE_LOCAL"] == "1")
    }

    @Test(arguments: [("lake", "/nowhere/me/lake"), ("/srv/lake/", "/srv/lake"), ("../you", "/nowhere/you")])
    func theOptionNamesTheFolder(_ option: String, _ folder: String) throws {
        let place = try place(option, ["LAKE_CATALOG": "sqlite:///other.db", "LAKE_WAREHOUSE": "s3://b"])
        #expect(place.folder == folder)
        #expect(place.settings.warehouse == "file://\(folder)/warehouse")
    }

    @Test func theEnvironmentIsHonoured() throws {
        let place = try place(
            nil,
            [
                "LAKE_CATALOG": "sqlite:///srv/c.db", "LAKE_WAREHOUSE": "file:///srv/w",
                "LAKE_DEFINITION": "/srv/lake.json",
                "AWS_LAMBDA_FUNCTION_NAME": "f", "LAKE_CREATE_TABLES": "0",
            ])
        #expect(place.catalogPath == "/srv/c.db")
        #expect(place.functionEnvironment["LAKE_DEFINITION"] == "/srv/lake.json")
        #expect(place.functionEnvironment["LAKE_CREATE_TABLES"] == "0")
    }
}
