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
        #expect(place.name == folder)
        #expect(place.settings.warehouse == "file://\(folder)/warehouse")
    }

    @Test func layersKeepTheirWarehousesUnlessAFolderIsNamed() throws {
        let environment = ["LAKE_WAREHOUSE_GOLD": "file:///gold/lake"]
        #expect(try place(nil, environment).functionEnvironment["LAKE_WAREHOUSE_GOLD"] == "file:///gold/lake")
        #expect(try place(nil, environment).functionEnvironment["LAKE_WAREHOUSE_SILVER"] == "")
        #expect(try place("lake", environment).functionEnvironment["LAKE_WAREHOUSE_GOLD"] == "")
    }

    @Test(arguments: ["/srv/a#b", "a?b", "/srv/%41/lake"])
    func aFolderThatOtherReadersCannotNameIsRefused(_ option: String) throws {
        let error = #expect(throws: CommandFailure.self) { try place(option) }
        #expect(error?.description.contains("--lake names the folder") == true)
        #expect(error?.description.contains("LAKE_") == false)
    }

    @Test func commandsNameTheLakeWhereTheyMust() throws {
        func arguments(_ place: LakePlace) -> String {
            let words = place.command("table", "list").replacing(ShellText.word(CommandLine.arguments[0]), with: "$0")
            return words
        }
        #expect(arguments(try place(nil)) == "$0 table list")
        #expect(arguments(try place("/srv/it's")) == #"$0 table list --lake "/srv/it's""#)
        let named = ["LAKE_CATALOG": "sqlite:///srv/a b/catalog.db", "LAKE_WAREHOUSE": "file:///srv/a b/warehouse"]
        #expect(arguments(try place(nil, named)) == "$0 table list --lake '/srv/a b'")
        #expect(
            arguments(try place(nil, ["LAKE_CATALOG": "sqlite:///srv/c.db", "LAKE_WAREHOUSE": "file:///srv/w"]))
                == "LAKE_CATALOG=sqlite:///srv/c.db LAKE_WAREHOUSE=file:///srv/w $0 table list")
    }

    @Test func aLakeOfServicesIsNamedByItsVariables() throws {
        let place = try place(
            nil,
            [
                "LAKE_CATALOG": "glue", "LAKE_WAREHOUSE": "s3://my-bucket/lake", "AWS_REGION": "eu-west-1",
                "LAKE_CATALOG_TOKEN": "t", "PATH": "/bin",
            ])
        #expect(place.catalogPath == nil && place.exists && place.name == "glue")
        #expect(place.functionEnvironment["LAKE_CATALOG"] == "glue")
        #expect(place.functionEnvironment["LAKE_CREATE_TABLES"] == "0")
        #expect(
            place.command("table", "list").hasPrefix("LAKE_CATALOG=glue LAKE_WAREHOUSE=s3://my-bucket/lake "))
        #expect(place.environment["LAKE_CATALOG_TOKEN"] == "t" && place.environment["PATH"] == nil)
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
