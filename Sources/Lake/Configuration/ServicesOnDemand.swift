internal import AWS
internal import Iceberg

/// The client of all services that a function calls, made when it is first needed: a lake that lies on this machine has
/// no need of one, but some of its jobs have.
final class ServicesOnDemand {
    private let make: () -> ServiceClient?
    private var made: ServiceClient?

    init(_ make: @escaping () -> ServiceClient?) { self.make = make }

    /// The client.
    /// - Throws: ``IcebergError/Code/invalid`` if the settings cannot be used.
    func client() throws(IcebergError) -> ServiceClient {
        if let made { return made }
        guard let client = make() else {
            throw IcebergError(.invalid, "services cannot be called: the AWS_ variables of the environment are faulty")
        }
        made = client
        return client
    }
}
