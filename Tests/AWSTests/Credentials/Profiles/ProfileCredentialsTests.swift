import Testing

@testable import AWS

@Suite struct ProfileCredentialsTests {
    private struct Named: CredentialsSource {
        let name = "named"
        let isExplicit = true
        func fetch() -> Credentials? { Credentials(accessKeyID: "NAMED", secretAccessKey: "s") }
    }

    private let base = "[base]\naws_access_key_id=BASE\naws_secret_access_key=hidden\n"

    private func profiles(
        _ configuration: String, _ credentials: String = "", _ environment: [String: String] = ["AWS_PROFILE": "p"]
    ) throws -> AWSProfiles {
        let settings = try AWSConfiguration(environment: environment.merging(["HOME": "/home/u"]) { $1 }).credentials
        let files = ["/home/u/.aws/config": configuration, "/home/u/.aws/credentials": credentials]
        return try AWSProfiles(settings, read: { files[$0].map { Array($0.utf8) } })
    }

    /// The keys' ids that roles were assumed with, and what came out.
    private func fetch(_ profiles: AWSProfiles) throws -> (assumed: [String], credentials: Credentials?) {
        var assumed: [String] = []
        let source = ProfileCredentials(profiles: profiles, named: ["EcsContainer": Named()]) { role, credentials in
            assumed.append("\(credentials.accessKeyID) \(role.arn) \(role.sessionName)")
            return Credentials(accessKeyID: "ASSUMED-\(role.arn)", secretAccessKey: "s", expirationMs: 1)
        }
        let credentials = try source.fetch()
        return (assumed, credentials)
    }

    @Test func fileOfCredentialsComesFirst() throws {
        let profiles = try profiles(
            "[profile p]\naws_access_key_id=OLD\nregion=r-1\n",
            "[p]\naws_access_key_id=NEW\naws_secret_access_key=s\naws_session_token=t\n")
        #expect(profiles.region == "r-1")
        let found = try fetch(profiles).credentials
        #expect(found == Credentials(accessKeyID: "NEW", secretAccessKey: "s", sessionToken: "t"))
    }

    @Test func rolesAreAssumedOneAfterTheOther() throws {
        let profiles = try profiles(
            "[profile p]\nrole_arn=two\nsource_profile=q\nrole_session_name=me\n"
                + "[profile q]\nrole_arn=one\nsource_profile=base\n", base)
        let (assumed, credentials) = try fetch(profiles)
        #expect(assumed == ["BASE one swiftlake", "ASSUMED-one two me"])
        #expect(credentials?.accessKeyID == "ASSUMED-two")
    }

    @Test func profileMayNameItselfForItsOwnKeys() throws {
        let keys = "aws_access_key_id=OWN\naws_secret_access_key=s\n"
        let profiles = try profiles("[profile p]\nrole_arn=one\nsource_profile=p\n\(keys)")
        #expect(try fetch(profiles).assumed == ["OWN one swiftlake"])
    }

    @Test func roleOfAContainer() throws {
        let profiles = try profiles("[profile p]\nrole_arn=one\ncredential_source=EcsContainer\n")
        #expect(try fetch(profiles).assumed == ["NAMED one swiftlake"])
    }

    @Test(arguments: [
        ("[profile p]\nrole_arn=a\nsource_profile=q\n[profile q]\nrole_arn=b\nsource_profile=p\n", "back to itself"),
        ("[profile p]\nrole_arn=a\nsource_profile=p\n", "back to itself"),
        ("[profile p]\nrole_arn=a\nsource_profile=none\n", "no shared file"),
        ("[profile p]\nrole_arn=a\ncredential_source=Nowhere\n", "credential_source"),
        ("[profile p]\nregion=a\n", "aws_access_key_id"), ("[profile p]\ncredential_process=x\n", "credential_process"),
        ("", "no shared file"),
    ])
    func profileThatLeadsNowhereSaysWhy(_ configuration: String, _ words: String) throws {
        let profiles = try profiles(configuration)
        let error = #expect(throws: CredentialsFault.self) { try fetch(profiles) }
        #expect(error?.message.contains(words) == true)
    }

    @Test func defaultProfileNeedNotBeThere() throws {
        #expect(try fetch(profiles("", "", [:])).credentials == nil)
        #expect(try profiles("", "", [:]).region == nil)
    }

    @Test func faultyFileIsNamed() {
        let error = #expect(throws: ServiceError.self) { try profiles("[profile p]\nhidden\n") }
        #expect(error?.message == "/home/u/.aws/config has neither [section] nor name = value in line 2")
    }
}
