/// Credentials that the selected profile leads to: its own, or those of a role that it assumes with another's.
struct ProfileCredentials: CredentialsSource {
    let profiles: AWSProfiles
    /// Where `credential_source` leads, by its name.
    let named: [String: any CredentialsSource]
    /// Assumes a role.
    let assume: (AssumedRole, Credentials) throws(CredentialsFault) -> Credentials

    var name: String { "profile \(profiles.selected)" }
    var isExplicit: Bool { profiles.isNamed || profiles[profiles.selected] != nil }

    func fetch() throws(CredentialsFault) -> Credentials? {
        guard profiles[profiles.selected] != nil || profiles.isNamed else { return nil }
        return try credentials(of: profiles.selected, after: [])
    }

    private func credentials(of name: String, after before: [String]) throws(CredentialsFault) -> Credentials {
        guard let profile = profiles[name] else { throw CredentialsFault("is in no shared file (\(name))") }
        let own = try own(profile)
        // A profile may name itself as the source of its role: its own keys are meant then.
        if let role = profile["role_arn"], before.last != name || own == nil {
            guard !before.contains(name) else { throw CredentialsFault("leads back to itself by source_profile") }
            guard profile["mfa_serial"] == nil else {
                throw CredentialsFault("asks for a second factor (mfa_serial), which cannot be given here")
            }
            let source: Credentials
            if let from = profile["source_profile"] {
                source = try credentials(of: from, after: before + [name])
            } else if let place = profile["credential_source"] {
                guard let found = try named[place]?.fetch() else {
                    throw CredentialsFault("has a credential_source without credentials")
                }
                source = found
            } else {
                throw CredentialsFault("has a role_arn, but neither source_profile nor credential_source")
            }
            return try assume(AssumedRole(arn: role, profile), source)
        }
        guard let own else {
            for setting in ["sso_session", "sso_start_url", "credential_process", "web_identity_token_file"]
            where profile[setting] != nil {
                throw CredentialsFault("uses \(setting), which is not read here: export its credentials first")
            }
            throw CredentialsFault("has no aws_access_key_id (\(name))")
        }
        return own
    }

    /// The keys that a profile holds itself.
    private func own(_ profile: [String: String]) throws(CredentialsFault) -> Credentials? {
        guard let id = profile["aws_access_key_id"] else { return nil }
        guard let secret = profile["aws_secret_access_key"], CredentialsReply.isField(id),
            CredentialsReply.isField(secret), CredentialsReply.isField(profile["aws_session_token"] ?? "x")
        else { throw CredentialsFault("has an aws_access_key_id without a usable aws_secret_access_key") }
        return Credentials(accessKeyID: id, secretAccessKey: secret, sessionToken: profile["aws_session_token"])
    }
}
