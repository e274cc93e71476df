internal import AWS
internal import Iceberg
internal import LambdaRuntime

/// Has another invocation of the same function go on with what is left of a run.
struct UpkeepHandover {
    /// The function's name on Lambda; nil elsewhere.
    private let function: String?

    /// A run takes so many invocations after its first at most: 3 hours with Lambda's longest timeout. Lambda itself stops
    /// functions that call themselves about 16 times in a row ("recursive loop detection").
    static let maximumHops = 12

    /// Reads the environment that Lambda gives.
    init(_ environment: [String: String]) {
        let name = environment["AWS_LAMBDA_FUNCTION_NAME"] ?? ""
        function = name.isEmpty || environment["LAKE_LOCAL"] == "1" ? nil : name
    }

    /// Hands on what is left.
    /// - Returns: false if this is no function of Lambda's.
    /// - Throws: ``JobError`` that names what is left, if it may not or cannot be handed on.
    func send(
        _ left: [UpkeepOptions.Continuation.Left], of options: UpkeepOptions, _ engine: UpkeepOptions.Engine,
        _ lake: Lake, _ context: Context
    ) throws -> Bool {
        guard let function else { return false }
        let names = Self.list(left)
        guard options.hop < Self.maximumHops else {
            throw JobError(
                .upkeep(.notFinished),
                "after \(options.hop + 1) invocations these tables are not done: \(names); choose fewer tables a run, or "
                    + "give the function more time")
        }
        // The version or alias that was called goes on, where that is known.
        let qualified = context.invokedFunctionARN.hasPrefix("arn:") && context.invokedFunctionARN.holds(function)
        let target = qualified ? context.invokedFunctionARN : function
        do {
            // Twice comes to the same as once: Athena knows the executions by their tokens.
            try LambdaInvoke(try lake.client()).send(
                options.event(handingOn: left, engine: engine), to: target, isIdempotent: true)
        } catch let error as ServiceError {
            throw JobError(
                .upkeep(.notHandedOn),
                "these tables are not done: \(names); and the function could not call itself, for which its role needs "
                    + "lambda:InvokeFunction on itself: \(error)")
        }
        return true
    }

    /// The tables' names, as many as an error should hold.
    private static func list(_ left: [UpkeepOptions.Continuation.Left]) -> String {
        let shown = left.prefix(50).map { "\($0.table)" }.joined(separator: ", ")
        return left.count > 50 ? "\(shown) and \(left.count - 50) more" : shown
    }
}
