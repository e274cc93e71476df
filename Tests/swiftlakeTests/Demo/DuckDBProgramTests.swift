import Testing

@testable import swiftlake

@Suite struct DuckDBProgramTests {
    @Test func anAnswerIsALineOfJSON() throws {
        let answer = try #require(DuckDBProgram.Answer(#"{"columns":["a","b"],"rows":[["1",null],["2","x"]]}"#))
        #expect(answer.columns == ["a", "b"] && answer.rows == [["1", nil], ["2", "x"]])
    }

    @Test(arguments: ["", "x", "{}", #"{"columns":["a"]}"#, #"{"columns":["a"],"rows":[["1","2"]]}"#])
    func otherLinesAreNone(_ line: String) { #expect(DuckDBProgram.Answer(line) == nil) }

    @Test func statementsGoInAndAnswersComeOut() throws {
        // Takes what it reads for answers.
        let echo = DuckDBProgram(path: "/bin/cat")
        let answers = try echo.run(#"{"columns":[],"rows":[]}"# + "\n")
        #expect(answers.count == 1 && answers[0].columns.isEmpty)
        #expect(throws: CommandFailure.self) { try echo.run("SELECT 1") }
    }

    @Test func aProgramThatFailsOrIsNotThereIsNamed() {
        for path in ["/bin/false", "/nowhere/query"] {
            let error = #expect(throws: CommandFailure.self) { try DuckDBProgram(path: path).run("") }
            #expect(error?.description.contains(path) == true)
        }
    }
}
