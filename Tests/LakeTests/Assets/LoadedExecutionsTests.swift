import Iceberg
import Testing

@testable import Lake

@Suite struct LoadedExecutionsTests {
    @Test func writesWhatItReads() throws {
        let executions = LoadedExecutions(["a", "b\"\n", "é"])
        #expect(executions.text == #"["a","b\"\n","é"]"#)
        #expect(try LoadedExecutions(parsing: executions.text) == executions)
        #expect(executions.contains("a") && !executions.contains("b"))
    }

    @Test func forgetsTheOldestBeyondItsLimit() {
        var executions = LoadedExecutions()
        for number in 0..<(LoadedExecutions.limit + 3) { executions = executions.adding("\(number)") }
        #expect(executions.ids.count == LoadedExecutions.limit)
        #expect(executions.ids.first == "3" && executions.ids.last == "\(LoadedExecutions.limit + 2)")
    }

    @Test(arguments: ["", "{}", "null", "[1]", #"["a"#, #"["a",null]"#])
    func refusesDamage(_ text: String) {
        let error = #expect(throws: IcebergError.self) { try LoadedExecutions(parsing: text) }
        #expect(error?.code == .malformed)
    }
}
