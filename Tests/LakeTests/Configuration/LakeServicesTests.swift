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

    @Test func aFaultySettingOfServicesIsNamed() {
        #expect(
            problems(["AWS_ENDPOINT_URL_KINESIS": "nonsense"]).contains { $0.hasPrefix("AWS_ENDPOINT_URL_KINESIS") })
    }
}
