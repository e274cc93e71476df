import Iceberg
import Testing

@testable import Lake

@Suite struct LakeConnectionsTests {
    /// By the clock that is given, the time for it is over long ago, so that nothing is sent.
    @Test func aCatalogsSecretIsNotWaitedForLongerThanInitialisationTakes() throws {
        let configuration = try LakeConfiguration(
            environment: [
                "LAKE_CATALOG": "https://localhost:1/", "AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "AKID",
                "AWS_SECRET_ACCESS_KEY": "a-secret", "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
                "LAKE_CATALOG_CREDENTIAL_SECRET_ARN": "arn:aws:secretsmanager:eu-west-1:1:secret:catalog",
            ], currentDirectory: "/", executableDirectory: "/nowhere")
        var environment = CommitEnvironment.system
        environment.nowMs = { 1_700_000_000_000 }
        environment.sleep = { _ in }
        let error = #expect(throws: (any Error).self) {
            _ = try LakeConnections(configuration, environment: environment)
        }
        let text = error.map { "\($0)" } ?? ""
        #expect(text.contains("secretsmanager GetSecretValue") && text.contains("the deadline has passed"))
    }

    @Test func whatComesLaterHasItsOwnDeadline() throws {
        let configuration = try LakeConfiguration(
            environment: ["LAKE_CATALOG": "https://localhost:1/", "AWS_REGION": "eu-west-1"], currentDirectory: "/",
            executableDirectory: "/nowhere")
        #expect(try LakeConnections(configuration).deadline.milliseconds == nil)
    }
}
