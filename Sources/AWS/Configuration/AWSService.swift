/// One service that requests go to: AWS's, or another that speaks its way.
public struct AWSService: Equatable, Sendable {
    /// Its name in endpoints and errors, such as `s3`.
    public let id: String
    /// Its name in signatures.
    public let signingName: String
    /// What follows `AWS_ENDPOINT_URL_` in the variable that moves its endpoint.
    public let endpointVariable: String

    /// A service; what is not given follows from the id.
    public init(_ id: String, signingName: String? = nil, endpointVariable: String? = nil) {
        self.id = id
        self.signingName = signingName ?? id
        self.endpointVariable = endpointVariable ?? id.uppercased()
    }

    /// Amazon S3.
    public static let s3 = AWSService("s3")
    /// Amazon S3 Tables, whose Iceberg REST catalog has its endpoint.
    public static let s3tables = AWSService("s3tables")
    /// AWS Glue, its Data Catalog and its Iceberg REST catalog.
    public static let glue = AWSService("glue")
    /// Amazon Athena.
    public static let athena = AWSService("athena")
    /// Amazon Kinesis Data Streams.
    public static let kinesis = AWSService("kinesis")
    /// Amazon Simple Notification Service.
    public static let sns = AWSService("sns")
    /// Amazon Simple Queue Service.
    public static let sqs = AWSService("sqs")
    /// AWS Secrets Manager.
    public static let secretsmanager = AWSService("secretsmanager", endpointVariable: "SECRETS_MANAGER")
    /// AWS Security Token Service.
    public static let sts = AWSService("sts")
    /// AWS Lambda.
    public static let lambda = AWSService("lambda")

    /// The services of AWS that are called, whose endpoint variables are read.
    public static let all = [s3, s3tables, glue, athena, kinesis, sns, sqs, secretsmanager, sts, lambda]
}
