import Testing

@testable import Lake

@Suite struct LakeServicesTests {
    private func problems(_ environment: [String: String]) -> [String] {
        do {
            _ = try LakeServices(
                environment: environment, currentDirectory: "/nowhere", executableDirectory: "/nowhere")
            return []
        } catch let error as ConfigurationError {
            return error.problems.map { "\($0.variable) \($0.message)" }
        } catch {
            return ["\(error)"]
        }
    }

    @Test func neitherCatalogNorWarehouseNeedsToBeSet() {
        let onLambda = ["AWS_LAMBDA_FUNCTION_NAME": "f", "AWS_REGION": "eu-west-1"]
        #expect(problems(onLambda).allSatisfy { !$0.hasPrefix("LAKE_CATALOG") && !$0.hasPrefix("LAKE_WAREHOUSE") })
    }

    @Test func onlyOnLambdaMustThereBeARegion() {
        #expect(
            problems(["AWS_LAMBDA_FUNCTION_NAME": "f"]) == ["AWS_REGION is not set; it must be, for example eu-west-1"])
        #expect(problems([:]).allSatisfy { !$0.hasPrefix("AWS_REGION") })
    }

    @Test func aMissingDefinitionIsNamedWithEveryPlaceLookedAt() {
        #expect(problems([:]).first.map { $0.contains("/nowhere/lake.json") } == true)
        let named = problems(["LAKE_DEFINITION": "other.json"])
        #expect(named.first.map { $0.contains("/nowhere/other.json") } == true)
    }

    @Test func aDefinitionInS3NeedsARegion() {
        #expect(
            problems(["LAKE_DEFINITION": "s3://my-bucket/lake.json"]) == [
                "AWS_REGION is not set; it must be, for example eu-west-1"
            ])
        #expect(
            problems(["LAKE_DEFINITION": "s3://my-bucket"]).first
                == "LAKE_DEFINITION must be the path of a lake.json, or s3://bucket/key")
    }

    @Test func aDefinitionInS3ThatCannotBeHadIsNamed() {
        let found = problems([
            "LAKE_DEFINITION": "s3://my-bucket/lake.json", "AWS_REGION": "eu-west-1", "AWS_MAX_ATTEMPTS": "1",
            "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:1", "AWS_ACCESS_KEY_ID": "AKID",
            "AWS_SECRET_ACCESS_KEY": "hidden",
        ])
        #expect(
            found.first?.hasPrefix(
                "s3://my-bucket/lake.json: the lake definition cannot be read: s3 GetObject: cannotConnect") == true,
            "\(found)")
    }

    @Test func aFaultySettingOfServicesIsNamed() {
        #expect(
            problems(["AWS_ENDPOINT_URL_KINESIS": "nonsense"]).contains { $0.hasPrefix("AWS_ENDPOINT_URL_KINESIS") })
    }
}
