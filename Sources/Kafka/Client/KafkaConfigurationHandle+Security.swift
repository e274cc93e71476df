extension KafkaConfigurationHandle {
    /// How connections are secured, and how we say who we are.
    func setSecurity(_ settings: KafkaSettings) throws(KafkaError) {
        switch settings.security {
        case .plaintext:
            try set("security.protocol", "PLAINTEXT")
            return
        case .tls: try set("security.protocol", "SSL")
        case .scram(let hash, let username, let password):
            try set("security.protocol", "SASL_SSL")
            try set("sasl.mechanisms", hash.rawValue)
            try set("sasl.username", username)
            guard let text = password.text else {
                throw KafkaError(.configuration, "the password of the Kafka user \(username) is no UTF-8")
            }
            try set("sasl.password", text)
            callbacks.mechanism = hash.rawValue
        case .mskIAM(let region, let credentials):
            try set("security.protocol", "SASL_SSL")
            try set("sasl.mechanisms", "OAUTHBEARER")
            callbacks.mechanism = "OAUTHBEARER, MSK's IAM access control"
            let refresh = MSKTokenRefresh(region: region, credentials: credentials)
            callbacks.refreshToken = { client in refresh.refresh(client) }
        }
        // A broker's certificate must be of the name that we connect to.
        try set("ssl.endpoint.identification.algorithm", "https")
        if let bundle = settings.certificateBundle { try set("ssl.ca.location", bundle) }
    }
}
