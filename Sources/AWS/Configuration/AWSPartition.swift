/// One of the separate AWS clouds, and the domains under which its services answer.
struct AWSPartition: Sendable {
    /// The domain of its endpoints.
    let domain: String
    /// The domain of its endpoints that have IPv6 addresses too.
    let dualStackDomain: String

    /// The partition that a region lies in, by the region's name; the commercial one unless another has such names.
    init(ofRegion region: String) {
        self = Self.others.first { region.hasPrefix($0.prefix) }?.partition ?? Self.commercial
    }

    private init(_ domain: String, _ dualStackDomain: String) {
        self.domain = domain
        self.dualStackDomain = dualStackDomain
    }

    /// The domains of AWS GovCloud (US) as well.
    private static let commercial = AWSPartition("amazonaws.com", "api.aws")

    private static let others: [(prefix: String, partition: AWSPartition)] = [
        ("cn-", AWSPartition("amazonaws.com.cn", "api.amazonwebservices.com.cn")),
        ("us-iso-", AWSPartition("c2s.ic.gov", "api.aws.ic.gov")),
        ("us-isob-", AWSPartition("sc2s.sgov.gov", "api.aws.scloud")),
        ("eu-isoe-", AWSPartition("cloud.adc-e.uk", "api.cloud-aws.adc-e.uk")),
        ("us-isof-", AWSPartition("csp.hci.ic.gov", "api.aws.hci.ic.gov")),
        ("eusc-", AWSPartition("amazonaws.eu", "api.amazonwebservices.eu")),
    ]
}
