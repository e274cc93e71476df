/// One of the separate AWS clouds, and the domains under which its services answer.
public struct AWSPartition: Equatable, Sendable {
    /// Its name in ARNs.
    public let id: String
    /// The domain of its endpoints.
    public let domain: String
    /// The domain of its endpoints that have IPv6 addresses too.
    public let dualStackDomain: String

    /// The partition that a region lies in, by the region's name; the commercial one if no other's.
    public init(ofRegion region: String) {
        self = Self.others.first { region.hasPrefix($0.prefix) }?.partition ?? Self.commercial
    }

    private init(_ id: String, _ domain: String, _ dualStackDomain: String) {
        self.id = id
        self.domain = domain
        self.dualStackDomain = dualStackDomain
    }

    private static let commercial = AWSPartition("aws", "amazonaws.com", "api.aws")

    private static let others: [(prefix: String, partition: AWSPartition)] = [
        ("cn-", AWSPartition("aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn")),
        ("us-gov-", AWSPartition("aws-us-gov", "amazonaws.com", "api.aws")),
        ("us-iso-", AWSPartition("aws-iso", "c2s.ic.gov", "api.aws.ic.gov")),
        ("us-isob-", AWSPartition("aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud")),
        ("eu-isoe-", AWSPartition("aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk")),
        ("us-isof-", AWSPartition("aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov")),
        ("eusc-", AWSPartition("aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu")),
    ]
}
