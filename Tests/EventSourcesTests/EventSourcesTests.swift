import Testing

@testable import EventSources
