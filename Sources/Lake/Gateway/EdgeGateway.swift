internal import AWS
internal import JSON
public import LambdaRuntime
internal import Logging

/// The function edge-gateway: takes readings of devices over HTTP and puts them into a Kinesis stream, so that devices
/// hold no keys of AWS. It opens no catalog.
///
/// A token proves which device sends, and what. Readings are checked as kinesis-ingest will read them, and go to the
/// stream byte by byte as the device wrote them. Nothing that is answered or logged holds a reading, a token or a secret.
public struct EdgeGateway: LambdaHandler {
    /// What the function is called with.
    public typealias Event = HTTPEvent

    private let services: LakeServices
    private let settings: GatewaySettings
    private let target: GatewayTarget
    private let secrets: SecretsManager
    private let kinesis: Kinesis
    private var rates: DeviceRates

    /// A gateway to the stream of the definition that takes readings. Secrets of Secrets Manager are read now; what goes
    /// wrong with that is logged, and tried again by the first request.
    /// - Throws: ``JobError/Gateway/notDefined``; ``ConfigurationError`` if `EDGE_MASTER_SECRET` or another of its
    ///   variables cannot be used.
    public init(_ services: LakeServices, _ context: InitContext) throws {
        self.services = services
        settings = try GatewaySettings(context.environment)
        target = try GatewayTarget(settings.stream, of: services.definition)
        secrets = SecretsManager(services.client)
        kinesis = Kinesis(services.client)
        rates = DeviceRates(perSecond: settings.requestsPerSecond)
        services.deadline.milliseconds = context.clock.milliseconds + Self.preparationMs
        do {
            _ = try masters(context.log)
        } catch let error as ServiceError {
            context.log.warning("the master secret cannot be read yet", metadata: ["error": "\(error)"])
        }
    }

    /// Lambda gives initialisation 10 s before it starts over within the first invocation.
    private static let preparationMs: Int64 = 8_000

    /// Answers one request.
    /// - Throws: `EventError` for a body that is not what the event says it is.
    public mutating func handle(_ event: HTTPEvent, _ context: Context) throws -> LambdaResponse {
        services.deadline.milliseconds = WorkDeadline(context).requestMs
        do {
            guard try GatewayRoute(event) == .readings else { return HTTPReply.health.response }
            let outcome = try take(event, context)
            report(outcome, event, context)
            return HTTPReply(outcome).response
        } catch let refusal as GatewayRefusal {
            report(refusal, event, context)
            return HTTPReply(refusal).response
        }
    }

    /// Who sends comes first: whoever has no token learns nothing of the rest.
    private mutating func take(_ event: HTTPEvent, _ context: Context) throws -> GatewayOutcome {
        let nowMs = context.clock.milliseconds
        let sent = try event.body()
        let device = TokenCheck(masters: try mastersOfNow(context))
            .device(event.header("authorization")?.copy, bodyHash: DeviceToken.hash(sent), nowMs: nowMs)
        guard let device else { throw GatewayRefusal.unauthorized }
        if let waitMs = rates.take(device, nowMs: nowMs) { throw GatewayRefusal.tooManyRequests(waitMs: waitMs) }
        let body = try ReadingBody(sent, of: event)
        var outcome = GatewayOutcome()
        var check = ReadingCheck(target, device: device, nowMs: nowMs)
        var records: [Kinesis.Record] = []
        for (index, range) in body.readings.enumerated() {
            let reading = Array(body.bytes[range])
            if let fault = check.fault(of: reading, at: index) {
                outcome.rejected.append(fault)
            } else {
                records.append(Kinesis.Record(reading, partitionKey: device))
            }
        }
        put(records, &outcome, context)
        return outcome
    }

    /// Puts good readings into the stream. A call of unknown outcome is sent again: a reading that comes twice is harmless.
    private func put(_ records: [Kinesis.Record], _ outcome: inout GatewayOutcome, _ context: Context) {
        guard !records.isEmpty else { return }
        var error: ServiceError?
        for result in kinesis.put(records, into: target.stream, allowingDuplicates: true) {
            switch result {
            case .success: outcome.accepted += 1
            case .failure(let failure):
                outcome.failed += 1
                error = error ?? failure
            }
        }
        guard let error else { return }
        context.log.error(
            "readings could not be put into the stream",
            metadata: ["stream": "\(target.name)", "failed": .stringConvertible(outcome.failed), "error": "\(error)"])
    }

    // MARK: - Secrets

    private func masters(_ log: Logger) throws -> [MasterSecret] {
        try settings.masters {
            try $0.secret(secrets)?.bytes
        } lacks: { error in
            log.warning("the previous master secret cannot be read: go without it", metadata: ["error": "\(error)"])
        }
    }

    private func mastersOfNow(_ context: Context) throws(GatewayRefusal) -> [MasterSecret] {
        do {
            return try masters(context.log)
        } catch {
            context.log.error("the master secret cannot be read", metadata: ["error": "\(error)"])
            throw .unavailable
        }
    }

    // MARK: - Reports

    private func report(_ outcome: GatewayOutcome, _ event: HTTPEvent, _ context: Context) {
        context.metrics.put("ReadingsAccepted", outcome.accepted, dimensions: ["Stream": target.name])
        if outcome.failed > 0 {
            context.metrics.put("ReadingsFailed", outcome.failed, dimensions: ["Stream": target.name])
        }
        let reasons = Dictionary(outcome.rejected.map { ($0.reason, 1) }, uniquingKeysWith: +)
        for (reason, count) in reasons {
            context.metrics.put(
                "ReadingsRejected", count, dimensions: ["Stream": target.name, "Reason": reason])
        }
        context.log.log(
            level: outcome.rejected.isEmpty && outcome.failed == 0 ? .debug : .info, "readings were answered",
            metadata: [
                "status": .stringConvertible(outcome.status), "accepted": .stringConvertible(outcome.accepted),
                "rejected": .stringConvertible(outcome.rejected.count), "failed": .stringConvertible(outcome.failed),
                "request": "\(event.requestID.string)",
            ])
    }

    private func report(_ refusal: GatewayRefusal, _ event: HTTPEvent, _ context: Context) {
        let metric =
            switch refusal {
            case .unauthorized: "RequestsUnauthorized"
            case .tooManyRequests: "RequestsThrottled"
            case .unavailable: "RequestsFailed"
            default: "RequestsRefused"
            }
        context.metrics.put(metric, 1, dimensions: ["Stream": target.name])
        context.log.info(
            "the request was refused",
            metadata: [
                "status": .stringConvertible(refusal.status), "reason": "\(refusal.code)",
                "request": "\(event.requestID.string)",
            ])
    }
}
