import Testing

@testable import Producers
