import Iceberg
import Testing

@testable import Lake

@Suite struct UpkeepStatementTests {
    @Test func quotesTheTable() {
        #expect(UpkeepStatement.optimize.sql(for: "t") == "OPTIMIZE `t` REWRITE DATA USING BIN_PACK")
        #expect(UpkeepStatement.vacuum.sql(for: "_t") == "VACUUM `_t`")
        #expect(UpkeepStatement.vacuum.sql(for: "'; DROP TABLE x; --\"") == "VACUUM `'; DROP TABLE x; --\"`")
    }

    @Test(arguments: ["", "a`b", "`; DROP TABLE x; --", "a\nb", "a\0b", "a\u{7F}b"])
    func hasNoStatementForANameThatQuotesCannotHold(_ name: String) {
        for statement in UpkeepStatement.allCases { #expect(statement.sql(for: name) == nil) }
    }

    @Test func tokenIsOfOneExecutionAlone() {
        func token(
            _ run: String = "r", _ database: String = "d", _ table: String = "t",
            _ statement: UpkeepStatement = .optimize, _ attempt: Int = 1
        ) -> String {
            UpkeepStatement.token(
                run: run, TableIdentifier(namespace: database, name: table), statement, attempt: attempt)
        }
        let tokens = [
            token(), token("s"), token("r", "e"), token("r", "d", "u"), token("r", "d", "t", .vacuum),
            token("r", "d", "t", .optimize, 2), token("r", "dt", ""), token("r", "", "dt"), token("r1:d", "", "t"),
        ]
        #expect(Set(tokens).count == tokens.count)
        #expect(token() == token())
        #expect(tokens.allSatisfy { $0.utf8.count == 64 && $0.allSatisfy(\.isHexDigit) })
    }
}
